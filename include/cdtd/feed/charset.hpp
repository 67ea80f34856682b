// Which encoding a document is in, and the document as UTF-8. Pure; any thread. ICU behind it.
#pragma once

#include <string>
#include <string_view>

namespace cdtd::feed {

struct Decoded {
    std::string text;    ///< valid UTF-8, without a byte order mark
    std::string charset; ///< the one used: "utf-8", "gb18030" (for gb2312 and gbk too), …
    bool repaired;       ///< bytes had to be replaced
};

/// BOM, then the charset of `content_type`, then the XML declaration, then UTF-8.
Decoded decode(std::string_view bytes, std::string_view content_type);

} // namespace cdtd::feed
