// Sources in the Wayback Machine: what is to be asked, what is known, and how its hosts want to be asked.
// Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/model/source.hpp>
#include <cdtd/model/wayback.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

/// The pace of a host, and when this interface of it (its lane) was asked last. Hosts are base::origin_of.
struct LanePace {
    model::HostPace host;
    std::optional<base::Time> last_start;
};
LanePace find_pace(Connection& db, const std::string& origin, const std::string& lane);
model::HostPace find_host_pace(Connection& db, const std::string& origin);
void save_host_pace(Connection& db, const std::string& origin, const model::HostPace& pace);
void save_start(Connection& db, const std::string& origin, const std::string& lane, base::Time at);
/// Hosts of which an answer was awaited when the last run ended.
std::vector<std::string> hosts_in_flight(Connection& db);
/// Until when nothing is asked of the host, whoever closed it; nullopt: it may be asked.
std::optional<base::Time> closed_until(Connection& db, const std::string& origin, base::Time now);

/// Queues a first look-up of the article's sources that nobody looked up yet.
void look_up_sources_of(Connection& db, std::int64_t article, base::Time now);
/// The same for sources from before there were look-ups, or from while they were off: the newest at once, the
/// others `pace` after each other. Gives how many there were.
int look_up_backlog(Connection& db, base::Time now, base::Duration pace);

struct Verdict {
    std::string kind; ///< content | notice | unclear
    std::string reason;
    std::optional<std::int64_t> capture; ///< our copy of what was read

    friend bool operator==(const Verdict&, const Verdict&) = default;
};
using Verdicts = std::map<std::string, Verdict>; ///< by digest, else timestamp

/// What is known of a source before it is looked up.
struct Sought {
    std::int64_t id = 0;
    std::string url;
    std::string platform;
    std::string state; ///< of model::Wayback
    std::string liveness;
    std::vector<std::string> links;          ///< as published, those of the newest articles first
    std::optional<std::string> published_on; ///< of a card, "2025-01-22"
    std::optional<base::Time> article_of;    ///< when the first citing article was published
    base::Time known_at;                     ///< when the first citing article was first seen
    std::string article_url;                 ///< of the newest citing one; "" = none
    Verdicts verdicts;                       ///< of captures that were read before
};
/// By the URL of its job.
std::optional<Sought> find_sought(Connection& db, const std::string& url);

/// Stores what is known now; where the state is another one, the citing articles' `change` grows.
/// `next_check_at` and `save` are not written here.
void save_wayback(Connection& db, std::int64_t source, const model::Wayback& wayback);
void save_verdicts(Connection& db, std::int64_t source, const Verdicts& verdicts);

/// The look-up came to an end: the next one is due at `at`; nullopt: there is none.
void schedule_look_up(Connection& db, std::int64_t job, std::int64_t source, std::optional<base::Time> at);
/// It did not: it is due again at `at`, and does not count.
void put_off_look_up(Connection& db, std::int64_t job, std::int64_t source, base::Time at,
                     const std::string& reason);
/// One more look at once, whatever was known.
void look_up_now(Connection& db, std::int64_t source, base::Time now);

struct Untold {
    std::int64_t article, source;
    bool silent;
};
/// Citations of archived sources of which source.archived was not told; `article` or `source` 0: any.
std::vector<Untold> untold_snapshots(Connection& db, std::int64_t article, std::int64_t source);
void mark_told(Connection& db, const Untold& citation);

} // namespace cdtd::store
