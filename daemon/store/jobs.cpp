#include "store/json_text.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/store/jobs.hpp>

#include <utility>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_error = 1000;

}

void add_job(Connection& db, const Job& job) {
    (db.prepare("INSERT OR IGNORE INTO jobs (kind, article, url, role, due_at, attempts, last_error) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)")
     << job.kind << job.article << job.url << job.role << job.due_at << job.attempts << job.last_error)
        .run();
}

std::vector<Job> due_jobs(Connection& db, const std::string& kind, base::Time now, int limit,
                          const std::vector<std::string>& but_of) {
    std::vector<Job> jobs;
    std::vector<std::string> prefixes;
    for (const std::string& origin : but_of)
        for (std::string& prefix : base::prefixes_of_origin(origin))
            prefixes.push_back(std::move(prefix));
    auto row = db.prepare("SELECT id, kind, role, article, url, due_at, attempts, last_error FROM jobs "
                          "WHERE kind = ?1 AND due_at <= ?2 AND NOT EXISTS (SELECT 1 FROM json_each(?3) "
                          "WHERE substr(url, 1, length(value)) = value) ORDER BY due_at, id LIMIT ?4");
    row << kind << now << to_text(prefixes) << limit;
    while (row.step())
        jobs.push_back({row.integer(0), row.text(1), row.text(2), row.integer(3), row.text(4), row.time(5),
                        static_cast<int>(row.integer(6)), row.optional_text(7)});
    return jobs;
}

std::optional<base::Time> next_due(Connection& db, const std::string& kind, base::Time after) {
    auto row = db.prepare("SELECT min(due_at) FROM jobs WHERE kind = ? AND due_at > ?");
    row << kind << after;
    return row.step() ? row.optional_time(0) : std::nullopt;
}

void finish_job(Connection& db, std::int64_t id) {
    (db.prepare("DELETE FROM jobs WHERE id = ?") << id).run();
}

void postpone_job(Connection& db, std::int64_t id, base::Time due_at, const std::string& error) {
    (db.prepare("UPDATE jobs SET due_at = ?, attempts = attempts + 1, last_error = ? WHERE id = ?")
     << due_at << base::cut_bytes(error, longest_error) << id)
        .run();
}

bool has_untried_jobs(Connection& db, std::int64_t article, const std::string& kind) {
    auto row = db.prepare("SELECT 1 FROM jobs WHERE kind = ? AND article = ? AND attempts = 0 LIMIT 1");
    row << kind << article;
    return row.step();
}

} // namespace cdtd::store
