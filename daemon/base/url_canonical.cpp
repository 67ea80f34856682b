// The canonical form. Two spellings of one page must meet here, and two pages must not.
#include "base/url_parts.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace cdtd::base {
namespace {

using detail::Pieces;

/// Links that went through one HTML encoder too many ("&#038;" is WordPress' own).
std::string decode_ampersands(std::string_view url) {
    constexpr std::array<std::string_view, 4> forms{"&amp;", "&#038;", "&#38;", "&#x26;"};
    std::string out;
    out.reserve(url.size());
    while (!url.empty()) {
        const char c = url[0];
        out += c;
        url.remove_prefix(1);
        // Once encoded or several times ("&amp;amp;"): the result must not change when read again.
        for (std::size_t i = 0; c == '&' && i < forms.size();) {
            const bool again = url.starts_with(forms[i].substr(1));
            url.remove_prefix(again ? forms[i].size() - 1 : 0);
            i = again ? 0 : i + 1;
        }
    }
    return out;
}

/// One spelling of a percent-encoded part: unreserved characters plain, others in upper case, text in NFC.
std::string canonical_encoding(std::string_view encoded) {
    std::string open; // what is text, decoded; reserved characters stay as they are written
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] != '%') {
            open += encoded[i];
            continue;
        }
        // Every "%" of a normalised URL begins an escape.
        const char byte = percent_decode(encoded.substr(i, 3))[0];
        if (static_cast<unsigned char>(byte) >= 0x80 || detail::is_unreserved(byte))
            open += byte;
        else
            detail::append_encoded(open, byte);
        i += 2;
    }
    if (is_valid_utf8(open))
        open = to_nfc(open);
    std::string out;
    out.reserve(encoded.size());
    for (const char c : open) {
        if (static_cast<unsigned char>(c) >= 0x80)
            detail::append_encoded(out, c);
        else
            out += c;
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

bool is_tracking(std::string_view parameter) {
    const std::string name = ascii_lower(parameter.substr(0, parameter.find('=')));
    return name.starts_with("utm_") || name == "fbclid" || name == "gclid" ||
           iequals(parameter, "source=rss");
}

std::optional<std::string> canonical_query(const std::optional<std::string>& query) {
    if (!query)
        return std::nullopt;
    std::string out;
    for (const auto parameter : split(*query, '&')) {
        if (parameter.empty() || is_tracking(parameter))
            continue;
        out += (out.empty() ? "" : "&") + canonical_encoding(parameter);
    }
    return out.empty() ? std::nullopt : std::optional(out);
}

/// WeChat's article ids. `sn` may be followed by "〈", what a broken encoder made of "&lang".
void reduce_weixin(Pieces& pieces) {
    if (pieces.path.starts_with("/s/") && pieces.path.size() > 3) {
        pieces.query.reset(); // the short id says it all; the rest is where it was shared
        return;
    }
    if ((pieces.path != "/s" && pieces.path != "/s/") || !pieces.query)
        return;
    std::array<std::pair<std::string_view, std::string>, 4> keys{
        {{"__biz", ""}, {"mid", ""}, {"idx", ""}, {"sn", ""}}};
    for (const auto parameter : split(*pieces.query, '&')) {
        const auto equals = parameter.find('=');
        for (auto& [key, value] : keys) {
            if (equals == std::string_view::npos || parameter.substr(0, equals) != key || !value.empty())
                continue;
            value = parameter.substr(equals + 1);
            for (const std::string_view bracket : {"%E2%8C%A9", "%E3%80%88"}) // the second is its NFC
                value.erase(std::min(value.find(bracket), value.size()));
            for (auto at = value.find("%3D"); at != std::string::npos; at = value.find("%3D"))
                value.replace(at, 3, "=");
        }
    }
    if (keys[0].second.empty() || keys[1].second.empty())
        return;
    pieces.path = "/s";
    std::string query;
    for (const auto& [key, value] : keys)
        if (!value.empty())
            query += (query.empty() ? "" : "&") + std::string(key) + "=" + value;
    pieces.query = std::move(query);
}

bool all_digits(std::string_view text, std::size_t count) {
    bool digits = text.size() == count;
    for (const char c : text)
        digits = digits && detail::is_digit(c);
    return digits;
}

bool has_file_suffix(std::string_view segment) {
    const auto dot = segment.rfind('.');
    return dot != std::string_view::npos && dot > 0 && segment.size() - dot <= 6;
}

/// …/YYYY/MM/slug and …/YYYY/MM/DD/slug: WordPress redirects to the form with the slash.
bool is_dated_slug(std::string_view path) {
    auto segments = split(path, '/');
    if (segments.size() < 4 || segments.back().empty() || has_file_suffix(segments.back()))
        return false;
    segments.pop_back();
    if (segments.size() >= 4 && all_digits(segments.back(), 2) &&
        all_digits(segments[segments.size() - 2], 2))
        segments.pop_back();
    return segments.size() >= 3 && all_digits(segments.back(), 2) &&
           all_digits(segments[segments.size() - 2], 4);
}

std::string canonical_path(std::string_view path) {
    std::string out = detail::remove_dot_segments(canonical_encoding(path));
    while (out.ends_with("//"))
        out.pop_back();
    if (is_dated_slug(out))
        out += '/';
    return out;
}

} // namespace

std::optional<std::string> canonical_url(std::string_view url) {
    if (url.size() > detail::max_url_bytes)
        return std::nullopt;
    auto pieces = detail::parse_absolute(decode_ampersands(url));
    if (!pieces)
        return std::nullopt;
    pieces->scheme = "https";
    if (pieces->port == "443")
        pieces->port.clear();
    pieces->userinfo.clear();
    pieces->fragment.reset();
    if (pieces->host.starts_with("www.") && pieces->host.find('.', 4) != std::string::npos)
        pieces->host.erase(0, 4);
    pieces->path = canonical_path(pieces->path);
    pieces->query = canonical_query(pieces->query);
    if (pieces->host == "mp.weixin.qq.com")
        reduce_weixin(*pieces);
    return pieces->text();
}

} // namespace cdtd::base
