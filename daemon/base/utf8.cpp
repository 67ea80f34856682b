#include "base/utf8.hpp"

#include <algorithm>

namespace cdtd::base {
namespace {

unsigned byte(char c) {
    return static_cast<unsigned char>(c);
}

bool continues(char c) {
    return (byte(c) & 0xC0U) == 0x80U;
}

struct Lead {
    std::size_t length; ///< 0: not a leading byte
    unsigned bits;
    unsigned low, high; ///< what the second byte may be: keeps overlong forms and surrogates out
};

Lead lead_of(unsigned first) {
    if (first >= 0xC2 && first <= 0xDF)
        return {2, first & 0x1FU, 0x80, 0xBF};
    if (first >= 0xE0 && first <= 0xEF)
        return {3, first & 0x0FU, first == 0xE0 ? 0xA0U : 0x80U, first == 0xED ? 0x9FU : 0xBFU};
    if (first >= 0xF0 && first <= 0xF4)
        return {4, first & 0x07U, first == 0xF0 ? 0x90U : 0x80U, first == 0xF4 ? 0x8FU : 0xBFU};
    return {0, 0, 0, 0};
}

} // namespace

Decoded decode(std::string_view text, std::size_t at) {
    const unsigned first = byte(text[at]);
    if (first < 0x80)
        return {static_cast<char32_t>(first), 1, true};
    const Lead lead = lead_of(first);
    if (lead.length == 0)
        return {replacement, 1, false};
    char32_t point = lead.bits;
    for (std::size_t i = 1; i < lead.length; ++i) {
        if (at + i >= text.size() || !continues(text[at + i]))
            return {replacement, i, false};
        const unsigned next = byte(text[at + i]);
        if (i == 1 && (next < lead.low || next > lead.high))
            return {replacement, i, false};
        point = (point << 6U) | (next & 0x3FU);
    }
    return {point, lead.length, true};
}

Decoded decode_last(std::string_view text) {
    const std::size_t furthest = std::min<std::size_t>(text.size(), 4);
    for (std::size_t back = 1; back <= furthest; ++back) {
        const std::size_t at = text.size() - back;
        if (continues(text[at]))
            continue;
        const Decoded decoded = decode(text, at);
        if (decoded.valid && decoded.length == back)
            return decoded;
        break;
    }
    return {replacement, 1, false};
}

void append(std::string& out, char32_t point) {
    const auto put = [&out](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0U | (point >> 6U));
        put(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        put(0xE0U | (point >> 12U));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    } else {
        put(0xF0U | (point >> 18U));
        put(0x80U | ((point >> 12U) & 0x3FU));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    }
}

} // namespace cdtd::base
