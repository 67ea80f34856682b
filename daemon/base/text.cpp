#include "base/utf8.hpp"

#include <cdtd/base/text.hpp>

#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

namespace cdtd::base {
namespace {

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

UChar32 icu_point(char32_t point) {
    return static_cast<UChar32>(point);
}

bool is_zero_width(char32_t point) {
    return (point >= 0x200B && point <= 0x200D) || point == 0x2060 || point == 0xFEFF;
}

std::uint64_t word_at(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// Behind the valid characters of one and three bytes from `at` on, words at a time: what Chinese pages are
/// made of, and whole documents are looked through before anything else is done with them.
std::size_t skip_usual(std::string_view text, std::size_t at) {
    if constexpr (std::endian::native != std::endian::little)
        return at;
    constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080;
    const char* const bytes = text.data();
    while (at + 8 <= text.size()) {
        std::uint64_t word = word_at(bytes + at);
        if ((word & high_bits) == 0) {
            at += 8;
            continue;
        }
        at += static_cast<std::size_t>(std::countr_zero(word & high_bits)) / 8;
        for (; at + 8 <= text.size(); at += 6) { // two characters
            word = word_at(bytes + at);
            const auto one = word, two = word >> 24U;
            const bool shaped = (word & 0xC0C0'F0C0'C0F0U) == 0x8080'E080'80E0U;
            const auto odd = [](std::uint64_t c) { // overlong, or half of a pair
                return (c & 0x200FU) == 0 || (c & 0x200FU) == 0x200DU;
            };
            if (!shaped || odd(one) || odd(two))
                break;
        }
        if (at + 8 > text.size())
            break;
        if ((static_cast<unsigned char>(bytes[at]) & 0x80U) == 0)
            continue;
        const Decoded c = decode(text, at);
        if (!c.valid)
            break;
        at += c.length;
    }
    return at;
}

bool is_space(char32_t point) {
    if (point < 0x80)
        return point == ' ' || (point >= '\t' && point <= '\r');
    return u_isUWhiteSpace(icu_point(point)) != 0;
}

/// Marks in a row behind a letter. Putting them in order costs the square of their number, and no language
/// has more (Stream-Safe Text Format, UAX #15, 13; its joiner would not outlive folding, so the rest goes).
constexpr int most_marks = 30;

/// `text` must be valid UTF-8.
std::string with_few_marks(std::string text) {
    std::string out; // only where something goes
    std::size_t done = 0;
    int marks = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead < 0xCC || (lead >= 0xE4 && lead <= 0xE9)) { // Latin; Chinese characters
            at += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3;
            marks = 0;
            continue;
        }
        const Decoded c = decode(text, at);
        marks = u_getCombiningClass(icu_point(c.point)) == 0 ? 0 : marks + 1;
        if (marks > most_marks) {
            out.append(text, done, at - done);
            done = at + c.length;
        }
        at += c.length;
    }
    return done == 0 ? std::move(text) : std::move(out.append(text, done));
}

// `text` must be valid UTF-8. What ICU can't take (over 2 GiB, no memory) stays as it was: comparing it
// still works, only less kindly.
std::string normalize(const icu::Normalizer2* form, std::string text, UErrorCode status) {
    if (U_FAILURE(status) != 0 || form == nullptr ||
        text.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        return text;
    text = with_few_marks(std::move(text));
    std::string out;
    out.reserve(text.size());
    icu::StringByteSink<std::string> sink(&out);
    form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink,
                        nullptr, status);
    return U_FAILURE(status) != 0 ? text : out;
}

// U+0300–U+036F only: the Japanese voicing marks are letters' business, not accents.
std::string without_accents(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const Decoded c = decode(text, i);
        if (c.point < 0x300 || c.point > 0x36F)
            out.append(text.substr(i, c.length));
        i += c.length;
    }
    return out;
}

} // namespace

bool is_valid_utf8(std::string_view text) {
    std::size_t i = 0;
    while (true) {
        i = skip_usual(text, i);
        if (i >= text.size())
            return true;
        const Decoded c = decode(text, i);
        if (!c.valid)
            return false;
        i += c.length;
    }
}

std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const Decoded c = decode(text, i);
        if (c.point != 0)
            append(out, c.point);
        i += c.length;
    }
    return out;
}

std::string to_nfc(std::string_view text) {
    std::string valid = to_valid_utf8(text);
    if (is_ascii(valid))
        return valid;
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
    return normalize(form, std::move(valid), status);
}

std::string fold(std::string_view text) {
    std::string valid = to_valid_utf8(text);
    if (is_ascii(valid))
        return ascii_lower(valid);
    UErrorCode status = U_ZERO_ERROR;
    std::string folded =
        normalize(icu::Normalizer2::getNFKCCasefoldInstance(status), std::move(valid), status);
    status = U_ZERO_ERROR;
    const std::string apart = normalize(icu::Normalizer2::getNFDInstance(status), std::move(folded), status);
    return to_nfc(without_accents(apart));
}

std::string_view trim(std::string_view text) {
    const auto goes = [](const Decoded& c) {
        return c.valid && (is_space(c.point) || is_zero_width(c.point));
    };
    while (!text.empty()) {
        const Decoded c = decode(text, 0);
        if (!goes(c))
            break;
        text.remove_prefix(c.length);
    }
    while (!text.empty()) {
        const Decoded c = decode_last(text);
        if (!goes(c))
            break;
        text.remove_suffix(c.length);
    }
    return text;
}

std::string tidy(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool space = false;
    for (std::size_t i = 0; i < text.size();) {
        const Decoded c = decode(text, i);
        i += c.length;
        if (c.point == 0 || is_zero_width(c.point))
            continue;
        if (is_space(c.point)) {
            space = true;
            continue;
        }
        if (space && !out.empty())
            out += ' ';
        space = false;
        append(out, c.point);
    }
    return out;
}

std::string_view cut_bytes(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes)
        return text;
    std::size_t end = bytes;
    while (end > 0 && bytes - end < 3 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    // Bytes that are no UTF-8 at all may be cut anywhere.
    if ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        end = bytes;
    return text.substr(0, end);
}

std::size_t count_characters(std::string_view text) {
    constexpr std::uint32_t not_counted = U_GC_M_MASK | U_GC_CC_MASK | U_GC_CF_MASK;
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size();) {
        const Decoded c = decode(text, i);
        i += c.length;
        const bool letter =
            c.point < 0x80 ? c.point > ' ' && c.point != 0x7F
                           : !is_space(c.point) && (U_GET_GC_MASK(icu_point(c.point)) & not_counted) == 0;
        count += letter ? 1 : 0;
    }
    return count;
}

std::string ascii_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool iequals(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

} // namespace cdtd::base
