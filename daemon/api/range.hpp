// The part of a file that a request asks for (RFC 9110 14). Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace cdtd::api {

struct Part {
    int status = 200; ///< 200 all, 206 a part, 416 none
    std::int64_t begin = 0, size = 0;
};

/// `range`: the header's value, "" = none. Several ranges, other units and what is no range are no ask for a
/// part. `if_range`: the part is only of use with this ETag ("" = with any).
Part part_of(std::string_view range, std::string_view if_range, std::int64_t size, std::string_view etag);

} // namespace cdtd::api
