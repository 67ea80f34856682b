// A capture: bytes that we fetched, kept in a WARC file. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cdtd::model {

struct Capture {
    std::int64_t id = 0;
    std::string url;  ///< RFC 3986, no fragment
    base::Time at;    ///< when the fetch began
    std::string kind; ///< "feed" | "page" | "image" | "robots" | "source" | "wayback"
    int status = 0;
    std::string type;                     ///< Content-Type as sent
    std::int64_t bytes = 0;               ///< payload length as stored (de-chunked, still content-coded)
    std::string sha256;                   ///< of the payload as stored, hex
    std::string payload_sha1;             ///< "sha1:BASE32", as in the record
    std::string warc;                     ///< file name in warc/
    std::int64_t offset = 0;              ///< of the response record's gzip member
    std::int64_t length = 0;              ///< of that member
    std::string record_id;                ///< of that record, with its brackets; "" = not noted
    std::optional<std::int64_t> original; ///< a revisit: the capture that holds the payload
    /// Of the first record of its exchange; absent where only the response is known.
    std::optional<std::int64_t> group_offset;
    std::string truncated; ///< "" | length | time | disconnect | unspecified
    std::string members;   ///< of its exchange, from group_offset on (warc/member.hpp); "" = not noted
    std::string warcinfo;  ///< the first member of its file; only written, with the file's row
};

} // namespace cdtd::model
