// Bytes to UTF-8 by the name of their encoding, and the name by the bytes. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cdtd::feed::detail {

/// A charset's name as we call it: the superset where servers name the subset (gb18030 for gb2312,
/// windows-1252 for Latin 1). "" for nonsense.
std::string known_charset(std::string_view label);
/// As UTF-8, with U+FFFD for what is none of its characters; nullopt: no such charset.
std::optional<std::string> convert(std::string_view bytes, const std::string& charset);
/// UTF-16 and UTF-32, which announce themselves: by a mark, or by "<" or "{" with its zero bytes. "" for the
/// others.
std::string wide_charset(std::string_view bytes);
/// What the bytes look like, by the frequency of their letters; "" where that says little.
std::string detected_charset(std::string_view bytes);
/// How many characters of valid UTF-8 stand for bytes that were lost.
std::size_t lost_characters(std::string_view text);
/// UTF-8 with a flaw, rather than something else: nearly all that is not ASCII in it is sound.
bool is_nearly_utf8(std::string_view bytes);

/// Valid UTF-8 with more letters beyond ASCII than chance would give another charset.
bool is_surely_utf8(std::string_view bytes);
/// One U+FFFD for each run of bytes that are none: junk must not grow to three times its size.
std::string repaired_utf8(std::string_view bytes);

} // namespace cdtd::feed::detail
