#include "base/url_parts.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <boost/url/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cdtd::base {
namespace detail {

int hex_value(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void append_encoded(std::string& out, char byte) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(byte);
    out += '%';
    out += digits[value >> 4U];
    out += digits[value & 15U];
}

namespace {

bool is_escape(std::string_view text, std::size_t at) {
    return at + 2 < text.size() && text[at] == '%' && hex_value(text[at + 1]) >= 0 &&
           hex_value(text[at + 2]) >= 0;
}

/// What may not stand in a URI is percent-encoded; what already is encoded stays byte for byte.
std::string encode_part(std::string_view text, std::string_view also_allowed) {
    constexpr std::string_view sub_delims = "!$&'()*+,;=:@";
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_unreserved(c) || sub_delims.contains(c) || also_allowed.contains(c) || is_escape(text, i))
            out += c;
        else
            append_encoded(out, c);
    }
    return out;
}

/// Trimmed, and without the line breaks and tabs that editors wrap long addresses with.
std::string tidy_url(std::string_view url) {
    std::string out;
    out.reserve(url.size());
    for (const char c : trim(url))
        if (c != '\t' && c != '\n' && c != '\r')
            out += c;
    return out;
}

/// The length of a scheme's name, 0 where there is none.
std::size_t scheme_length(std::string_view text) {
    if (text.empty() || !is_alpha(text[0]))
        return 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ':')
            return i;
        if (!is_alpha(text[i]) && !is_digit(text[i]) && text[i] != '+' && text[i] != '-' && text[i] != '.')
            return 0;
    }
    return 0;
}

struct Split {
    std::string_view before, after;
    bool found;
};

Split split_at(std::string_view text, std::size_t at) {
    if (at == std::string_view::npos)
        return {text, {}, false};
    return {text.substr(0, at), text.substr(at + 1), true};
}

bool set_port(Pieces& pieces, std::string_view port) {
    if (port.empty())
        return true;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
    if (error != std::errc() || end != port.data() + port.size() || value == 0 || value > 65535)
        return false;
    if (value != (pieces.scheme == "https" ? 443U : 80U))
        pieces.port = std::to_string(value);
    return true;
}

bool set_authority(Pieces& pieces, std::string_view authority) {
    const auto user = split_at(authority, authority.rfind('@'));
    std::string_view host = authority;
    if (user.found) {
        pieces.userinfo = encode_part(user.before, "");
        // "@" may stand in a path, not here: it would move the border to the host.
        for (auto at = pieces.userinfo.find('@'); at != std::string::npos; at = pieces.userinfo.find('@'))
            pieces.userinfo.replace(at, 1, "%40");
        host = user.after;
    }
    std::string_view port;
    const auto colon = host.rfind(':');
    if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
        port = host.substr(colon + 1);
        host = host.substr(0, colon);
    }
    auto normal = normalize_host(host);
    if (!normal || !set_port(pieces, port))
        return false;
    pieces.host = std::move(*normal);
    return true;
}

void set_rest(Pieces& pieces, std::string_view rest) {
    const auto fragment = split_at(rest, rest.find('#'));
    const auto query = split_at(fragment.before, fragment.before.find('?'));
    if (fragment.found)
        pieces.fragment = encode_part(fragment.after, "/?");
    if (query.found)
        pieces.query = encode_part(query.after, "/?");
    pieces.path =
        remove_dot_segments("/" + encode_part(query.before.substr(query.before.starts_with('/')), "/"));
}

/// `tidied` has gone through tidy_url.
std::optional<Pieces> parse_tidied(std::string_view tidied) {
    if (tidied.size() > max_url_bytes)
        return std::nullopt;
    Pieces pieces;
    const auto length = scheme_length(tidied);
    pieces.scheme = ascii_lower(tidied.substr(0, length));
    if (pieces.scheme != "http" && pieces.scheme != "https")
        return std::nullopt;
    auto rest = tidied.substr(length + 1);
    if (!rest.starts_with("//"))
        return std::nullopt;
    rest.remove_prefix(2);
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    if (!set_authority(pieces, rest.substr(0, end)))
        return std::nullopt;
    set_rest(pieces, rest.substr(end));
    // The grammar has the last word: nothing leaves here that another parser could read differently.
    const std::string text = pieces.text();
    if (boost::urls::parse_uri(text).has_error())
        return std::nullopt;
    return pieces;
}

} // namespace

std::string Pieces::text() const {
    std::string out = scheme + "://";
    if (!userinfo.empty())
        out += userinfo + "@";
    out += host;
    if (!port.empty())
        out += ":" + port;
    out += path;
    if (query)
        out += "?" + *query;
    if (fragment)
        out += "#" + *fragment;
    return out;
}

std::optional<Pieces> parse_absolute(std::string_view url) {
    return parse_tidied(tidy_url(url));
}

std::string remove_dot_segments(std::string_view path) {
    std::string out;
    out.reserve(path.size());
    while (!path.empty()) {
        const auto end = std::min(path.find('/', 1), path.size());
        const auto segment = path.substr(1, end - 1);
        const bool last = end == path.size();
        if (segment == "..")
            out.erase(std::min(out.rfind('/'), out.size()));
        if (segment != "." && segment != "..")
            out.append(path.substr(0, end));
        else if (last)
            out += '/';
        path.remove_prefix(end);
    }
    return out.empty() ? "/" : out;
}

} // namespace detail

std::optional<std::string> normalize_url(std::string_view url) {
    const auto pieces = detail::parse_absolute(url);
    return pieces ? std::optional(pieces->text()) : std::nullopt;
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
    const std::string ref = detail::tidy_url(reference);
    if (ref.empty())
        return std::nullopt;
    if (detail::scheme_length(ref) > 0)
        return normalize_url(ref);
    auto pieces = detail::parse_absolute(base);
    if (!pieces)
        return std::nullopt;
    if (ref.starts_with("//"))
        return normalize_url(pieces->scheme + ":" + ref);
    const bool only_fragment = ref.starts_with('#');
    const bool only_query = ref.starts_with('?');
    const auto query = pieces->query;
    const std::string path = pieces->path;
    pieces->query.reset();
    pieces->fragment.reset();
    pieces->path.clear();
    std::string joined = pieces->text();
    if (only_fragment)
        joined += path + (query ? "?" + *query : "");
    else if (only_query)
        joined += path;
    else if (!ref.starts_with('/'))
        joined += path.substr(0, path.rfind('/') + 1);
    return normalize_url(joined + ref);
}

std::string without_fragment(std::string_view url) {
    return std::string(url.substr(0, url.find('#')));
}

std::optional<UrlParts> split_url(std::string_view url) {
    auto pieces = detail::parse_absolute(url);
    if (!pieces)
        return std::nullopt;
    UrlParts parts;
    parts.port = pieces->scheme == "https" ? 443 : 80;
    if (!pieces->port.empty())
        parts.port = static_cast<std::uint16_t>(std::stoul(pieces->port)); // set_port has bounded it
    parts.scheme = std::move(pieces->scheme);
    parts.host = pieces->host.starts_with('[') ? pieces->host.substr(1, pieces->host.size() - 2)
                                               : std::move(pieces->host);
    parts.path = std::move(pieces->path);
    parts.has_query = pieces->query.has_value();
    parts.query = pieces->query.value_or("");
    parts.has_userinfo = !pieces->userinfo.empty();
    return parts;
}

std::string origin_of(std::string_view url) {
    const auto parts = split_url(url);
    if (!parts)
        return "";
    const bool ipv6 = parts->host.contains(':');
    return fmt::format("{}://{}{}{}:{}", parts->scheme, ipv6 ? "[" : "", parts->host, ipv6 ? "]" : "",
                       parts->port);
}

std::vector<std::string> prefixes_of_origin(const std::string& origin) {
    std::vector<std::string> prefixes{origin + "/"};
    for (const std::string_view port : {":443", ":80"})
        if (origin.ends_with(port))
            prefixes.push_back(origin.substr(0, origin.size() - port.size()) + "/");
    return prefixes;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!detail::is_escape(text, i)) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(detail::hex_value(text[i + 1]) * 16 + detail::hex_value(text[i + 2]));
        i += 2;
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (detail::is_unreserved(c))
            out += c;
        else
            detail::append_encoded(out, c);
    }
    return out;
}

} // namespace cdtd::base
