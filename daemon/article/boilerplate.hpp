// What stands in an entry and is not the article: share buttons, footers of feeds, related posts, the card.
#pragma once

#include "article/tree.hpp"

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace cdtd::article {

struct Boilerplate {
    std::unordered_set<const GumboNode*> dropped; ///< with all beneath
    std::vector<const GumboNode*> cards;          ///< the content elements of archive cards, in order
    const GumboNode* credits = nullptr;           ///< "© EDITOR for SITE … Post tags: …", a plugin's line

    [[nodiscard]] bool has(const GumboNode* node) const { return dropped.contains(node); }
};

/// `foreign`: known not to be of the article.
Boilerplate find_boilerplate(const GumboNode* root, const std::vector<const GumboNode*>& foreign);

/// Adds what an account writes under each of its articles: please like and share, earlier articles, scan this
/// code. Only from the end upwards, and never the whole article.
void drop_promotion(const GumboNode* root, Boilerplate& found);

/// The bytes of text beneath that stand in links.
std::size_t linked_text(const GumboNode* node);
bool has_picture(const GumboNode* node);

/// What the credits line says: the only place where feeds of 2020 named editor and tags.
struct Credits {
    std::optional<std::string> editor;
    std::vector<std::string> tags;
};
Credits read_credits(const GumboNode* line);

} // namespace cdtd::article
