// Which encoding a document is in, and the document as UTF-8. Pure; any thread. ICU behind it.
#pragma once

#include <string>
#include <string_view>

namespace cdtd::feed {

struct Decoded {
    std::string text;     ///< valid UTF-8, without a byte order mark
    std::string charset;  ///< the one used: "utf-8", "gb18030" (for gb2312 and gbk too), …
    bool repaired;        ///< bytes had to be replaced
    std::string conflict; ///< one line for people where it is not the one that was named; "" else
};

/// BOM, then the charset of `content_type`, then the XML declaration (RFC 7303, 3; the header's Latin 1,
/// which is servers' default, yields to it), then UTF-8 where the bytes are it, then what they look like.
/// What can't be read as it is labelled is tried as the next.
Decoded decode(std::string_view bytes, std::string_view content_type);

/// The same of a web page: where the header names none, its <meta> does (HTML, 13.2.3.2).
Decoded decode_page(std::string_view bytes, std::string_view content_type);
/// Its text; what is no text by its type stays the bytes that it is.
std::string page_text(std::string_view bytes, std::string_view content_type);

} // namespace cdtd::feed
