#include "api/guard.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cdtd::api {
namespace {

namespace http = boost::beast::http;

template <class Name>
std::string_view value_of(const Head& head, Name name) {
    const auto value = head[name];
    return {value.data(), value.size()};
}

std::optional<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || stop != text.data() + text.size())
        return std::nullopt;
    return port;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

// One spelling for each address, so that [0:0:0:0:0:0:0:1] is [::1].
std::optional<std::string> read_host(std::string_view text, bool bracketed) {
    const auto lower = base::ascii_lower(text);
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(lower, error);
    if (!error && address.is_v6() == bracketed)
        return address.to_string();
    if (bracketed || !is_name(lower))
        return std::nullopt;
    return lower;
}

} // namespace

std::optional<Authority> read_authority(std::string_view text) {
    const bool bracketed = text.starts_with('[');
    const auto end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto host = read_host(bracketed ? text.substr(1, end - 1) : text.substr(0, end), bracketed);
    if (!host)
        return std::nullopt;
    const auto rest = text.substr(bracketed ? end + 1 : end);
    if (rest.empty())
        return Authority{*host, std::nullopt};
    const auto port = rest.front() == ':' ? read_port(rest.substr(1)) : std::nullopt;
    if (!port)
        return std::nullopt;
    return Authority{*host, port};
}

Guard::Guard(const Settings& settings, const std::string& host, std::optional<std::uint16_t> port)
    : token_(settings.token), host_(host), port_(port) {
    if (const auto parts = base::split_url(settings.public_url))
        public_host_ = parts->host;
}

// A page on a foreign site can make a browser ask us under that site's own name (DNS rebinding); it can't
// choose any of these names.
bool Guard::is_ours(std::string_view text, std::string_view local) const {
    const auto authority = read_authority(text);
    if (!authority)
        return false;
    if (!port_)
        return true;
    if (!public_host_.empty() && authority->host == public_host_)
        return true;
    if (authority->port.value_or(80) != *port_)
        return false;
    const auto& host = authority->host;
    return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == host_ || host == local;
}

std::optional<Answer> Guard::check_host(const Head& head, std::string_view local) const {
    const auto count = head.count(http::field::host);
    if (count == 0 && head.version() < 11) // no browser speaks so
        return std::nullopt;
    if (count != 1)
        return problem(400, "a request needs exactly one Host header");
    if (is_ours(value_of(head, http::field::host), local))
        return std::nullopt;
    return problem(421, fmt::format("the Host header names another server; this one is known as "
                                    "localhost, as its own address, and by api.public_url: {}",
                                    base::terminal_safe(base::to_valid_utf8(
                                        base::cut_bytes(value_of(head, http::field::host), 200)))));
}

std::optional<Answer> Guard::check_token(const Head& head) const {
    if (token_.empty())
        return std::nullopt;
    const auto given = value_of(head, http::field::authorization);
    constexpr std::string_view scheme = "bearer ";
    if (base::iequals(given.substr(0, scheme.size()), scheme) &&
        base::equal_secret(token_.reveal(), base::trim(given.substr(scheme.size()))))
        return std::nullopt;
    return problem(401, "this needs the token of api.token_file: Authorization: Bearer …");
}

std::optional<Answer> Guard::check_post(const Head& head, std::string_view local) const {
    const auto site = value_of(head, "Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin" && site != "none")
        return problem(403, "a page of another site may not ask for this");
    if (head.count(http::field::origin) > 0) {
        auto origin = value_of(head, http::field::origin);
        const auto scheme = origin.find("://");
        const auto authority = scheme == std::string_view::npos ? "" : origin.substr(scheme + 3);
        const bool web = origin.starts_with("http://") || origin.starts_with("https://");
        // Behind a unix socket every Host is let in, so there the page must come from the very same one.
        const bool same = port_ || base::iequals(authority, value_of(head, http::field::host));
        if (!web || !same || !is_ours(authority, local))
            return problem(403, "a page of another site may not ask for this");
    }
    const auto type = value_of(head, http::field::content_type);
    if (!base::iequals(base::trim(type.substr(0, type.find(';'))), "application/json"))
        return problem(415, "the body must be application/json");
    return std::nullopt;
}

void to_origin_form(Head& head) {
    const std::string target(head.target().data(), head.target().size());
    const auto lower = base::ascii_lower(std::string_view(target).substr(0, 8));
    const std::size_t scheme = lower.starts_with("http://") ? 7 : lower == "https://" ? 8 : 0;
    if (scheme == 0)
        return;
    const auto end = std::min(target.find_first_of("/?", scheme), target.size());
    head.set(http::field::host, target.substr(scheme, end - scheme));
    const auto rest = target.substr(end);
    head.target(rest.starts_with('/') ? rest : "/" + rest);
}

} // namespace cdtd::api
