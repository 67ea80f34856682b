// When may a feed be asked again, and why not earlier. Pure; any thread.
// The wish and its jitter never go under a server's bound: max-age, Expires (RFC 9111), ttl, sy:update*,
// Retry-After.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/feed.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::schedule {

/// How the last poll went wrong; the slower kinds wait a multiple of an ordinary failure.
enum class Trouble {
    none,
    failed,
    too_many, ///< 429 or 503 that did not say for how long: at least doubled
    refused   ///< 401, 403, a challenge, a page in place of the feed: four times as long
};

struct PollFacts {
    base::Time last_poll;    ///< when the last request began, a failed one too
    base::Duration interval; ///< the configured wish
    double jitter = 0.1;     ///< ± share of the interval
    std::uint64_t seed = 0;  ///< of the feed and the poll: the same facts give the same plan
    /// Never sooner than this after the last request, whatever the jitter; zero: no such floor.
    base::Duration floor{};
    std::string floor_reason; ///< "without validators"; "" where it needs no reason
    Trouble trouble = Trouble::none;
    int consecutive_failures = 0;
    base::Duration backoff_max;
    model::Cadence cadence;                   ///< of the last document
    std::optional<std::string> cache_control; ///< header as sent, of a 200 or 304 (or 429)
    std::optional<std::string> expires;       ///< header as sent
    std::optional<std::string> date;          ///< Date header: Expires is read against it
    std::optional<std::string> retry_after;   ///< header as sent, of a 429 or 503
};

struct PollPlan {
    base::Time next;
    std::vector<model::Bound> bounds; ///< every one; exactly one has won
};

PollPlan plan_next_poll(const PollFacts& facts);

/// Seconds or HTTP-date (RFC 9110 10.2.3), bounded to 7 days; nullopt: unreadable or in the past.
std::optional<base::Duration> read_retry_after(const std::string& value, base::Time now);
/// max-age of a Cache-Control value, bounded to 7 days; no-cache and no-store give nothing.
std::optional<base::Duration> read_max_age(const std::string& value);

} // namespace cdtd::schedule
