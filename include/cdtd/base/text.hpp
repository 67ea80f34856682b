// UTF-8 text: repair, normal form, folding, width, and what may reach a terminal. Pure; any thread. ICU
// behind it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cdtd::base {

bool is_valid_utf8(std::string_view text);
/// Invalid sequences become U+FFFD; NUL is removed.
std::string to_valid_utf8(std::string_view text);
/// Unicode Normalization Form C; invalid UTF-8 is repaired first.
std::string to_nfc(std::string_view text);
/// Case-, width- and accent-folded form, for comparing (not for showing): NFKC case folding.
std::string fold(std::string_view text);

/// Spaces of every kind (NBSP, U+3000, zero-width, BOM) trimmed from both ends.
std::string_view trim(std::string_view text);
/// Zero-width characters (U+200B–U+200D, U+2060, U+FEFF) removed, runs of white space made one space,
/// trimmed.
std::string tidy(std::string_view text);

/// Cells on a terminal: East Asian wide and fullwidth count two, combining marks none.
std::size_t display_width(std::string_view text);
/// Cut to at most `cells`, with "…" where something was cut.
std::string fit(std::string_view text, std::size_t cells);
/// fit() and pad with spaces to exactly `cells`.
std::string pad(std::string_view text, std::size_t cells);
/// Nothing that a publisher wrote may steer a terminal or a log: C0, C1, DEL, escape sequences, bidirectional
/// controls (U+202A–U+202E, U+2066–U+2069, U+200E, U+200F, U+061C) and line separators are removed or made a
/// space. `keep_newlines` keeps \n and \t.
std::string terminal_safe(std::string_view text, bool keep_newlines = false);
/// At most `bytes` bytes, never cutting inside a character.
std::string_view cut_bytes(std::string_view text, std::size_t bytes);
/// The same, and never inside what people see as one character (UAX #29: a letter with its marks, a flag),
/// unless that alone is longer.
std::string_view cut_graphemes(std::string_view text, std::size_t bytes);
/// Characters as people count them: code points that are neither white space nor marks nor controls.
std::size_t count_characters(std::string_view text);

/// ASCII only, for protocol words (header names, hosts, schemes).
std::string ascii_lower(std::string_view text);
bool iequals(std::string_view a, std::string_view b);

} // namespace cdtd::base
