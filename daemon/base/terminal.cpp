// The part of text.hpp that has to do with terminals: widths, and what may not reach one.
#include "base/utf8.hpp"

#include <cdtd/base/text.hpp>

#include <unicode/uchar.h>

namespace cdtd::base {
namespace {

std::size_t cells_of(char32_t point) {
    if (point < 0x7F)
        return point >= ' ' ? 1 : 0;
    const auto c = static_cast<UChar32>(point);
    constexpr std::uint32_t none = U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CC_MASK | U_GC_CF_MASK;
    if (point == 0xAD) // the soft hyphen is a format character that terminals show
        return 1;
    // Vowels and finals of Hangul written in parts stand inside the cell of the first consonant.
    if ((U_GET_GC_MASK(c) & none) != 0 || (point >= 0x1160 && point <= 0x11FF))
        return 0;
    const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

bool is_direction_control(char32_t point) {
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) || point == 0x200E ||
           point == 0x200F || point == 0x061C;
}

bool between(char c, char low, char high) {
    return c >= low && c <= high;
}

// Knows where an escape sequence ends. One object a text, so that a text full of openings without an end
// is searched only once.
class Escapes {
  public:
    explicit Escapes(std::string_view text) : text_(text) {}

    /// Where the sequence whose introducer (ESC or a C1 control) ends before `at` is over.
    std::size_t end(char32_t introducer, std::size_t at) {
        if (introducer == 0x9B)
            return parameters(at, '@');
        if (introducer == 0x90 || introducer == 0x98 || (introducer >= 0x9D && introducer <= 0x9F))
            return string(at);
        if (introducer != 0x1B || at >= text_.size())
            return at;
        switch (text_[at]) {
        case '[':
            return parameters(at + 1, '@');
        case ']':
        case 'P':
        case 'X':
        case '^':
        case '_':
            return string(at + 1);
        default:
            return parameters(at, '0');
        }
    }

  private:
    std::size_t parameters(std::size_t at, char first_final) const {
        const std::size_t begin = at;
        while (at < text_.size() && between(text_[at], ' ', static_cast<char>(first_final - 1)))
            ++at;
        return at < text_.size() && between(text_[at], first_final, '~') ? at + 1 : begin;
    }

    // A string that is never closed must not hide the rest of the text.
    std::size_t string(std::size_t at) {
        if (unclosed_)
            return at;
        for (std::size_t i = at; i < text_.size(); ++i) {
            if (text_[i] == '\a')
                return i + 1;
            if (text_.substr(i).starts_with("\x1B\\") || text_.substr(i).starts_with("\xC2\x9C"))
                return i + 2;
        }
        unclosed_ = true;
        return at;
    }

    std::string_view text_;
    bool unclosed_ = false;
};

} // namespace

std::size_t display_width(std::string_view text) {
    std::size_t cells = 0;
    for (std::size_t i = 0; i < text.size();) {
        const Decoded c = decode(text, i);
        cells += cells_of(c.point);
        i += c.length;
    }
    return cells;
}

std::string fit(std::string_view text, std::size_t cells) {
    if (cells == 0)
        return {};
    std::size_t used = 0, keep = 0; // `keep`: bytes that still leave a cell for the sign of cutting
    for (std::size_t i = 0; i < text.size();) {
        const Decoded c = decode(text, i);
        used += cells_of(c.point);
        if (used > cells)
            return std::string(text.substr(0, keep)) + "…";
        i += c.length;
        if (used < cells)
            keep = i;
    }
    return std::string(text);
}

std::string pad(std::string_view text, std::size_t cells) {
    std::string out = fit(text, cells);
    const std::size_t used = display_width(out);
    if (used < cells)
        out.append(cells - used, ' ');
    return out;
}

std::string terminal_safe(std::string_view text, bool keep_newlines) {
    std::string out;
    out.reserve(text.size());
    Escapes escapes(text);
    for (std::size_t i = 0; i < text.size();) {
        const Decoded c = decode(text, i);
        i += c.length;
        if (c.point == '\n' || c.point == '\t') {
            out += keep_newlines ? static_cast<char>(c.point) : ' ';
        } else if (c.point == '\r') {
            // Part of a line end, or a way to overwrite what was shown before.
            if (i >= text.size() || text[i] != '\n')
                out += keep_newlines ? '\n' : ' ';
        } else if (c.point < ' ' || (c.point >= 0x7F && c.point <= 0x9F)) {
            if (c.point == 0x85 || c.point == '\v' || c.point == '\f')
                out += ' ';
            i = escapes.end(c.point, i);
        } else if (c.point == 0x2028 || c.point == 0x2029) {
            out += ' ';
        } else if (!is_direction_control(c.point)) {
            append(out, c.point);
        }
    }
    return out;
}

} // namespace cdtd::base
