// The queue: whatever is to be done later is a row here, written in the transaction that is the reason for
// it.
#pragma once

#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

struct Job {
    std::int64_t id = 0;
    std::string kind; ///< "capture", "resolve_source", "watch_source"
    std::string role; ///< of a capture: "page" | "image"
    std::int64_t article = 0;
    std::string url;
    base::Time due_at;
    int attempts = 0; ///< made so far
    std::optional<std::string> last_error;
};

/// One job for (kind, article, url): a second one changes nothing.
void add_job(Connection& db, const Job& job);
/// Due rows, oldest due first; none of these origins ("https://example.org").
std::vector<Job> due_jobs(Connection& db, const std::string& kind, base::Time now, int limit,
                          const std::vector<std::string>& but_of = {});
std::optional<base::Time> next_due(Connection& db, const std::string& kind, base::Time after);
void finish_job(Connection& db, std::int64_t id);
/// One more attempt was made and is to be made again at `due_at`; `error` is for people.
void postpone_job(Connection& db, std::int64_t id, base::Time due_at, const std::string& error);
/// Any job of the article that has not had its first attempt.
bool has_untried_jobs(Connection& db, std::int64_t article, const std::string& kind);

} // namespace cdtd::store
