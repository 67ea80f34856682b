// Folding for search by tables: base::fold and a transliteration for every text would cost more than the rest
// of taking an article in.
#include "base/utf8.hpp"

#include <cdtd/base/search_text.hpp>
#include <cdtd/base/text.hpp>

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace cdtd::base {
namespace {

// The Han of the BMP but for the compatibility block, which fold() takes away.
constexpr char32_t first_han = 0x3400, last_han = 0x9FFF;
constexpr std::size_t longest_word = 120;

using Table = std::array<char16_t, last_han - first_han + 1>;

/// ICU's rules in one run over all of them, each on a line of its own.
Table transliterate_all() {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> rules(
        icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
    if (U_FAILURE(status) != 0 || !rules)
        throw std::runtime_error("ICU has no transliterator Traditional-Simplified; its data is incomplete");
    icu::UnicodeString lines;
    for (char32_t c = first_han; c <= last_han; ++c)
        lines.append(static_cast<char16_t>(c)).append(u'\n');
    rules->transliterate(lines);
    Table table{};
    std::int32_t at = 0;
    for (char32_t c = first_han; c <= last_han; ++c) {
        const std::int32_t end = lines.indexOf(u'\n', at);
        const char16_t to = end == at + 1 ? lines.charAt(at) : static_cast<char16_t>(c);
        table[c - first_han] = to >= first_han && to <= last_han ? to : static_cast<char16_t>(c);
        at = end + 1;
    }
    return table;
}

/// A form that is folded twice must stay what it is: chains are followed, of a circle the least is taken.
Table make_table() {
    constexpr int longest_chain = 8;
    const Table once = transliterate_all();
    Table table{};
    for (std::size_t i = 0; i < once.size(); ++i) {
        auto to = static_cast<char16_t>(first_han + i);
        for (int step = 0; step < longest_chain; ++step)
            to = once[to - first_han];
        char16_t least = to;
        for (int step = 0; step < longest_chain; ++step) {
            to = once[to - first_han];
            least = std::min(least, to);
        }
        table[i] = least;
    }
    return table;
}

char32_t simplified(char32_t c) {
    static const Table table = make_table();
    return c < first_han || c > last_han ? c : table[c - first_han];
}

/// Signs that stand between Chinese words, for which base::fold is too slow one by one: whatever stands
/// beside them, they fold alone.
bool is_common_sign(char32_t c) {
    return (c >= 0x2010 && c <= 0x205E) || (c >= 0x3000 && c <= 0x301F);
}

const std::string& folded_sign(char32_t c) {
    static const std::vector<std::string> signs = [] {
        std::vector<std::string> all;
        for (char32_t sign = 0x2010; sign <= 0x301F; ++sign) {
            std::string text;
            if (is_common_sign(sign)) {
                append(text, sign);
                text = fold(text);
            }
            all.push_back(std::move(text));
        }
        return all;
    }();
    return signs[c - 0x2010];
}

/// The fast ways; false: the character is one for fold(), together with its neighbours of that kind.
bool fold_alone(std::string& out, char32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0; // full-width ASCII
    if (c < 0x80) {
        if (c != 0)
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
        return true;
    }
    if (c >= first_han && c <= last_han && (c < 0x4DC0 || c > 0x4DFF)) {
        append(out, simplified(c));
        return true;
    }
    if (!is_common_sign(c))
        return false;
    out += folded_sign(c);
    return true;
}

std::string fold_run(std::string_view run) {
    const std::string folded = fold(run);
    std::string out;
    for (std::size_t i = 0; i < folded.size();) {
        const Decoded c = decode(folded, i);
        append(out, simplified(c.point)); // compatibility ideographs have become plain ones
        i += c.length;
    }
    return out;
}

bool is_mark(char32_t c) {
    return c >= 0x300 && (u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_GRAPHEME_EXTEND) != 0 ||
                          (c >= 0x1160 && c <= 0x11FF)); // Hangul vowels and finals compose
}

enum class Kind { none, character, word };

Kind kind_of(char32_t c) {
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ? Kind::word
                                                                                          : Kind::none;
    if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x3005 && c <= 0x3007) ||
        (c >= 0x3041 && c <= 0x309A) || (c >= 0x309D && c <= 0x309F) || (c >= 0x30A1 && c <= 0x30FA) ||
        (c >= 0x30FC && c <= 0x312F) || (c >= 0x31A0 && c <= 0x31BF) || (c >= 0x31F0 && c <= 0x31FF) ||
        (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFD))
        return Kind::character;
    const auto point = static_cast<UChar32>(c);
    const bool word =
        u_isUAlphabetic(point) != 0 || (U_GET_GC_MASK(point) & (U_GC_N_MASK | U_GC_M_MASK)) != 0;
    return word ? Kind::word : Kind::none;
}

} // namespace

std::string fold_for_search(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        Decoded c = decode(text, i);
        if (fold_alone(out, c.point)) {
            i += c.length;
            continue;
        }
        const std::size_t start = i;
        std::string ignored;
        while (i < text.size() && !fold_alone(ignored, (c = decode(text, i)).point))
            i += c.length;
        out += fold_run(text.substr(start, i - start));
    }
    return out;
}

std::string search_fold_version() {
    UVersionInfo version;
    u_getVersion(version);
    char text[U_MAX_VERSION_STRING_LENGTH];
    u_versionToString(version, text);
    return std::string("1, ICU ") + text;
}

Folded fold_with_origin(std::string_view text) {
    Folded folded;
    folded.text.reserve(text.size());
    folded.origin.reserve(text.size() + 1);
    for (std::size_t i = 0; i < text.size();) {
        // A character and the marks on it fold together, so that what they become has one place.
        const Decoded c = decode(text, i);
        std::size_t end = i + c.length;
        if (!fold_alone(folded.text, c.point)) {
            while (end < text.size() && is_mark(decode(text, end).point))
                end += decode(text, end).length;
            folded.text += fold_run(text.substr(i, end - i));
        }
        folded.origin.resize(folded.text.size(), i);
        i = end;
    }
    folded.origin.push_back(text.size());
    return folded;
}

std::optional<Unit> Units::next() {
    Unit unit;
    unit.apart = at_ == 0;
    for (; at_ < text_.size();) {
        const Decoded c = decode(text_, at_);
        const Kind kind = kind_of(c.point);
        if (kind == Kind::none) {
            unit.apart = true;
            at_ += c.length;
            continue;
        }
        unit.start = at_;
        at_ += c.length;
        unit.character = kind == Kind::character;
        if (kind == Kind::word)
            for (; at_ < text_.size();) {
                const Decoded more = decode(text_, at_);
                if (kind_of(more.point) != Kind::word)
                    break;
                at_ += more.length;
            }
        unit.end = at_;
        unit.text = cut_bytes(text_.substr(unit.start, unit.end - unit.start), longest_word);
        return unit;
    }
    return std::nullopt;
}

std::vector<Unit> units_of(std::string_view folded) {
    std::vector<Unit> units;
    units.reserve(folded.size() / 3 + 1); // a Chinese text
    Units all(folded);
    while (auto unit = all.next())
        units.push_back(*unit);
    return units;
}

} // namespace cdtd::base
