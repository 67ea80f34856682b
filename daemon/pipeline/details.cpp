#include <cdtd/article/links.hpp>
#include <cdtd/article/read.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/pipeline/details.hpp>
#include <cdtd/store/articles.hpp>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace cdtd::pipeline {

namespace {

auto parts_of(const model::Card& card) {
    return std::tie(card.title, card.author, card.published_on, card.submitter, card.censored_on, card.topics,
                    card.collections, card.kind, card.license);
}

bool is_same_card(const std::optional<model::Card>& one, const std::optional<model::Card>& other) {
    return one && other ? parts_of(*one) == parts_of(*other) : one.has_value() == other.has_value();
}

bool is_same_source(const model::CitedSource& one, const model::CitedSource& other) {
    return std::tie(one.url, one.link, one.name, one.platform) ==
           std::tie(other.url, other.link, other.name, other.platform);
}

/// A copy on another host, over http or in another size is the same picture: the end of its path, without the
/// sizes that WordPress (name-300x200.jpg) and WeChat (ID/640) put there.
std::string picture_key(const std::string& url) {
    const auto parts = base::split_url(url);
    std::string path = base::percent_decode(parts ? parts->path : url);
    const auto is_size = [](std::string_view text) {
        return !text.empty() &&
               std::ranges::all_of(text, [](char c) { return c == 'x' || (c >= '0' && c <= '9'); });
    };
    if (const auto slash = path.rfind('/');
        slash != path.npos && is_size(std::string_view(path).substr(slash + 1)))
        path.erase(slash);
    path = article::without_picture_size(std::move(path));
    auto from = path.size();
    for (int segment = 0; segment < 3 && from != path.npos && from > 0; ++segment)
        from = path.rfind('/', from - 1);
    return from == path.npos ? path : path.substr(from);
}

std::set<std::string> keys_of(const std::vector<std::string>& images) {
    std::set<std::string> keys;
    for (const std::string& image : images)
        keys.insert(picture_key(image));
    return keys;
}

} // namespace

std::vector<std::string> changed_details(store::Connection& db, std::int64_t article,
                                         const Reading& reading) {
    const auto held = store::held_reading(db, article);
    if (!held || !reading.content || held->original_html == reading.html || store::find_summary(db, article))
        return {};
    const std::string& link = reading.entry.link;
    const auto before =
        article::read(held->original_html, link.empty() ? store::known_of(db, article).url : link);
    const model::Content& now = *reading.content;
    std::vector<std::string> changed;
    if (!is_same_card(before.card, now.card) ||
        !std::ranges::equal(before.sources, now.sources, is_same_source))
        changed.emplace_back("card");
    if (keys_of(before.images) != keys_of(now.images))
        changed.emplace_back("images");
    return changed;
}

void follow_credits(store::Connection& db, std::int64_t article, const Reading& reading, base::Time at) {
    const auto known = store::get_article(db, article, false);
    if (!known)
        return;
    model::Article now = *known;
    if (!reading.entry.author.empty())
        now.editor = reading.entry.author;
    if (!reading.entry.categories.empty())
        now.categories = reading.entry.categories;
    if (now.editor != known->editor || now.categories != known->categories)
        store::set_credits(db, article, now.editor, now.categories, at);
}

} // namespace cdtd::pipeline
