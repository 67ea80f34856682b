#include <cdtd/base/url.hpp>
#include <cdtd/feed/pages.hpp>

#include <fmt/format.h>

#include <string_view>

namespace cdtd::feed {

std::string paged_url(const std::string& feed_url, int page) {
    const std::string url = base::without_fragment(feed_url);
    const std::size_t mark = url.find('?');
    std::string paged = url.substr(0, mark);
    char joint = '?';
    std::string_view query = mark == url.npos ? std::string_view() : std::string_view(url).substr(mark + 1);
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view part = query.substr(0, end);
        if (!part.empty() && !part.starts_with("paged=")) {
            paged += joint;
            paged += part;
            joint = '&';
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return paged + fmt::format("{}paged={}", joint, page);
}

} // namespace cdtd::feed
