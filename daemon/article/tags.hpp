// The vocabulary that is let through to the HTML parser: everything else loses its tag (and, where its
// content is no prose, its content). Private to the article layer.
#pragma once

#include <string_view>

namespace cdtd::article {

enum class TagKind {
    block,      ///< closes an open paragraph
    item,       ///< li
    inline_,    ///< formatting; carries no attributes
    link,       ///< a
    void_,      ///< br, hr, img
    embed,      ///< iframe, video, audio: shown as a link
    table,      ///< table
    table_part, ///< thead, tbody, tfoot, tr, td, th
    raw,        ///< content is not markup and not prose: dropped up to the end tag
    skip,       ///< content is markup but not prose: dropped up to the end tag, where there is one
    icon,       ///< i, where its class is wanted
    noscript,   ///< only images inside are kept, marked as twins
};

struct Tag {
    std::string_view name;
    std::string_view emit;
    TagKind kind;
};

/// nullptr: not in the vocabulary. `name` in lower case.
const Tag* find_tag(std::string_view name);
/// Whether an attribute may pass, on a tag that is emitted as `emit`.
bool keeps_attribute(const Tag& tag, std::string_view attribute);

} // namespace cdtd::article
