// The rules for single values of the configuration. Pure.
#include "app/config_reader.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/net/address_policy.hpp>
#include <cdtd/notify/event_types.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace cdtd::app {
namespace {

/// Set by the program for each request: what a person wrote would break the exchange or the archive.
constexpr std::array<std::string_view, 13> own_headers = {"accept-encoding",
                                                          "connection",
                                                          "content-length",
                                                          "content-type",
                                                          "expect",
                                                          "host",
                                                          "if-modified-since",
                                                          "if-none-match",
                                                          "transfer-encoding",
                                                          "te",
                                                          "webhook-id",
                                                          "webhook-signature",
                                                          "webhook-timestamp"};

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_token(char c) {
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// Of "host:port" or "[v6]:port".
struct HostPort {
    std::string host;
    std::string port;
};
std::optional<HostPort> split_host_port(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']') && host.size() > 2)
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos || host.find('[') != std::string_view::npos)
        return std::nullopt;
    return HostPort{std::string(host), std::string(text.substr(colon + 1))};
}

std::optional<int> read_port(std::string_view text) {
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > 65535)
        return std::nullopt;
    return value;
}

bool is_loopback(const net::Address& address) {
    constexpr net::Address six = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    const bool four = std::all_of(address.begin(), address.begin() + 10, [](auto b) { return b == 0; }) &&
                      address[10] == 0xff && address[11] == 0xff && address[12] == 127;
    return four || address == six;
}

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

} // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string>& known) {
    std::string_view best;
    std::size_t best_distance = 3; // further away is another word
    if (word.size() > 40)
        return best;
    for (const std::string& candidate : known) {
        const std::size_t far = distance(word, candidate);
        if (far < best_distance && far * 2 < candidate.size()) {
            best = candidate;
            best_distance = far;
        }
    }
    return best;
}

std::string wrong_name(std::string_view name) {
    const bool good = !name.empty() && name.size() <= 64 &&
                      std::ranges::all_of(name, [](char c) { return is_lower_or_digit(c) || c == '-'; });
    return good ? std::string{}
                : fmt::format("\"{}\" is no name; write 1 to 64 of a–z, 0–9 and \"-\"", base::fit(name, 80));
}

std::string wrong_header(std::string_view name, std::string_view value) {
    if (name.empty() || name.size() > 200 || !std::ranges::all_of(name, is_token))
        return "is no header name; write letters, digits and \"-\"";
    if (std::ranges::find(own_headers, base::ascii_lower(name)) != own_headers.end())
        return "is set by cdtd itself; take it out";
    if (value.size() > 8000)
        return "has a value over 8000 bytes; shorten it";
    // A line break would begin another header.
    if (std::ranges::any_of(value, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }))
        return "has a control character in its value; take it out";
    return {};
}

std::string wrong_url(std::string_view url) {
    const auto normal = base::normalize_url(url);
    const auto parts = normal ? base::split_url(*normal) : std::nullopt;
    if (!parts)
        return "is no absolute http or https URL; write \"https://host/path\"";
    if (parts->has_userinfo)
        return "holds a user name or password; send it as headers = { Authorization = \"…\" } instead";
    return {};
}

std::string wrong_proxy(std::string_view url) {
    static constexpr std::array<std::string_view, 6> schemes = {"http",    "https",  "socks4",
                                                                "socks4a", "socks5", "socks5h"};
    const std::string fix = "write \"http://host:port\" or \"socks5h://host:port\"";
    const std::size_t mark = url.find("://");
    if (mark == std::string_view::npos || std::ranges::find(schemes, url.substr(0, mark)) == schemes.end())
        return "is no proxy URL; " + fix;
    std::string_view authority = url.substr(mark + 3);
    if (authority.ends_with('/'))
        authority.remove_suffix(1);
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos)
        authority.remove_prefix(at + 1);
    const auto bad = [](unsigned char c) {
        return c <= 0x20 || c >= 0x7f || c == '/' || c == '?' || c == '#';
    };
    if (authority.empty() || std::ranges::any_of(authority, bad))
        return "has no host, or more than a host and a port; " + fix;
    const auto parts = split_host_port(authority);
    if (parts && (parts->host.empty() || read_port(parts->port).value_or(0) == 0))
        return "has no host or no port from 1 to 65535; " + fix;
    return {};
}

std::string wrong_event(std::string_view type) {
    if (notify::is_event_pattern(type))
        return {};
    const auto types = notify::event_types();
    const std::vector<std::string> known(types.begin(), types.end());
    const std::string_view meant = nearest(type, known);
    return meant.empty()
               ? fmt::format("\"{}\" is no event; write \"*\", \"article.*\" or some of: {}",
                             base::fit(type, 80), fmt::join(known, ", "))
               : fmt::format("\"{}\" is no event; did you mean \"{}\"?", base::fit(type, 80), meant);
}

ListenFacts judge_listen(std::string_view listen) {
    if (listen.starts_with("unix:")) {
        const std::string_view path = listen.substr(5);
        if (!path.starts_with('/'))
            return {"is a relative path; write \"unix:/run/cdtd/cdtd.sock\"", true};
        // sockaddr_un has room for 107 bytes and a NUL.
        return {path.size() > 107 ? "is over 107 bytes, the longest path of a socket; shorten it" : "", true};
    }
    const auto parts = split_host_port(listen);
    if (!parts || !read_port(parts->port))
        return {"must be address:port (\"127.0.0.1:8645\", \"[::1]:8645\") or \"unix:/path\"", true};
    if (parts->host == "localhost")
        return {};
    if (const auto address = net::parse_address(parts->host))
        return {"", is_loopback(*address)};
    // A name may stand for anything, now or later: it counts as reachable.
    const bool name = !parts->host.empty() && parts->host.size() <= 253 &&
                      std::ranges::all_of(base::ascii_lower(parts->host), [](char c) {
                          return is_lower_or_digit(c) || c == '-' || c == '.';
                      });
    return {name ? "" : "must begin with an address or a host name: \"127.0.0.1:8645\"", false};
}

} // namespace cdtd::app
