// Identity and state of articles. What they say: revisions.cpp.
#include "store/article_terms.hpp"
#include "store/changes.hpp"
#include "store/json_text.hpp"
#include "store/search_document.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/search.hpp>

#include <algorithm>

namespace cdtd::store {

std::int64_t next_change(Connection& db) {
    auto row = db.prepare("UPDATE counters SET value = value + 1 WHERE name = 'change' RETURNING value");
    row.step();
    return row.integer(0);
}

std::optional<std::int64_t> find_article(Connection& db, const std::vector<change::Key>& keys) {
    for (const auto& key : keys) {
        auto row = db.prepare("SELECT article FROM article_keys WHERE kind = ? AND value = ?");
        row << key.kind << key.value;
        if (row.step())
            return row.integer(0);
    }
    return std::nullopt;
}

std::optional<Twin> find_twin(Connection& db, std::int64_t feed, const std::string& content_sha256) {
    auto row = db.prepare("SELECT a.id, a.headline, a.characters, a.published_at FROM articles a "
                          "JOIN article_feeds f ON f.article = a.id "
                          "WHERE (a.content_sha256 = ?1 OR a.feed_sha256 = ?1) AND f.feed = ?2 "
                          "ORDER BY a.id DESC LIMIT 1");
    row << content_sha256 << feed;
    if (!row.step())
        return std::nullopt;
    return Twin{row.integer(0), row.text(1), row.integer(2), row.optional_time(3)};
}

bool has_copy(Connection& db, const std::string& content_sha256, std::optional<base::Time> published,
              const std::string& headline) {
    constexpr std::int64_t telling = 200; // characters: a line or a picture alone says little
    std::optional<base::Time> from, to;
    if (published) {
        from = std::chrono::floor<std::chrono::milliseconds>(*published);
        to = *from + std::chrono::milliseconds(1);
    }
    auto row = db.prepare("SELECT 1 FROM articles WHERE content_sha256 = ?1 AND (characters >= ?2 OR "
                          "headline = ?3) AND CASE WHEN ?4 IS NULL THEN published_at IS NULL "
                          "ELSE published_at >= ?4 AND published_at < ?5 END LIMIT 1");
    row << content_sha256 << telling << headline << from << to;
    return row.step();
}

void add_keys(Connection& db, std::int64_t article, const std::vector<change::Key>& keys) {
    for (const auto& key : keys)
        (db.prepare("INSERT OR IGNORE INTO article_keys (kind, value, article) VALUES (?, ?, ?)")
         << key.kind << key.value << article)
            .run();
}

void take_keys(Connection& db, std::int64_t article, const std::vector<change::Key>& keys) {
    for (const auto& key : keys)
        (db.prepare("INSERT OR REPLACE INTO article_keys (kind, value, article) VALUES (?, ?, ?)")
         << key.kind << key.value << article)
            .run();
}

change::Known known_of(Connection& db, std::int64_t article) {
    auto row = db.prepare("SELECT title, columns, url, coalesce(feed_sha256, content_sha256), published_at "
                          "FROM articles WHERE id = ?");
    row << article;
    if (!row.step())
        return {};
    return {row.text(0), list_of(row.text(1)), row.text(2), row.text(3), row.optional_time(4)};
}

void set_summary(Connection& db, std::int64_t article, const std::optional<std::string>& summary_sha256) {
    (db.prepare("UPDATE articles SET feed_sha256 = ? WHERE id = ?") << summary_sha256 << article).run();
}

std::optional<std::string> find_summary(Connection& db, std::int64_t article) {
    auto row = db.prepare("SELECT feed_sha256 FROM articles WHERE id = ?");
    row << article;
    return row.step() ? row.optional_text(0) : std::nullopt;
}

std::int64_t insert_article(Connection& db, const model::Article& article) {
    const auto sort_at = article.published_at.value_or(article.first_seen_at);
    (db.prepare(
         "INSERT INTO articles (sort_at, change, state, silent, url, guid, site, post_id, title, columns, "
         "outlet, headline, editor, published_at, first_seen_at, changed_at, page_state, page_reason, "
         "page_next_try_at, censored_at, categories) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
     << sort_at << next_change(db) << model::to_string(article.state) << article.silent << article.url
     << article.guid << article.site << article.post_id << article.title.text
     << to_text(article.title.columns) << article.title.outlet << article.title.headline << article.editor
     << article.published_at << article.first_seen_at << std::max(article.changed_at, article.first_seen_at)
     << model::to_string(article.page.state) << article.page.reason << article.page.next_try_at
     << article.censored_at << to_text(article.categories))
        .run();
    const auto id = db.last_insert_id();
    add_term(db, id, "state", std::string(model::to_string(article.state)));
    for (const auto& column : article.title.columns)
        add_term(db, id, "column", column);
    if (article.title.outlet)
        add_term(db, id, "outlet", *article.title.outlet);
    return id;
}

bool note_in_feed(Connection& db, std::int64_t article, std::int64_t feed, base::Time at, bool backfilled) {
    (db.prepare("INSERT OR IGNORE INTO article_feeds (article, feed, first_seen_at, backfilled) "
                "VALUES (?, ?, ?, ?)")
     << article << feed << at << backfilled)
        .run();
    if (db.changes() == 0)
        return false;
    std::string name;
    {
        auto row = db.prepare("SELECT name FROM feeds WHERE id = ?");
        row << feed;
        if (row.step())
            name = row.text(0);
    }
    add_term(db, article, "feed", name);
    if (is_indexed(db, article)) // else its first content is about to come, or index_more
        index_article(db, article);
    return true;
}

std::optional<InFeed> find_in_feed(Connection& db, std::int64_t article, std::int64_t feed) {
    auto row = db.prepare(
        "SELECT first_seen_at, digest, backfilled FROM article_feeds WHERE article = ? AND feed = ?");
    row << article << feed;
    return row.step() ? std::optional(InFeed{row.time(0), row.text(1), row.integer(2) != 0}) : std::nullopt;
}

void note_digest(Connection& db, std::int64_t article, std::int64_t feed, const std::string& digest) {
    (db.prepare("UPDATE article_feeds SET digest = ? WHERE article = ? AND feed = ?")
     << digest << article << feed)
        .run();
}

std::vector<base::Time> newest_times(Connection& db, const std::string& feed, int limit) {
    std::vector<base::Time> times;
    const auto terms = find_terms(db, "feed", {feed});
    if (terms.empty())
        return times;
    auto row = db.prepare("SELECT sort_at FROM article_terms WHERE term = ? ORDER BY sort_at DESC LIMIT ?");
    row << terms.front() << limit;
    while (row.step())
        times.push_back(row.time(0));
    return times;
}

std::optional<base::Time> newest_known(Connection& db, std::int64_t feed, base::Time before) {
    // What is dated into the future, or not at all (it sorts by first sight), says nothing about what is old.
    auto row = db.prepare(
        "SELECT max(n.sort_at) FROM (SELECT article, sort_at FROM article_terms "
        "WHERE term = (SELECT t.id FROM terms t JOIN feeds o ON o.name = t.value WHERE t.kind = 'feed' AND "
        "o.id = ?1) ORDER BY sort_at DESC LIMIT 100) n JOIN article_feeds f ON f.article = n.article AND "
        "f.feed = ?1 WHERE f.first_seen_at < ?2 AND n.sort_at < f.first_seen_at AND f.backfilled = 0");
    row << feed << before;
    return row.step() ? row.optional_time(0) : std::nullopt;
}

std::optional<base::Time> revised_at(Connection& db, std::int64_t article, int back) {
    auto row = db.prepare("SELECT r.seen_at FROM revisions r JOIN articles a ON a.id = r.article "
                          "WHERE a.id = ? AND r.number = a.revision - ?");
    row << article << back;
    return row.step() ? std::optional(row.time(0)) : std::nullopt;
}

void set_censored(Connection& db, std::int64_t article, base::Time at) {
    {
        auto row = db.prepare("SELECT 1 FROM articles WHERE id = ? AND censored_at IS NULL");
        row << article;
        if (!row.step())
            return;
    }
    (db.prepare("UPDATE articles SET censored_at = ?, changed_at = ?, change = ? WHERE id = ?")
     << at << at << next_change(db) << article)
        .run();
}

void set_credits(Connection& db, std::int64_t article, const std::optional<std::string>& editor,
                 const std::vector<std::string>& categories, base::Time at) {
    (db.prepare("UPDATE articles SET editor = ?, categories = ?, changed_at = ?, change = ? WHERE id = ?")
     << editor << to_text(categories) << at << next_change(db) << article)
        .run();
    index_article(db, article);
}

void set_page(Connection& db, std::int64_t article, const model::Page& page) {
    (db.prepare("UPDATE articles SET page_state = ?, page_reason = ?, page_next_try_at = ? WHERE id = ?")
     << model::to_string(page.state) << page.reason << page.next_try_at << article)
        .run();
}

void set_state(Connection& db, std::int64_t article, model::ArticleState state, base::Time at) {
    const std::string name(model::to_string(state));
    (db.prepare("UPDATE articles SET state = ?, changed_at = ?, change = ? WHERE id = ?")
     << name << at << next_change(db) << article)
        .run();
    set_terms(db, article, "state", {name});
}

} // namespace cdtd::store
