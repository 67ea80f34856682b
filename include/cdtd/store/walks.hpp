// Ways through feeds' older pages: where each has got to. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/model/feed.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace cdtd::store {

struct FeedWalk {
    std::int64_t feed = 0;
    std::string name; ///< the feed's
    model::Walk walk;
};

/// Adds the feed's walk of this kind or takes its place.
void save_walk(Connection& db, std::int64_t feed, const model::Walk& walk);
/// It has got from `before` to `after`. Nothing where it was begun anew meanwhile, or has gone.
void move_walk(Connection& db, std::int64_t feed, const model::Walk& before, const model::Walk& after);
std::optional<model::Walk> find_walk(Connection& db, std::int64_t feed, model::WalkKind kind);
/// Of enabled feeds that are neither held nor gone, and whose server has not asked us to wait; oldest first,
/// one a feed: a gap goes before a backfill.
std::vector<FeedWalk> due_walks(Connection& db, base::Time now, int limit);
std::optional<base::Time> next_due_walk(Connection& db, base::Time after);

/// Whether ?paged= may lead somewhere; false once it was seen that it does not.
bool is_paged(Connection& db, std::int64_t feed);
void set_unpaged(Connection& db, std::int64_t feed);

} // namespace cdtd::store
