#include "article/boilerplate.hpp"
#include "article/card.hpp"
#include "article/pictures.hpp"
#include "article/prose.hpp"
#include "article/sanitize.hpp"
#include "article/tree.hpp"

#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <array>
#include <utility>

namespace cdtd::article {

namespace {

model::Content content_of(const GumboNode* root, std::string_view url) {
    const auto boilerplate = find_boilerplate(root);
    const auto pictures = find_pictures(root, boilerplate, url);
    auto prose = find_prose(root, boilerplate, pictures, url);
    model::Content content;
    content.html = sanitize(root, boilerplate, pictures, url);
    content.language = language_of(prose.text);
    content.excerpt = excerpt_of(prose.text, content.language);
    content.characters = static_cast<std::int64_t>(base::count_characters(prose.text));
    content.sha256 = fingerprint(prose, pictures.urls);
    content.images = pictures.urls;
    content.text = std::move(prose.text);
    for (const auto* card : boilerplate.cards) {
        if (auto reading = read_card(card, url)) {
            content.card = std::move(reading->card);
            content.sources = std::move(reading->sources);
            break;
        }
    }
    return content;
}

using Wanted = bool (*)(const GumboNode*);

/// Content elements by how surely they hold the article and nothing else.
constexpr std::array<Wanted, 5> kContentElements{
    [](const GumboNode* node) { return has_class(node, "entry-content"); },
    [](const GumboNode* node) { return has_class(node, "post-content"); },
    [](const GumboNode* node) { return attribute(node, "id") == "js_content"; },
    [](const GumboNode* node) { return is_element(node, GUMBO_TAG_ARTICLE); },
    [](const GumboNode* node) { return is_element(node, GUMBO_TAG_MAIN); },
};

const GumboNode* find_first(const GumboNode* node, Wanted wanted) {
    for (unsigned i = 0; i < child_count(node); ++i) {
        const auto* child = child_at(node, i);
        if (is_element(child) && wanted(child)) {
            return child;
        }
        if (const auto* found = find_first(child, wanted)) {
            return found;
        }
    }
    return nullptr;
}

} // namespace

model::Content read(std::string_view html, std::string_view url) {
    const Tree tree(html);
    return content_of(tree.body(), url);
}

std::optional<model::Content> read_page(std::string_view html, std::string_view url) {
    const Tree tree(html);
    for (const auto wanted : kContentElements) {
        if (const auto* element = find_first(tree.body(), wanted)) {
            return content_of(element, url);
        }
    }
    return std::nullopt;
}

} // namespace cdtd::article
