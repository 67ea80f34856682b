// Names of our WARC files: cdtd-<14 digits>-<serial>-<host>.warc.gz (WARC/1.1, Annex C). The serial alone
// orders them, so that a clock set back cannot make a new file older than the one before it.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::warc {

struct FileName {
    std::uint32_t serial = 0;
    std::string timestamp; ///< 14 digits
    std::string host;
    std::string text; ///< the whole name

    bool operator<(const FileName& other) const {
        return serial != other.serial ? serial < other.serial : text < other.text;
    }
};

std::string file_name(base::Time at, std::uint32_t serial, std::string_view host);
/// nullopt: not a name of ours; such files are never touched.
std::optional<FileName> parse_file_name(std::string_view name);
/// Ours in `folder`, oldest first; a missing folder has none.
base::Result<std::vector<FileName>> list_files(const std::string& folder);
/// This machine's name, made fit for a file name.
std::string own_host();

} // namespace cdtd::warc
