// The header lines of a record as read back.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/warc/record.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace cdtd::warc {

struct ParsedHead {
    Record record;               ///< without its block
    std::size_t head_size = 0;   ///< with the empty line
    std::size_t block_size = 0;  ///< as Content-Length says
    std::size_t record_size = 0; ///< all of it, with the two line ends behind the block
};

/// nullopt: the empty line has not come yet. Errc::bad_data: it can't become a record any more.
base::Result<std::optional<ParsedHead>> parse_head(std::string_view bytes);
/// Holds the block against the digests that the record names.
base::Result<void> check_digests(const Record& record);

} // namespace cdtd::warc
