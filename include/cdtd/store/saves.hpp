// Pages on their way into the Wayback Machine: the queue of them, and what holds it. Functions run inside a
// transaction of the caller.
#pragma once

#include <cdtd/model/status.hpp>
#include <cdtd/model/wayback.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

struct Save {
    std::int64_t id = 0;
    std::string url;
    std::optional<std::int64_t> source, article; ///< what it is the page of
    base::Time known_at;                         ///< since when we know of the page
    model::SaveJob job;
};

/// Once for each URL: a second one changes nothing.
void add_save(Connection& db, const Save& save, base::Time now);
std::optional<Save> find_save(Connection& db, std::int64_t id);
std::optional<Save> find_save_of(Connection& db, const std::string& url);
/// The job as it is now.
void store_save(Connection& db, const Save& save, base::Time now);

/// What is asked about (submitted, captured) first; then what waits, the younger than a day before the
/// others, as far as nothing holds it and fewer than `concurrent` are open.
std::vector<Save> due_saves(Connection& db, base::Time now, int limit, int concurrent);
std::optional<base::Time> next_save_due(Connection& db, base::Time after);
/// Submissions that nobody has heard the end of.
int open_saves(Connection& db);
/// Those that were on their way when the last run ended.
std::vector<Save> saves_on_their_way(Connection& db);

/// Nothing is submitted until then: what is older than a day, and the younger ones too where `young`.
void hold_saves(Connection& db, bool young, base::Time until, const std::string& reason);
/// As `status` shows them.
std::vector<model::HostPause> save_holds(Connection& db, base::Time now);

/// What is used up of a UTC day's ("2026-11-28") quota, as far as we know: our submissions, and what others
/// with the same keys made.
std::int64_t used_of_day(Connection& db, const std::string& day);
void count_submission(Connection& db, const std::string& day);
/// The server counts so many: what is more than ours is others'.
void note_server_count(Connection& db, const std::string& day, std::int64_t count);

/// Nobody needs it any more.
void drop_save(Connection& db, std::int64_t id);

} // namespace cdtd::store
