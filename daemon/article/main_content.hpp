// Where in a page the article stands. Private.
#pragma once

#include "article/tree.hpp"

#include <vector>

namespace cdtd::article {

struct MainContent {
    const GumboNode* root = nullptr;       ///< nullptr: the page holds no article
    std::vector<const GumboNode*> foreign; ///< beneath root, and not of the article
};

/// Of a page that does not name the element (tame_page() finds the named ones): the one in which the prose of
/// the page stands, as readers' views find it (Arc90's readability): paragraphs give their parents points for
/// length and commas, links take them away.
MainContent find_main_content(const GumboNode* body);

} // namespace cdtd::article
