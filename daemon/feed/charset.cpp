#include "feed/charset.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/feed/charset.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace cdtd::feed {
namespace {

std::string header_charset(std::string_view content_type) {
    const std::string lower = base::ascii_lower(content_type);
    const auto at = lower.find("charset=");
    if (at == lower.npos)
        return "";
    std::string_view value = std::string_view(lower).substr(at + 8);
    value = value.substr(0, value.find_first_of("; ,"));
    while (value.starts_with('"') || value.starts_with('\''))
        value.remove_prefix(1);
    while (value.ends_with('"') || value.ends_with('\''))
        value.remove_suffix(1);
    return detail::known_charset(value);
}

/// The encoding of "<?xml … encoding='…'?>"; readable in every charset that has ASCII in it.
std::string declared_charset(std::string_view bytes) {
    const std::string head = base::ascii_lower(bytes.substr(0, 512));
    const auto start = head.find("<?xml");
    const auto end = head.find('>', start == head.npos ? 0 : start);
    if (start == head.npos || end == head.npos)
        return "";
    const std::string declaration = head.substr(start, end - start);
    const auto at = declaration.find("encoding");
    const auto open = declaration.find_first_of("\"'", at == declaration.npos ? declaration.size() : at);
    if (open == declaration.npos)
        return "";
    const auto close = declaration.find(declaration[open], open + 1);
    return close == declaration.npos ? ""
                                     : detail::known_charset(declaration.substr(open + 1, close - open - 1));
}

/// The value behind "charset" in a tag, whether an attribute's or within one: <meta charset=gbk>,
/// <meta http-equiv=content-type content="text/html; charset=gbk">.
std::string charset_in(std::string_view tag) {
    for (auto at = tag.find("charset"); at != tag.npos; at = tag.find("charset", at + 1)) {
        auto rest = base::trim(tag.substr(at + 7));
        if (!rest.starts_with('='))
            continue;
        rest = base::trim(rest.substr(1));
        while (rest.starts_with('"') || rest.starts_with('\''))
            rest.remove_prefix(1);
        return detail::known_charset(rest.substr(0, rest.find_first_of("\"'; \t\r\n\f/>")));
    }
    return "";
}

/// What a page's first <meta> says of it; browsers look no further into it either.
std::string meta_charset(std::string_view bytes) {
    const std::string lower = base::ascii_lower(bytes.substr(0, 4096));
    std::string_view head = lower;
    for (auto at = head.find('<'); at != head.npos; at = head.find('<')) {
        head.remove_prefix(at);
        const bool comment = head.starts_with("<!--");
        const auto end = comment ? head.find("-->", 4) : head.find('>');
        if (end == head.npos)
            return "";
        if (head.starts_with("<meta"))
            if (auto name = charset_in(head.substr(0, end + 1)); !name.empty())
                return name;
        head.remove_prefix(end + 1);
    }
    return "";
}

bool is_wide(std::string_view charset) {
    return charset.starts_with("utf-16") || charset.starts_with("utf-32") || charset.contains("ucs-2") ||
           charset.contains("ucs-4");
}

std::string without_mark(std::string text) {
    if (text.starts_with("\xEF\xBB\xBF"))
        text.erase(0, 3);
    return text;
}

/// nullopt: no such charset.
std::optional<Decoded> decode_as(std::string_view bytes, const std::string& charset) {
    if (charset == "utf-8") {
        const bool valid = base::is_valid_utf8(bytes);
        return Decoded{valid ? std::string(bytes) : detail::repaired_utf8(bytes), charset, !valid, ""};
    }
    auto text = detail::convert(bytes, charset);
    if (!text)
        return std::nullopt;
    const bool repaired = detail::lost_characters(*text) != 0;
    return Decoded{without_mark(std::move(*text)), charset, repaired, ""};
}

/// What the labels say, in the order of trust.
std::vector<std::string> labels(std::string_view content_type, std::string declared) {
    std::vector<std::string> names{header_charset(content_type), std::move(declared)};
    // Latin 1 is what servers put there unasked, and every byte is a letter in it.
    if (names[0] == "windows-1252")
        std::swap(names[0], names[1]);
    // A wide charset would have shown itself in the first bytes: the label is wrong.
    std::erase_if(names, [](const std::string& name) { return name.empty() || is_wide(name); });
    if (names.size() == 2 && names[0] == names[1])
        names.pop_back();
    return names;
}

/// Bytes that no label fits: UTF-8, what they look like, else the first label with its flaws.
Decoded guess(std::string_view bytes, std::optional<Decoded> first) {
    if (base::is_valid_utf8(bytes) || detail::is_nearly_utf8(bytes))
        return *decode_as(bytes, "utf-8");
    const auto most = bytes.size() / 200; // a few lost letters are a flaw, not another charset
    if (first && first->charset != "utf-8" &&
        detail::lost_characters(first->text) <= std::max<std::size_t>(most, 1))
        return std::move(*first);
    if (const auto name = detail::detected_charset(bytes); !name.empty())
        if (auto decoded = decode_as(bytes, name);
            decoded &&
            (!first || detail::lost_characters(decoded->text) < detail::lost_characters(first->text)))
            return std::move(*decoded);
    return first ? std::move(*first) : *decode_as(bytes, "utf-8");
}

Decoded decode_labelled(std::string_view bytes, std::string_view content_type, std::string declared) {
    if (bytes.starts_with("\xEF\xBB\xBF"))
        return *decode_as(bytes.substr(3), "utf-8");
    if (const auto wide = detail::wide_charset(bytes); !wide.empty())
        if (auto decoded = decode_as(bytes, wide))
            return std::move(*decoded);
    const auto named = labels(content_type, std::move(declared));
    std::optional<Decoded> first;
    for (const auto& name : named) {
        // Text that is UTF-8 is not Latin by chance (where it is ASCII it is the same), and not Chinese
        // either where it is more than a word or two: "你好" in UTF-8 is sound gb18030 too.
        const bool by_chance = name == "windows-1252" ? detail::is_nearly_utf8(bytes)
                                                      : name != "utf-8" && detail::is_surely_utf8(bytes);
        auto decoded = by_chance ? std::nullopt : decode_as(bytes, name);
        if (decoded && !decoded->repaired) {
            if (first)
                decoded->conflict = fmt::format("named {}, but it is {}", first->charset, decoded->charset);
            return std::move(*decoded);
        }
        if (decoded && !first)
            first = std::move(decoded);
    }
    auto decoded = guess(bytes, std::move(first));
    if (!named.empty() && std::ranges::find(named, decoded.charset) == named.end() &&
        !(decoded.charset == "utf-8" && named[0] == "windows-1252"))
        decoded.conflict = fmt::format("named {}, but it is {}", named[0], decoded.charset);
    return decoded;
}

} // namespace

Decoded decode(std::string_view bytes, std::string_view content_type) {
    return decode_labelled(bytes, content_type, declared_charset(bytes));
}

Decoded decode_page(std::string_view bytes, std::string_view content_type) {
    auto declared = declared_charset(bytes);
    return decode_labelled(bytes, content_type, declared.empty() ? meta_charset(bytes) : std::move(declared));
}

std::string page_text(std::string_view bytes, std::string_view content_type) {
    const bool text = content_type.empty() || base::ascii_lower(content_type).contains("text");
    return text ? decode_page(bytes, content_type).text : std::string(bytes);
}

} // namespace cdtd::feed
