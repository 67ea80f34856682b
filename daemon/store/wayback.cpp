#include "store/article_terms.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/wayback.hpp>

#include <algorithm>
#include <utility>

namespace cdtd::store {
namespace {

constexpr int most_citations = 50; ///< whose links are looked at
constexpr std::size_t longest_reason = 600;

using Unasked = std::vector<std::pair<std::int64_t, std::string>>;

Unasked read_unasked(Statement row) {
    Unasked sources;
    while (row.step())
        sources.emplace_back(row.integer(0), row.text(1));
    return sources;
}

void queue(Connection& db, std::int64_t source, const std::string& url, base::Time due_at) {
    Job job;
    job.kind = "resolve_source";
    job.role = "source";
    job.url = url;
    job.due_at = due_at;
    add_job(db, job);
    (db.prepare("UPDATE sources SET wayback_asked = 1, wayback_next_check_at = ? WHERE id = ?")
     << due_at << source)
        .run();
}

void read_citations(Connection& db, Sought& sought) {
    auto row = db.prepare(
        "SELECT a.link, r.published_at, r.first_seen_at, json_extract(r.card, '$.published_on'), r.url FROM "
        "article_sources a CROSS JOIN articles r ON r.id = a.article WHERE a.source = ? ORDER BY a.article "
        "DESC LIMIT ?");
    row << sought.id << most_citations;
    while (row.step()) {
        if (const auto link = row.optional_text(0);
            link && std::ranges::find(sought.links, *link) == sought.links.end())
            sought.links.push_back(*link);
        if (sought.article_url.empty())
            sought.article_url = row.text(4);
        sought.article_of = row.is_null(1) ? row.time(2) : row.time(1);
        sought.known_at = row.time(2); // the last one read is the first that was seen
        if (!sought.published_on)
            sought.published_on = row.optional_text(3);
    }
}

void read_verdicts(Connection& db, Sought& sought) {
    auto row = db.prepare("SELECT key, kind, reason, capture FROM wayback_verdicts WHERE source = ?");
    row << sought.id;
    while (row.step())
        sought.verdicts[row.text(0)] = {row.text(1), row.text(2), row.optional_integer(3)};
}

} // namespace

void look_up_sources_of(Connection& db, std::int64_t article, base::Time now) {
    auto row =
        db.prepare("SELECT s.id, s.url FROM article_sources a CROSS JOIN sources s ON s.id = a.source "
                   "WHERE a.article = ? AND s.wayback_asked = 0 AND s.url IS NOT NULL ORDER BY a.position");
    row << article;
    for (const auto& [id, url] : read_unasked(std::move(row)))
        queue(db, id, url, now);
}

int look_up_backlog(Connection& db, base::Time now, base::Duration pace) {
    int count = 0;
    for (const auto& [id, url] : read_unasked(db.prepare(
             "SELECT id, url FROM sources WHERE wayback_asked = 0 AND url IS NOT NULL ORDER BY id DESC")))
        queue(db, id, url, now + pace * count++);
    return count;
}

std::optional<Sought> find_sought(Connection& db, const std::string& url) {
    Sought sought;
    {
        auto row = db.prepare("SELECT id, platform, wayback, liveness FROM sources WHERE key = ?");
        row << url;
        if (!row.step())
            return std::nullopt;
        sought.id = row.integer(0);
        sought.url = url;
        sought.platform = row.text(1);
        sought.state = row.text(2);
        sought.liveness = row.text(3);
    }
    read_citations(db, sought);
    read_verdicts(db, sought);
    return sought;
}

void save_wayback(Connection& db, std::int64_t source, const model::Wayback& wayback) {
    std::string before;
    {
        auto row = db.prepare("SELECT wayback FROM sources WHERE id = ?");
        row << source;
        if (!row.step())
            return;
        before = row.text(0);
    }
    std::optional<std::string> reason;
    if (wayback.reason)
        reason = base::cut_bytes(*wayback.reason, longest_reason);
    (db.prepare(
         "UPDATE sources SET wayback = ?, wayback_reason = ?, snapshot_url = ?, snapshot_at = ?, snapshots "
         "= ?, wayback_checked_at = ?, newest_url = ?, newest_at = ?, first_at = ?, snapshot_digest = ?, "
         "wayback_capture = ? WHERE id = ?")
     << wayback.state << reason << wayback.snapshot_url << wayback.snapshot_at << wayback.snapshots
     << wayback.checked_at << wayback.newest_url << wayback.newest_at << wayback.first_at << wayback.digest
     << wayback.capture << source)
        .run();
    if (before != wayback.state)
        follow_source(db, source);
}

void save_verdicts(Connection& db, std::int64_t source, const Verdicts& verdicts) {
    for (const auto& [key, verdict] : verdicts)
        (db.prepare(
             "INSERT OR REPLACE INTO wayback_verdicts (source, key, kind, reason, capture) VALUES (?, ?, "
             "?, ?, ?)")
         << source << key << verdict.kind << base::cut_bytes(verdict.reason, longest_reason)
         << verdict.capture)
            .run();
}

void schedule_look_up(Connection& db, std::int64_t job, std::int64_t source, std::optional<base::Time> at) {
    if (at)
        (db.prepare("UPDATE jobs SET due_at = ?, attempts = attempts + 1, last_error = NULL WHERE id = ?")
         << *at << job)
            .run();
    else
        finish_job(db, job);
    (db.prepare("UPDATE sources SET wayback_next_check_at = ? WHERE id = ?") << at << source).run();
}

void put_off_look_up(Connection& db, std::int64_t job, std::int64_t source, base::Time at,
                     const std::string& reason) {
    (db.prepare("UPDATE jobs SET due_at = ?, last_error = ? WHERE id = ?")
     << at << base::cut_bytes(reason, longest_reason) << job)
        .run();
    (db.prepare("UPDATE sources SET wayback_next_check_at = ? WHERE id = ?") << at << source).run();
}

void look_up_now(Connection& db, std::int64_t source, base::Time now) {
    std::optional<std::string> url;
    {
        auto row = db.prepare("SELECT url FROM sources WHERE id = ?");
        row << source;
        url = row.step() ? row.optional_text(0) : std::nullopt;
    }
    if (!url)
        return;
    queue(db, source, *url, now); // where there is a job already it only comes sooner
    (db.prepare("UPDATE jobs SET due_at = ?1 WHERE kind = 'resolve_source' AND article = 0 AND url = ?2 AND "
                "due_at > ?1")
     << now << *url)
        .run();
}

std::vector<Untold> untold_snapshots(Connection& db, std::int64_t article, std::int64_t source) {
    std::vector<Untold> untold;
    auto row = db.prepare(
        article != 0
            ? "SELECT x.article, x.source, a.silent FROM article_sources x CROSS JOIN sources s ON s.id = "
              "x.source CROSS JOIN articles a ON a.id = x.article WHERE x.article = ?1 AND (?2 = 0 OR "
              "x.source = "
              "?2) AND x.archived_told = 0 AND s.wayback = 'archived' ORDER BY x.position"
            : "SELECT x.article, x.source, a.silent FROM article_sources x CROSS JOIN sources s ON s.id = "
              "x.source CROSS JOIN articles a ON a.id = x.article WHERE ?1 = 0 AND x.source = ?2 AND "
              "x.archived_told = 0 AND s.wayback = 'archived' ORDER BY x.article");
    row << article << source;
    while (row.step())
        untold.push_back({row.integer(0), row.integer(1), row.integer(2) != 0});
    return untold;
}

void mark_told(Connection& db, const Untold& citation) {
    (db.prepare("UPDATE article_sources SET archived_told = 1 WHERE article = ? AND source = ?")
     << citation.article << citation.source)
        .run();
}

} // namespace cdtd::store
