// Link headers. Private.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cdtd::feed::detail {

struct HeaderLink {
    std::string target; ///< as written
    std::string rel, type, title;
};

/// RFC 8288 3: several links in one value; tokens and quoted strings; title* (RFC 8187) outranks title. Links
/// with an anchor say something of another resource and are left out, as is what can't be read.
std::vector<HeaderLink> read_link_header(std::string_view value);

} // namespace cdtd::feed::detail
