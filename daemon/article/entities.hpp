// Character references of HTML in plain text. Private.
#pragma once

#include <string>
#include <string_view>

namespace cdtd::article {

/// One round of decoding: "&amp;amp;" becomes "&amp;". Markup stays as it is.
std::string decode_entities(std::string_view text);

} // namespace cdtd::article
