// What stands in an entry and is not the article: share buttons, footers of feeds, related posts, the card.
#pragma once

#include "article/tree.hpp"

#include <unordered_set>
#include <vector>

namespace cdtd::article {

struct Boilerplate {
    std::unordered_set<const GumboNode*> dropped; ///< with all beneath
    std::vector<const GumboNode*> cards;          ///< the content elements of archive cards, in order

    [[nodiscard]] bool has(const GumboNode* node) const { return dropped.contains(node); }
};

Boilerplate find_boilerplate(const GumboNode* root);

} // namespace cdtd::article
