// The links of a page, however broken or huge the page is. Private; gumbo behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cdtd::feed::detail {

struct HtmlLink {
    bool anchor = false;                ///< <a>, else <link>
    std::string rel, type, href, title; ///< as written, entities decoded; an anchor's title is its text
};

struct HtmlLinks {
    std::string base;            ///< href of the first <base>; "" where there is none
    std::vector<HtmlLink> links; ///< in document order
};

/// The parser is quadratic in nesting and in the attributes of a tag. It is therefore given a flat document
/// only: the tags <link>, <base> and <a> with the words behind it, each closed at once, as many as people
/// write; everything else of the page, scripts and comments with their content, is left out before.
HtmlLinks links_of(std::string_view html);

} // namespace cdtd::feed::detail
