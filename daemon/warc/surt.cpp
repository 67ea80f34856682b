// As warcio.js makes it, which follows the URL Standard: a key that others compute must be the same.
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/warc/cdxj.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cdtd::warc {
namespace {

std::vector<std::string_view> split(std::string_view text, char mark) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(mark);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

/// "www.", "www2.": another name for the same site.
void drop_www(std::string& url) {
    constexpr std::string_view digits = "0123456789";
    const auto host = url.find("://") + 3;
    if (url.compare(host, 3, "www") != 0)
        return;
    const auto end = url.find_first_not_of(digits, host + 3);
    if (end != std::string::npos && url[end] == '.')
        url.erase(host, end + 1 - host);
}

std::string reversed(std::string_view host) {
    auto parts = split(host, '.');
    std::ranges::reverse(parts);
    std::string out;
    for (const auto part : parts)
        out.append(out.empty() ? "" : ",").append(part);
    return out;
}

bool is_dots(std::string_view segment, std::size_t count) {
    std::size_t dots = 0;
    while (!segment.empty()) {
        const std::size_t size = segment.starts_with('.') ? 1 : segment.starts_with("%2e") ? 3 : 0;
        if (size == 0)
            return false;
        segment.remove_prefix(size);
        ++dots;
    }
    return dots == count;
}

/// The URL Standard takes "%2e" for a dot.
std::string without_dots(std::string_view path) {
    std::vector<std::string_view> kept;
    const auto segments = split(path.substr(1), '/');
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const bool up = is_dots(segments[i], 2);
        if (up && !kept.empty())
            kept.pop_back();
        if (!up && !is_dots(segments[i], 1))
            kept.push_back(segments[i]);
        else if (i + 1 == segments.size())
            kept.emplace_back();
    }
    std::string out;
    for (const auto segment : kept)
        out.append("/").append(segment);
    return out.empty() ? "/" : out;
}

std::string sorted(std::string_view query) {
    auto arguments = split(query, '&');
    std::ranges::sort(arguments);
    std::string out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (i > 0)
            out += '&';
        for (const char c : arguments[i])
            out += c == '\'' ? "%27" : std::string_view(&c, 1);
    }
    return out;
}

} // namespace

std::string surt(std::string_view url) {
    std::string lower = base::ascii_lower(url);
    if (!url.starts_with("http:") && !url.starts_with("https:"))
        return std::string(url);
    if (lower.starts_with("http://") || lower.starts_with("https://"))
        drop_www(lower);
    const auto parts = base::split_url(lower);
    if (!parts)
        return std::string(url);
    const bool usual = parts->port == (parts->scheme == "https" ? 443 : 80);
    const bool v6 = parts->host.contains(':');
    std::string key = v6 ? "[" + parts->host + "]" : reversed(parts->host);
    if (!usual)
        key += fmt::format(":{}", parts->port);
    key += ")" + without_dots(parts->path);
    if (parts->has_query && !parts->query.empty())
        key += "?" + sorted(parts->query);
    return key;
}

} // namespace cdtd::warc
