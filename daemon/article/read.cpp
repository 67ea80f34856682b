#include "article/boilerplate.hpp"
#include "article/card.hpp"
#include "article/pictures.hpp"
#include "article/prose.hpp"
#include "article/sanitize.hpp"
#include "article/tree.hpp"

#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

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

} // namespace

model::Content read(std::string_view html, std::string_view url) {
    const Tree tree(html);
    return content_of(tree.body(), url);
}

std::optional<model::Content> read_page(std::string_view html, std::string_view url) {
    const auto tree = Tree::of_article(html);
    return tree ? std::optional(content_of(tree->body(), url)) : std::nullopt;
}

} // namespace cdtd::article
