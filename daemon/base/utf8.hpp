// Reading and writing single code points of UTF-8. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdtd::base {

inline constexpr char32_t replacement = 0xFFFD;

struct Decoded {
    char32_t point;     ///< U+FFFD where the bytes are not valid
    std::size_t length; ///< bytes taken, 1 at least: an invalid sequence's longest valid beginning
    bool valid;
};

/// The code point at `at`, which must be inside `text`.
Decoded decode(std::string_view text, std::size_t at);
/// The last code point of `text`, which must not be empty.
Decoded decode_last(std::string_view text);
void append(std::string& out, char32_t point);

} // namespace cdtd::base
