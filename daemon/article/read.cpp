#include "article/alternates.hpp"
#include "article/boilerplate.hpp"
#include "article/card.hpp"
#include "article/embeds.hpp"
#include "article/main_content.hpp"
#include "article/pictures.hpp"
#include "article/prose.hpp"
#include "article/sanitize.hpp"
#include "article/tree.hpp"

#include <cdtd/article/likeness.hpp>
#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <utility>
#include <vector>

namespace cdtd::article {

namespace {

model::Content content_of(const GumboNode* root, const std::vector<const GumboNode*>& foreign,
                          std::string_view url) {
    const auto boilerplate = find_boilerplate(root, foreign);
    const auto pictures = find_pictures(root, boilerplate, url);
    auto prose = find_prose(root, boilerplate, pictures, url);
    model::Content content;
    content.html = sanitize(root, boilerplate, pictures, url);
    content.language = language_of(prose.text);
    content.excerpt = excerpt_of(prose.text, content.language);
    content.characters = static_cast<std::int64_t>(base::count_characters(prose.text));
    content.sha256 = fingerprint(prose, pictures.urls);
    content.images = pictures.urls;
    content.embeds = find_embeds(root, boilerplate, url);
    content.likeness = likeness_of(prose.text);
    content.text = std::move(prose.text);
    if (boilerplate.credits != nullptr) {
        auto credits = read_credits(boilerplate.credits);
        content.editor = std::move(credits.editor);
        content.tags = std::move(credits.tags);
    }
    for (const auto* card : boilerplate.cards) {
        if (auto reading = read_card(card, url)) {
            content.card = std::move(reading->card);
            content.sources = std::move(reading->sources);
            break;
        }
    }
    content.alternates = find_alternates(root, boilerplate, url);
    return content;
}

} // namespace

model::Content read(std::string_view html, std::string_view url) {
    const Tree tree(html);
    return content_of(tree.body(), {}, url);
}

std::optional<model::Content> read_page(std::string_view html, std::string_view url) {
    const auto tree = Tree::of_page(html);
    const auto found = tree.is_article() ? MainContent{tree.body(), {}} : find_main_content(tree.body());
    if (found.root == nullptr) {
        return std::nullopt;
    }
    return content_of(found.root, found.foreign, url);
}

} // namespace cdtd::article
