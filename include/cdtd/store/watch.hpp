// Originals that are watched: every look at them, and what the looks say together. Functions run inside a
// transaction of the caller.
#pragma once

#include <cdtd/change/standing.hpp>
#include <cdtd/model/capture.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/model/source.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

inline constexpr int shown_looks = 20; ///< of one source, the newest

/// Queues a first look at the article's sources that nobody watches yet. A page of the citing site itself is
/// none: it is an article there.
void watch_sources_of(Connection& db, std::int64_t article, base::Time now);
/// The same for sources from before there was a watch, or from while it was off: the newest at once, the
/// others `pace` after each other. At most `limit`; gives how many there were.
int watch_backlog(Connection& db, base::Time now, base::Duration pace, int limit);

struct Watched {
    std::int64_t id = 0;
    std::string platform;
    change::Standing standing;
    model::Validators validators;              ///< of the newest answer that showed it alive
    std::optional<std::int64_t> alive_capture; ///< which is kept there
};
/// By the URL of its job.
std::optional<Watched> find_watched(Connection& db, const std::string& watched_url);

/// Stores one more look and what is known after it. Where the state that is shown is another one now, the
/// citing articles' `change` grows.
void save_look(Connection& db, const Watched& after, const model::Look& look);
std::vector<model::Look> looks_of(Connection& db, std::int64_t source, int limit); ///< newest first
/// What these looks got, newest first, 50 at most.
std::vector<model::Capture> captures_of_looks(Connection& db, std::int64_t source);

struct Citer {
    std::int64_t article;
    std::string url;
    bool silent;
};
/// Articles that cite it, newest first, 500 at most.
std::vector<Citer> citers_of(Connection& db, std::int64_t source);

/// A look is due at `at`; it does not count as an attempt.
void put_off_look(Connection& db, std::int64_t job, base::Time at, const std::string& reason);
/// The look was made; the next one is due at `at`.
void schedule_look(Connection& db, std::int64_t job, std::int64_t source, base::Time at);

} // namespace cdtd::store
