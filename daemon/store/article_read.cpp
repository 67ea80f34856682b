// Reading one article: the row with its feeds and sources, and on demand everything that belongs to it.
#include "store/article_rows.hpp"
#include "store/capture_rows.hpp"
#include "store/json_text.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/watch.hpp>

#include <algorithm>

namespace cdtd::store {
namespace {

model::Article read_row(const Statement& row) {
    model::Article article;
    article.id = row.integer(0);
    article.change = row.integer(1);
    article.revision = static_cast<int>(row.integer(2));
    article.state = model::article_state(row.text(3));
    article.silent = row.integer(4) != 0;
    article.url = row.text(5);
    article.guid = row.text(6);
    article.site = row.optional_text(7);
    article.post_id = row.optional_integer(8);
    article.title = {row.text(9), list_of(row.text(10)), row.optional_text(11), row.text(12)};
    article.author = row.optional_text(13);
    article.editor = row.optional_text(14);
    article.language = row.optional_text(15);
    article.published_at = row.optional_time(16);
    article.first_seen_at = row.time(17);
    article.changed_at = row.time(18);
    article.page = {model::page_state(row.text(19)), row.optional_text(20), row.optional_time(21)};
    article.censored_at = row.optional_time(22);
    article.characters = row.integer(23);
    article.content_sha256 = row.optional_text(24);
    article.categories = list_of(row.text(25));
    article.excerpt = row.text(26);
    article.card = card_of(row.optional_text(27));
    article.embeds = embeds_of(row.text(28));
    return article;
}

std::vector<std::string> feeds_of(Connection& db, std::int64_t article) {
    std::vector<std::string> names;
    auto row = db.prepare("SELECT f.name FROM article_feeds a CROSS JOIN feeds f ON f.id = a.feed "
                          "WHERE a.article = ? ORDER BY a.first_seen_at, f.name");
    row << article;
    while (row.step())
        names.push_back(row.text(0));
    return names;
}

std::vector<model::Source> sources_of(Connection& db, std::int64_t article) {
    std::vector<model::Source> sources;
    auto row = db.prepare("SELECT " + source_columns("a.name", "a.link") +
                          " FROM article_sources a CROSS JOIN sources s ON s.id = a.source "
                          "LEFT JOIN saves v ON v.source = s.id WHERE a.article = ? ORDER BY a.position");
    row << article;
    while (row.step())
        sources.push_back(read_source(row));
    for (auto& source : sources)
        source.alternates = alternates_of(db, source.id);
    return sources;
}

std::vector<model::Image> images_of(Connection& db, std::int64_t article) {
    std::vector<model::Image> images;
    auto row = db.prepare("SELECT url, capture, error FROM images WHERE article = ? ORDER BY position, id");
    row << article;
    while (row.step())
        images.push_back({row.text(0), row.optional_integer(1), row.optional_text(2)});
    return images;
}

/// Page and images, and the feed documents that the revisions were read from.
std::vector<model::Capture> captures_of(Connection& db, std::int64_t article) {
    std::vector<model::Capture> captures;
    auto row = db.prepare(capture_rows +
                          "AND c.id IN (SELECT capture FROM article_captures WHERE article = ?1 "
                          "UNION SELECT capture FROM images WHERE article = ?1 AND capture IS NOT NULL "
                          "UNION SELECT capture FROM revisions WHERE article = ?1 AND capture IS NOT NULL) "
                          "ORDER BY c.at, c.id");
    row << article;
    while (row.step())
        captures.push_back(read_capture(row));
    return captures;
}

/// What was tried and is not held: with its next attempt, or (given up: too large) without one.
std::vector<model::Missing> missing_of(Connection& db, const model::Article& article) {
    std::vector<model::Missing> missing;
    auto row = db.prepare("SELECT url, last_error, due_at FROM jobs "
                          "WHERE kind = 'capture' AND article = ? AND attempts > 0 ORDER BY id");
    row << article.id;
    while (row.step())
        missing.push_back({row.text(0), row.text(1), row.time(2)});
    if (article.page.state == model::PageState::failed && !article.page.next_try_at)
        missing.push_back({article.url, article.page.reason.value_or(""), std::nullopt});
    for (const auto& image : article.images) {
        const auto same = [&](const model::Missing& known) { return known.url == image.url; };
        if (image.error && !image.capture && std::none_of(missing.begin(), missing.end(), same))
            missing.push_back({image.url, *image.error, std::nullopt});
    }
    return missing;
}

std::vector<model::Revision> revisions_of(Connection& db, std::int64_t article) {
    std::vector<model::Revision> revisions;
    auto row =
        db.prepare("SELECT number, seen_at, capture, changed, title, columns, outlet, headline, url, "
                   "language, characters, sha256 FROM revisions WHERE article = ? ORDER BY number DESC");
    row << article;
    while (row.step()) {
        model::Revision revision;
        revision.number = static_cast<int>(row.integer(0));
        revision.seen_at = row.time(1);
        revision.capture = row.optional_integer(2);
        revision.changed = list_of(row.text(3));
        revision.title = {row.text(4), list_of(row.text(5)), row.optional_text(6), row.text(7)};
        revision.url = row.text(8);
        revision.content.language = row.text(9);
        revision.content.characters = row.integer(10);
        revision.content.sha256 = row.text(11);
        revisions.push_back(std::move(revision));
    }
    return revisions;
}

} // namespace

std::optional<model::Article> get_article(Connection& db, std::int64_t id, bool full) {
    auto row =
        db.prepare("SELECT id, change, revision, state, silent, url, guid, site, post_id, title, columns, "
                   "outlet, headline, author, editor, language, published_at, first_seen_at, changed_at, "
                   "page_state, page_reason, page_next_try_at, censored_at, characters, content_sha256, "
                   "categories, excerpt, card, embeds FROM articles WHERE id = ?");
    row << id;
    if (!row.step())
        return std::nullopt;
    auto article = read_row(row);
    article.feeds = feeds_of(db, id);
    article.sources = sources_of(db, id);
    if (full) {
        for (auto& source : article.sources)
            source.looks = looks_of(db, source.id, shown_looks);
        article.images = images_of(db, id);
        article.related = related_of(db, id);
        article.captures = captures_of(db, id);
        article.missing = missing_of(db, article);
        article.revisions = revisions_of(db, id);
    }
    return article;
}

} // namespace cdtd::store
