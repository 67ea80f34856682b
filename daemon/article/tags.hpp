// The vocabulary that is let through to the HTML parser: everything else loses its tag (and, where its
// content is no prose, its content). Private to the article layer.
#pragma once

#include <span>
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

/// nullptr: not in the vocabulary. `name` in any case.
const Tag* find_tag(std::string_view name);
/// The attributes that may pass on a tag; at most 32.
std::span<const std::string_view> kept_attributes(const Tag& tag);

} // namespace cdtd::article
