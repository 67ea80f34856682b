// Text as HTML. Private to the article layer.
#pragma once

#include <string>
#include <string_view>

namespace cdtd::article {

/// For between tags and for values in double quotes. Control characters go; other white space becomes a
/// space.
void append_escaped(std::string& out, std::string_view text);

} // namespace cdtd::article
