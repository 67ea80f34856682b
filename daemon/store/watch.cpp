#include "store/article_rows.hpp"
#include "store/article_terms.hpp"
#include "store/capture_rows.hpp"

#include <cdtd/article/links.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/watch.hpp>

#include <set>

namespace cdtd::store {
namespace {

constexpr int most_citers = 500;
constexpr std::size_t longest_words = 1000;

struct Unwatched {
    std::int64_t id;
    std::string url, platform, link, article_url;
};

/// What is asked for. Platforms are known to answer under the canonical URL; of another site nobody knows
/// whether it has https, or stands without its www.
std::string watched_url_of(const Unwatched& source) {
    if (source.platform == "web") {
        const auto original = article::unwrap(source.link).original;
        const auto published = original ? base::normalize_url(*original) : std::nullopt;
        if (published && base::canonical_url(*published) == source.url)
            return base::without_fragment(*published);
    }
    return source.url;
}

bool is_of_same_site(const Unwatched& source) {
    const auto a = base::split_url(source.url);
    const auto b = base::split_url(base::canonical_url(source.article_url).value_or(""));
    return a && b && a->host == b->host && a->port == b->port;
}

std::vector<Unwatched> read_unwatched(Statement row) {
    std::vector<Unwatched> sources;
    std::set<std::int64_t> seen;
    while (row.step())
        if (seen.insert(row.integer(0)).second)
            sources.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4)});
    return sources;
}

/// False: it is not to be watched.
bool watch(Connection& db, const Unwatched& source, base::Time due_at) {
    if (is_of_same_site(source))
        return false;
    Job job;
    job.kind = "watch_source";
    job.role = "source";
    job.url = watched_url_of(source);
    job.due_at = due_at;
    add_job(db, job);
    (db.prepare("UPDATE sources SET watched_url = ?, liveness_next_check_at = ? WHERE id = ?")
     << job.url << due_at << source.id)
        .run();
    return true;
}

constexpr const char* unwatched_columns =
    "SELECT s.id, s.url, s.platform, coalesce(a.link, ''), r.url FROM article_sources a "
    "CROSS JOIN sources s ON s.id = a.source CROSS JOIN articles r ON r.id = a.article "
    "WHERE s.url IS NOT NULL AND s.watched_url IS NULL ";

} // namespace

void watch_sources_of(Connection& db, std::int64_t article, base::Time now) {
    for (const auto& source : read_unwatched(
             std::move(db.prepare(std::string(unwatched_columns) + "AND a.article = ? ORDER BY a.position")
                       << article)))
        watch(db, source, now);
}

int watch_backlog(Connection& db, base::Time now, base::Duration pace, int limit) {
    int count = 0;
    for (const auto& source :
         read_unwatched(db.prepare(std::string(unwatched_columns) + "ORDER BY a.article DESC"))) {
        if (count == limit)
            break;
        if (watch(db, source, now + pace * count))
            ++count;
    }
    return count;
}

std::optional<Watched> find_watched(Connection& db, const std::string& watched_url) {
    auto row =
        db.prepare("SELECT id, platform, liveness, liveness_reason, liveness_since, liveness_checked_at, "
                   "liveness_confirmed, candidate, candidate_since, agreed, troubles, believed, alive_until, "
                   "gone_at, etag, last_modified, alive_capture FROM sources WHERE watched_url = ?");
    row << watched_url;
    if (!row.step())
        return std::nullopt;
    Watched found;
    found.id = row.integer(0);
    found.platform = row.text(1);
    auto& standing = found.standing;
    standing.shown.state = row.text(2);
    standing.shown.reason = row.optional_text(3);
    standing.shown.since = row.optional_time(4);
    standing.shown.checked_at = row.optional_time(5);
    standing.shown.confirmed = row.integer(6) != 0;
    standing.candidate = row.text(7);
    standing.since = row.optional_time(8);
    standing.agreed = static_cast<int>(row.integer(9));
    standing.troubles = static_cast<int>(row.integer(10));
    standing.believed = row.text(11);
    standing.alive_until = row.optional_time(12);
    standing.gone_at = row.optional_time(13);
    found.validators = {row.optional_text(14), row.optional_text(15)};
    found.alive_capture = row.optional_integer(16);
    return found;
}

void save_look(Connection& db, const Watched& after, const model::Look& look) {
    std::string before;
    {
        auto row = db.prepare("SELECT liveness FROM sources WHERE id = ?");
        row << after.id;
        if (!row.step())
            return;
        before = row.text(0);
    }
    (db.prepare(
         "INSERT INTO looks (source, at, state, reason, words, status, capture) VALUES (?, ?, ?, ?, ?, ?, ?)")
     << after.id << look.at << look.state << look.reason << base::cut_bytes(look.words, longest_words)
     << look.status << look.capture)
        .run();
    const auto& standing = after.standing;
    (db.prepare(
         "UPDATE sources SET liveness = ?, liveness_reason = ?, liveness_since = ?, liveness_checked_at = ?, "
         "liveness_confirmed = ?, candidate = ?, candidate_since = ?, agreed = ?, troubles = ?, believed = "
         "?, "
         "alive_until = ?, gone_at = ?, etag = ?, last_modified = ?, alive_capture = ? WHERE id = ?")
     << standing.shown.state << standing.shown.reason << standing.shown.since << standing.shown.checked_at
     << standing.shown.confirmed << standing.candidate << standing.since << standing.agreed
     << standing.troubles << standing.believed << standing.alive_until << standing.gone_at
     << after.validators.etag << after.validators.last_modified << after.alive_capture << after.id)
        .run();
    if (before != standing.shown.state)
        follow_source(db, after.id);
}

std::vector<model::Look> looks_of(Connection& db, std::int64_t source, int limit) {
    std::vector<model::Look> looks;
    auto row = db.prepare("SELECT at, state, reason, words, status, capture FROM looks WHERE source = ? "
                          "ORDER BY id DESC LIMIT ?");
    row << source << limit;
    while (row.step()) {
        model::Look look;
        look.at = row.time(0);
        look.state = row.text(1);
        look.reason = row.optional_text(2);
        look.words = row.text(3);
        if (const auto status = row.optional_integer(4))
            look.status = static_cast<int>(*status);
        look.capture = row.optional_integer(5);
        looks.push_back(std::move(look));
    }
    return looks;
}

std::vector<model::Capture> captures_of_looks(Connection& db, std::int64_t source) {
    std::vector<model::Capture> captures;
    auto row =
        db.prepare(capture_rows + "AND c.id IN (SELECT capture FROM looks WHERE source = ? AND capture IS "
                                  "NOT NULL ORDER BY id DESC LIMIT 50) ORDER BY c.at DESC, c.id DESC");
    row << source;
    while (row.step())
        captures.push_back(read_capture(row));
    return captures;
}

std::vector<Citer> citers_of(Connection& db, std::int64_t source) {
    std::vector<Citer> citers;
    auto row = db.prepare(
        "SELECT a.id, a.url, a.silent FROM article_sources s CROSS JOIN articles a ON a.id = s.article "
        "WHERE s.source = ? ORDER BY s.article DESC LIMIT ?");
    row << source << most_citers;
    while (row.step())
        citers.push_back({row.integer(0), row.text(1), row.integer(2) != 0});
    return citers;
}

void put_off_look(Connection& db, std::int64_t job, base::Time at, const std::string& reason) {
    (db.prepare("UPDATE jobs SET due_at = ?, last_error = ? WHERE id = ?")
     << at << base::cut_bytes(reason, longest_words) << job)
        .run();
    (db.prepare("UPDATE sources SET liveness_next_check_at = ? WHERE watched_url = (SELECT url FROM jobs "
                "WHERE id = ?)")
     << at << job)
        .run();
}

void schedule_look(Connection& db, std::int64_t job, std::int64_t source, base::Time at) {
    (db.prepare("UPDATE jobs SET due_at = ?, attempts = attempts + 1, last_error = NULL WHERE id = ?")
     << at << job)
        .run();
    (db.prepare("UPDATE sources SET liveness_next_check_at = ? WHERE id = ?") << at << source).run();
}

} // namespace cdtd::store
