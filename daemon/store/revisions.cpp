// Revisions, and the article's row, sources and images that follow the newest.
#include "store/article_terms.hpp"
#include "store/changes.hpp"
#include "store/json_text.hpp"
#include "store/likeness_rows.hpp"

#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/search.hpp>

#include <algorithm>
#include <set>

namespace cdtd::store {
namespace {

constexpr int most_alternates = 50; ///< of one source

std::string source_key(std::int64_t article, const model::CitedSource& source) {
    if (source.url)
        return *source.url;
    if (source.link)
        return "link:" + *source.link;
    return "name:" + std::to_string(article) + ":" + source.name.value_or("");
}

std::int64_t make_source(Connection& db, const std::string& key, const model::CitedSource& source) {
    {
        auto row = db.prepare("SELECT id FROM sources WHERE key = ?");
        row << key;
        if (row.step())
            return row.integer(0);
    }
    (db.prepare("INSERT INTO sources (key, url, platform) VALUES (?, ?, ?)")
     << key << source.url << source.platform)
        .run();
    return db.last_insert_id();
}

/// Rows that are no longer named go; sources themselves stay with what is known of them.
void drop_unnamed(Connection& db, std::int64_t article, const std::set<std::int64_t>& named) {
    std::vector<std::int64_t> stale;
    {
        auto row = db.prepare("SELECT source FROM article_sources WHERE article = ?");
        row << article;
        while (row.step())
            if (!named.contains(row.integer(0)))
                stale.push_back(row.integer(0));
    }
    for (const auto source : stale)
        (db.prepare("DELETE FROM article_sources WHERE article = ? AND source = ?") << article << source)
            .run();
}

void set_sources(Connection& db, std::int64_t article, const std::vector<model::CitedSource>& sources) {
    std::set<std::int64_t> named;
    int position = 0;
    for (const auto& source : sources) {
        const auto id = make_source(db, source_key(article, source), source);
        if (!named.insert(id).second)
            continue;
        (db.prepare(
             "INSERT INTO article_sources (article, source, position, name, link) VALUES (?, ?, ?, ?, ?) "
             "ON CONFLICT DO UPDATE SET position = excluded.position, name = excluded.name, "
             "link = excluded.link")
         << article << id << position++ << source.name << source.link)
            .run();
    }
    drop_unnamed(db, article, named);
    set_source_terms(db, article);
}

/// One that was there before and comes back is held already.
void set_images(Connection& db, std::int64_t article, const std::vector<std::string>& urls) {
    int position = 0;
    for (const auto& url : urls)
        (db.prepare("INSERT INTO images (article, position, url, key, capture) VALUES (?1, ?2, ?3, ?4, "
                    "(SELECT c.id FROM captures c JOIN article_captures l ON l.capture = c.id AND l.article "
                    "= ?1 WHERE c.key = ?4 AND c.kind = 'image' AND c.status = 200 AND c.truncated = '' "
                    "ORDER BY c.at DESC LIMIT 1)) ON CONFLICT DO UPDATE SET position = excluded.position, "
                    "capture = coalesce(images.capture, excluded.capture)")
         << article << position++ << url << key_of(url))
            .run();
    (db.prepare("DELETE FROM images WHERE article = ? AND url NOT IN (SELECT value FROM json_each(?))")
     << article << to_text(urls))
        .run();
}

int newest_number(Connection& db, std::int64_t article) {
    auto row = db.prepare("SELECT revision FROM articles WHERE id = ?");
    row << article;
    return row.step() ? static_cast<int>(row.integer(0)) : 0;
}

void write_revision(Connection& db, std::int64_t article, int number, const model::Revision& revision) {
    const auto& content = revision.content;
    (db.prepare("INSERT INTO revisions (article, number, seen_at, capture, changed, title, columns, outlet, "
                "headline, url, language, characters, sha256, reader, excerpt, card, text, html, "
                "original_html) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
     << article << number << revision.seen_at << revision.capture << to_text(revision.changed)
     << revision.title.text << to_text(revision.title.columns) << revision.title.outlet
     << revision.title.headline << revision.url << content.language << content.characters << content.sha256
     << article::kReader << content.excerpt << to_text(content.card) << content.text << content.html
     << revision.original_html)
        .run();
}

/// Which source an archive's copy is of: the one that its address names, else the article's only one. What
/// was linked once stays known.
void add_alternates(Connection& db, std::int64_t article, const std::vector<model::Alternate>& alternates) {
    if (alternates.empty())
        return;
    std::vector<std::pair<std::int64_t, std::string>> sources;
    {
        auto row =
            db.prepare("SELECT s.id, s.url FROM article_sources a CROSS JOIN sources s ON s.id = a.source "
                       "WHERE a.article = ? AND s.url IS NOT NULL");
        row << article;
        while (row.step())
            sources.emplace_back(row.integer(0), row.text(1));
    }
    for (const auto& alternate : alternates)
        for (const auto& [source, url] : sources)
            if (alternate.original ? *alternate.original == url : sources.size() == 1)
                (db.prepare(
                     "INSERT OR IGNORE INTO source_alternates (source, url, archive) SELECT ?1, ?2, ?3 "
                     "WHERE (SELECT count(*) FROM source_alternates WHERE source = ?1) < ?4")
                 << source << alternate.url << alternate.archive << most_alternates)
                    .run();
}

/// Title and address: every revision has them.
void follow_title(Connection& db, std::int64_t article, int number, const model::Revision& revision) {
    (db.prepare("UPDATE articles SET revision = ?1, change = ?2, changed_at = ?3, title = ?4, columns = ?5, "
                "outlet = ?6, headline = ?7, url = CASE ?8 WHEN '' THEN url ELSE ?8 END WHERE id = ?9")
     << number << next_change(db) << revision.seen_at << revision.title.text
     << to_text(revision.title.columns) << revision.title.outlet << revision.title.headline << revision.url
     << article)
        .run();
    set_terms(db, article, "column", revision.title.columns);
    set_terms(db, article, "outlet",
              revision.title.outlet ? std::vector{*revision.title.outlet} : std::vector<std::string>{});
}

void follow_content(Connection& db, std::int64_t article, const model::Content& content) {
    std::optional<std::string> author, language;
    if (content.card)
        author = content.card->author;
    if (!content.language.empty())
        language = content.language;
    std::string state;
    {
        auto row = db.prepare(
            "UPDATE articles SET author = ?, language = ?, excerpt = ?, characters = ?, "
            "content_sha256 = ?, card = ?, embeds = ?, state = CASE WHEN state IN ('seen', 'failed') "
            "THEN 'stored' ELSE state END WHERE id = ? RETURNING state");
        row << author << language << content.excerpt << content.characters << content.sha256
            << to_text(content.card) << to_text(content.embeds) << article;
        if (row.step())
            state = row.text(0);
    }
    set_terms(db, article, "state", {state});
    set_terms(db, article, "topic", content.card ? content.card->topics : std::vector<std::string>{});
    set_sources(db, article, content.sources);
    add_alternates(db, article, content.alternates);
    set_images(db, article, content.images);
    set_likeness(db, article, content.likeness);
}

} // namespace

int add_revision(Connection& db, std::int64_t article, const model::Revision& revision) {
    const int before = newest_number(db, article);
    const int number = before + 1;
    // A look that gave no content (only the title was edited) leaves what is held, and shows it further.
    const bool has_content = !revision.content.sha256.empty();
    const auto held = has_content || before == 0 ? std::nullopt : get_revision(db, article, before);
    if (held) {
        auto carried = revision;
        carried.content = held->content;
        write_revision(db, article, number, carried);
    } else {
        write_revision(db, article, number, revision);
    }
    follow_title(db, article, number, revision);
    if (has_content)
        follow_content(db, article, revision.content);
    index_article(db, article);
    return number;
}

std::optional<HeldReading> held_reading(Connection& db, std::int64_t article) {
    auto row =
        db.prepare("SELECT r.reader, r.original_html FROM revisions r JOIN articles a ON a.id = r.article "
                   "WHERE a.id = ? AND r.number = a.revision AND r.sha256 <> ''");
    row << article;
    return row.step() ? std::optional(HeldReading{static_cast<int>(row.integer(0)), row.text(1)})
                      : std::nullopt;
}

void set_fingerprint(Connection& db, std::int64_t article, const std::string& content_sha256) {
    (db.prepare(
         "UPDATE revisions SET sha256 = ?1, reader = ?2 WHERE article = ?3 AND number = (SELECT revision "
         "FROM articles WHERE id = ?3)")
     << content_sha256 << article::kReader << article)
        .run();
    (db.prepare("UPDATE articles SET content_sha256 = ? WHERE id = ?") << content_sha256 << article).run();
}

std::optional<model::Revision> get_revision(Connection& db, std::int64_t article, int number) {
    auto row =
        db.prepare("SELECT number, seen_at, capture, changed, title, columns, outlet, headline, url, "
                   "language, characters, sha256, excerpt, card, text, html, original_html FROM revisions "
                   "WHERE article = ?1 AND (number = ?2 OR ?2 = 0) ORDER BY number DESC LIMIT 1");
    row << article << number;
    if (!row.step())
        return std::nullopt;
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
    revision.content.excerpt = row.text(12);
    revision.content.card = card_of(row.optional_text(13));
    revision.content.text = row.text(14);
    revision.content.html = row.text(15);
    revision.original_html = row.text(16);
    return revision;
}

} // namespace cdtd::store
