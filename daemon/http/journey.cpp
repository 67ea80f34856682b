#include "http/journey.hpp"

#include "http/url.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::http {

namespace {

using base::Errc;

bool is_token(std::string_view text) { // RFC 9110 5.6.2
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.contains(c);
    });
}

// A line end in a value would be a header, or a request, of somebody else's.
bool is_one_line(std::string_view value) {
    return value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos;
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::optional<std::string> location_of(const Hop& hop) {
    for (const auto& [name, value] : hop.headers)
        if (base::iequals(name, "Location") && !value.empty())
            return value;
    return std::nullopt;
}

} // namespace

Journey::Journey(Request request, int max_redirects)
    : request_(std::move(request)), max_redirects_(max_redirects), method_(request_.method) {
    if (const auto url = base::normalize_url(request_.url))
        url_ = base::without_fragment(*url);
    origin_ = first_origin_ = base::origin_of(url_);
    body_ = std::move(request_.body);
}

Headers Journey::headers() const {
    Headers headers = request_.every_hop;
    if (at_first_origin()) {
        headers.insert(headers.begin(), request_.headers.begin(), request_.headers.end());
        headers.insert(headers.begin(), request_.configured.begin(), request_.configured.end());
    }
    return headers;
}

std::optional<base::Error> Journey::check() const {
    const std::string shown = base::terminal_safe(base::cut_bytes(without_userinfo(request_.url), 300));
    if (url_.empty())
        return base::Error{Errc::forbidden, fmt::format("{}: not an http or https address", shown)};
    if (!is_token(method_))
        return base::Error{Errc::usage, fmt::format("{}: the request method is no word", shown)};
    for (const auto& [name, value] : headers())
        if (!is_token(name) || !is_one_line(value))
            return base::Error{Errc::usage,
                               fmt::format("{}: the request header \"{}\" can't be sent as it is written",
                                           shown, base::terminal_safe(name))};
    return std::nullopt;
}

std::expected<bool, base::Error> Journey::follow(const std::vector<Hop>& hops) {
    const Hop& hop = hops.back();
    if (!request_.follow_redirects || !is_redirect(hop.status))
        return false;
    const auto location = location_of(hop);
    if (!location)
        return false;
    const std::string shown = base::terminal_safe(base::cut_bytes(*location, 300));
    const auto next = base::resolve_url(hop.url, *location);
    if (!next)
        return base::fail(
            Errc::forbidden,
            fmt::format("{}: redirects to {}, which is no http or https address", hop.url, shown));
    const auto parts = base::split_url(*next);
    if (!parts || parts->has_userinfo)
        return base::fail(
            Errc::forbidden,
            fmt::format("{}: redirects to an address with a user name or password in it", hop.url));
    return go_to(base::without_fragment(*next), hop.status, hops);
}

std::expected<bool, base::Error> Journey::go_to(std::string next, int status, const std::vector<Hop>& hops) {
    const std::string& from = hops.back().url;
    std::string method = method_;
    if ((status == 303 && method != "HEAD") || (status <= 302 && method == "POST"))
        method = "GET"; // RFC 9110 15.4
    const std::string origin = base::origin_of(next);
    if (request_.stay_secure && from.starts_with("https:") && next.starts_with("http:"))
        return base::fail(Errc::forbidden,
                          fmt::format("{}: redirects to {}, which anybody on the way can read and "
                                      "change; if that is meant, write the http address",
                                      from, next));
    if (method != "GET" && method != "HEAD" && origin != first_origin_)
        return base::fail(Errc::forbidden,
                          fmt::format("{}: redirects a {} to another origin, {}: it is not sent there", from,
                                      method, next));
    // Only what was asked with the same method is a loop: a form may answer a POST with its own page.
    if (method == method_ && std::ranges::any_of(hops, [&](const Hop& hop) { return hop.url == next; }))
        return base::fail(Errc::forbidden, fmt::format("{}: redirects in a loop, back to {}", from, next));
    if (hops.size() > static_cast<std::size_t>(std::max(max_redirects_, 0)))
        return base::fail(Errc::forbidden, fmt::format("{}: more than {} redirects, the next one to {}", from,
                                                       max_redirects_, next));
    if (method != method_)
        body_.clear();
    method_ = std::move(method);
    url_ = std::move(next);
    origin_ = origin;
    return true;
}

} // namespace cdtd::http
