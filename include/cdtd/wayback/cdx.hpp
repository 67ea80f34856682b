// The CDX server: which captures of a URL are there. Pure. Rules: wayback-cdx-server/README.md of
// internetarchive/wayback and its JsonWriter, HttpCDXWriter.
#pragma once

#include <cdtd/wayback/reply.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::wayback {

struct Snapshot {
    std::string timestamp; ///< 14 digits
    base::Time at;
    std::string original; ///< the URL as it was captured: case and port as they were
    std::string mimetype;
    int status = 0; ///< 0: "-", as revisits have it
    std::string digest;

    friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

/// Captures with the same digest are the same bytes; where none is named, the timestamp stands for them.
std::string key_of(const Snapshot& snapshot);

/// More than this many captures are not listed in one answer.
inline constexpr int most_snapshots = 500;

enum class Part {
    oldest, ///< from the first one on: all of them, where there are fewer than most_snapshots
    newest,
    nearest ///< to a timestamp
};
std::string cdx_request(std::string_view cdx_url, std::string_view url, Part part,
                        std::string_view timestamp);

/// Rows in the order given, without doubles. An empty list is the server's word that there is none; an empty
/// body is not.
Heard<std::vector<Snapshot>> read_cdx(const Reply& reply);

} // namespace cdtd::wayback
