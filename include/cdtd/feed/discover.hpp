// The feeds that a page offers. Pure; any thread. gumbo behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cdtd::feed {

struct Offer {
    std::string url;   ///< absolute, http or https
    std::string title; ///< as the page names it; "" where it does not
    std::string type;  ///< MIME type as written
};

/// `<link rel="alternate">` of the page and the HTTP Link headers (RFC 8288) beside it, in their order, each
/// address once; comment feeds last. `url` is the page's own; `link_headers` the values as received.
std::vector<Offer> discover(std::string_view html, const std::string& url,
                            const std::vector<std::string>& link_headers);

/// Where feeds usually lie when a page names none: to be asked one after the other.
std::vector<std::string> usual_places(const std::string& url);

} // namespace cdtd::feed
