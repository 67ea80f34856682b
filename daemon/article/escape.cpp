#include "article/escape.hpp"

#include <algorithm>
#include <array>

namespace cdtd::article {

namespace {

enum class Class : unsigned char { plain, reference, space, dropped, lead };

constexpr auto kClasses = [] {
    std::array<Class, 256> classes{};
    for (std::size_t byte = 0; byte < 0x20; ++byte) {
        classes[byte] = Class::dropped;
    }
    classes['\n'] = classes['\t'] = Class::plain;
    classes['\r'] = classes['\f'] = Class::space;
    classes[0x7f] = Class::dropped;
    for (const char c : std::string_view("&<>\"'")) {
        classes[static_cast<unsigned char>(c)] = Class::reference;
    }
    classes[0xc2] = classes[0xef] = Class::lead;
    for (std::size_t byte = 0xf0; byte <= 0xf4; ++byte) {
        classes[byte] = Class::lead;
    }
    return classes;
}();

std::string_view reference(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return "&#39;";
    }
}

/// The length of a character behind Class::lead that is no text: C1 controls and noncharacters, which a
/// parser may replace; 0: it is text.
std::size_t length_of_no_text(std::string_view text) {
    const auto byte = [text](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    if (byte(0) == 0xc2) {
        return byte(1) < 0xa0 ? 2 : 0;
    }
    if (byte(0) == 0xef) { // U+FFFE, U+FFFF; U+FDD0 to U+FDEF
        const bool ends_plane = byte(1) == 0xbf && byte(2) >= 0xbe;
        return ends_plane || (byte(1) == 0xb7 && byte(2) >= 0x90 && byte(2) <= 0xaf) ? 3 : 0;
    }
    return (byte(1) & 0x0fU) == 0x0f && byte(2) == 0xbf && byte(3) >= 0xbe ? 4 : 0;
}

/// The length of "&#…" at the start of `html` where its number has more than seven digits; 0: it has not.
std::size_t length_of_huge_number(std::string_view html) {
    if (!html.starts_with("&#")) {
        return 0;
    }
    const bool hex = html.size() > 2 && (html[2] == 'x' || html[2] == 'X');
    const auto start = std::min(html.find_first_not_of('0', hex ? 3 : 2), html.size());
    const auto end =
        std::min(html.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789", start), html.size());
    return end - start <= 7 ? 0 : html.substr(end).starts_with(';') ? end + 1 : end;
}

} // namespace

void append_escaped(std::string& out, std::string_view text) {
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto kind = kClasses[static_cast<unsigned char>(text[at])];
        if (kind == Class::plain) {
            continue;
        }
        const auto length = kind == Class::lead ? length_of_no_text(text.substr(at)) : 1;
        if (length == 0) {
            continue;
        }
        out.append(text.substr(done, at - done));
        if (kind == Class::reference) {
            out += reference(text[at]);
        } else if (kind == Class::space) {
            out += ' ';
        }
        done = at + length;
        at = done - 1;
    }
    out.append(text.substr(std::min(done, text.size())));
}

void append_tamed(std::string& out, std::string_view html) {
    std::size_t done = 0;
    for (std::size_t at = 0; at < html.size(); ++at) {
        const auto byte = static_cast<unsigned char>(html[at]);
        if (byte > '&' && byte != 0x7f) {
            continue;
        }
        const auto kind = kClasses[byte];
        if (kind == Class::plain || kind == Class::lead) {
            continue;
        }
        if (byte == '&' || byte == '"') {
            continue;
        }
        out.append(html.substr(done, at - done));
        if (kind == Class::space) {
            out += ' ';
        }
        done = at + 1;
    }
    out.append(html.substr(std::min(done, html.size())));
}

void mend_numbers(std::string& html) {
    const std::string_view whole = html;
    std::string mended; // only where there is something to mend
    std::size_t done = 0;
    for (auto at = whole.find("&#"); at != std::string_view::npos; at = whole.find("&#", at + 2)) {
        if (const auto length = length_of_huge_number(whole.substr(at)); length > 0) {
            mended.append(whole.substr(done, at - done)).append("&#xfffd;");
            done = at + length;
        }
    }
    if (done > 0) {
        html = mended.append(whole.substr(done));
    }
}

} // namespace cdtd::article
