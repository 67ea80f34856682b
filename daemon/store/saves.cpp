#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/saves.hpp>

#include <algorithm>
#include <string>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_error = 600;
constexpr base::Duration young_for = std::chrono::hours(24);

const std::string columns =
    "SELECT id, url, source, article, known_at, state, job_id, timestamp, error, attempts, "
    "looks, submitted_at, captured_at, due_at FROM saves ";

Save read_save(const Statement& row) {
    Save save;
    save.id = row.integer(0);
    save.url = row.text(1);
    save.source = row.optional_integer(2);
    save.article = row.optional_integer(3);
    save.known_at = row.time(4);
    model::SaveJob& job = save.job;
    job.state = model::save_state(row.text(5));
    job.job_id = row.text(6);
    job.timestamp = row.text(7);
    job.error = row.text(8);
    job.attempts = static_cast<int>(row.integer(9));
    job.looks = static_cast<int>(row.integer(10));
    job.submitted_at = row.optional_time(11);
    job.captured_at = row.optional_time(12);
    job.due = row.optional_time(13);
    return save;
}

std::vector<Save> read_saves(Statement row) {
    std::vector<Save> saves;
    while (row.step())
        saves.push_back(read_save(row));
    return saves;
}

/// What waits and may be submitted.
std::vector<Save> due_submissions(Connection& db, base::Time now, int limit) {
    auto row = db.prepare(
        columns + "WHERE due_at <= ?1 AND state IN ('waiting', 'failed') AND NOT EXISTS (SELECT 1 FROM "
                  "save_holds h WHERE h.until > ?1 AND (h.young = 1 OR known_at <= ?2)) "
                  "ORDER BY known_at <= ?2, due_at, id LIMIT ?3");
    row << now << now - young_for << limit;
    return read_saves(std::move(row));
}

} // namespace

void add_save(Connection& db, const Save& save, base::Time now) {
    (db.prepare(
         "INSERT OR IGNORE INTO saves (url, source, article, known_at, state, changed_at, due_at) VALUES "
         "(?, ?, ?, ?, 'waiting', ?, ?)")
     << save.url << save.source << save.article << save.known_at << now << now)
        .run();
}

std::optional<Save> find_save(Connection& db, std::int64_t id) {
    auto found = read_saves(std::move(db.prepare(columns + "WHERE id = ?") << id));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::optional<Save> find_save_of(Connection& db, const std::string& url) {
    auto found = read_saves(std::move(db.prepare(columns + "WHERE url = ?") << url));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

void store_save(Connection& db, const Save& save, base::Time now) {
    const model::SaveJob& job = save.job;
    const std::string state(model::to_string(job.state));
    (db.prepare(
         "UPDATE saves SET changed_at = CASE state WHEN ?1 THEN changed_at ELSE ?2 END, state = ?1, job_id "
         "= ?3, timestamp = ?4, error = ?5, attempts = ?6, looks = ?7, submitted_at = ?8, captured_at = ?9, "
         "due_at = ?10 WHERE id = ?11")
     << state << now << job.job_id << job.timestamp << base::cut_bytes(job.error, longest_error)
     << job.attempts << job.looks << job.submitted_at << job.captured_at << job.due << save.id)
        .run();
}

std::vector<Save> due_saves(Connection& db, base::Time now, int limit, int concurrent) {
    auto row = db.prepare(columns + "WHERE due_at <= ?1 AND state NOT IN ('waiting', 'failed') "
                                    "ORDER BY due_at, id LIMIT ?2");
    row << now << limit;
    auto due = read_saves(std::move(row));
    if (const int room = std::min(limit, concurrent - open_saves(db)); room > 0)
        for (auto& save : due_submissions(db, now, room))
            due.push_back(std::move(save));
    return due;
}

std::optional<base::Time> next_save_due(Connection& db, base::Time after) {
    // What waits for a place or for a hold to end is due already: the end of either is what is waited for.
    auto row =
        db.prepare("SELECT min(at) FROM (SELECT min(due_at) AS at FROM saves WHERE due_at > ?1 UNION ALL "
                   "SELECT min(until) FROM save_holds WHERE until > ?1)");
    row << after;
    return row.step() ? row.optional_time(0) : std::nullopt;
}

int open_saves(Connection& db) {
    auto row = db.prepare("SELECT count(*) FROM saves WHERE state IN ('submitting', 'submitted')");
    row.step();
    return static_cast<int>(row.integer(0));
}

std::vector<Save> saves_on_their_way(Connection& db) {
    return read_saves(db.prepare(columns + "WHERE state = 'submitting'"));
}

void hold_saves(Connection& db, bool young, base::Time until, const std::string& reason) {
    (db.prepare("INSERT OR REPLACE INTO save_holds (young, until, reason) VALUES (?, ?, ?)")
     << young << until << base::cut_bytes(reason, longest_error))
        .run();
}

std::vector<model::HostPause> save_holds(Connection& db, base::Time now) {
    std::vector<model::HostPause> holds;
    auto row = db.prepare("SELECT young, until, reason FROM save_holds WHERE until > ? ORDER BY young");
    row << now;
    while (row.step())
        holds.push_back({row.integer(0) != 0 ? "Save Page Now" : "Save Page Now, of what is older than a day",
                         row.time(1), row.text(2)});
    return holds;
}

std::int64_t used_of_day(Connection& db, const std::string& day) {
    auto row = db.prepare("SELECT submissions + others FROM save_days WHERE day = ?");
    row << day;
    return row.step() ? row.integer(0) : 0;
}

void count_submission(Connection& db, const std::string& day) {
    (db.prepare("INSERT INTO save_days (day, submissions, others) VALUES (?, 1, 0) ON CONFLICT DO UPDATE SET "
                "submissions = submissions + 1")
     << day)
        .run();
}

void note_server_count(Connection& db, const std::string& day, std::int64_t count) {
    (db.prepare(
         "INSERT INTO save_days (day, submissions, others) VALUES (?1, 0, ?2) ON CONFLICT DO UPDATE SET "
         "others = max(others, ?2 - submissions)")
     << day << count)
        .run();
}

void drop_save(Connection& db, std::int64_t id) {
    (db.prepare("DELETE FROM saves WHERE id = ?") << id).run();
}

} // namespace cdtd::store
