// The pieces of a URL inside base/: not for other layers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::base::detail {

/// Longer than any URL worth fetching; keeps a hostile page from making us copy megabytes about.
inline constexpr std::size_t max_url_bytes = 16 * 1024;

/// An absolute http(s) URL, each part encoded and normal.
struct Pieces {
    std::string scheme;   ///< "http" | "https"
    std::string userinfo; ///< encoded, without "@"
    std::string host;     ///< as in the URL: with brackets for IPv6
    std::string port;     ///< "" for the scheme's own
    std::string path;     ///< "/" at least
    std::optional<std::string> query;
    std::optional<std::string> fragment;

    std::string text() const;
};

std::optional<Pieces> parse_absolute(std::string_view url);

/// Lower case, punycode, IPv4 in its dotted form, IPv6 in its shortest. nullopt: no host that can be asked.
std::optional<std::string> normalize_host(std::string_view host);
/// RFC 3986 5.2.4, for a path that begins with "/".
std::string remove_dot_segments(std::string_view path);

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_unreserved(char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
/// The digit's value, -1 for anything else.
int hex_value(char c);
void append_encoded(std::string& out, char byte);

} // namespace cdtd::base::detail
