#include "base/utf8.hpp"

#include <cdtd/base/text.hpp>

#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <limits>

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

bool is_space(char32_t point) {
    if (point < 0x80)
        return point == ' ' || (point >= '\t' && point <= '\r');
    return u_isUWhiteSpace(icu_point(point)) != 0;
}

// `text` must be valid UTF-8. What ICU can't take (over 2 GiB, no memory) stays as it was: comparing it
// still works, only less kindly.
std::string normalize(const icu::Normalizer2* form, std::string text, UErrorCode status) {
    if (U_FAILURE(status) != 0 || form == nullptr ||
        text.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        return text;
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
    for (std::size_t i = 0; i < text.size();) {
        const Decoded c = decode(text, i);
        if (!c.valid)
            return false;
        i += c.length;
    }
    return true;
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
