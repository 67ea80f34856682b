// Text as HTML. Private to the article layer.
#pragma once

#include <string>
#include <string_view>

namespace cdtd::article {

/// For between tags and for values in double quotes. Control characters go; other white space becomes a
/// space.
void append_escaped(std::string& out, std::string_view text);

/// Text that is HTML already, before it is parsed: without control characters.
void append_tamed(std::string& out, std::string_view html);

/// The numbers of characters that the parser can't hold become U+FFFD (gumbo 0.10.1 computes them in an int,
/// and writes what it overflows to). Last of all: what is taken out of a text may join two pieces to a
/// number.
void mend_numbers(std::string& html);

} // namespace cdtd::article
