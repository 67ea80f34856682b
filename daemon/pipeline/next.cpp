#include "pipeline/next.hpp"

#include <cdtd/schedule/next_poll.hpp>

#include <algorithm>
#include <functional>

namespace cdtd::pipeline {

namespace {

/// What HTTP itself says: these hold for a poll by hand and for `run --once` too, while ttl, sy: and skip*
/// describe the publisher's rhythm and bound the scheduler only.
std::optional<base::Time> forbidden_until(const std::vector<model::Bound>& bounds) {
    std::optional<base::Time> until;
    for (const model::Bound& bound : bounds)
        if (bound.kind == "max-age" || bound.kind == "expires" || bound.kind == "retry-after")
            until = std::max(until.value_or(bound.until), bound.until);
    return until;
}

std::uint64_t seed_of(const model::FeedState& state) {
    const auto at = static_cast<std::uint64_t>(state.last_poll_at->time_since_epoch().count());
    return std::hash<std::string>{}(state.name) ^ (at * 0x9E3779B97F4A7C15u);
}

} // namespace

void plan_after(model::FeedState& state, const FeedSettings& feed, const ScheduleSettings& schedule,
                const http::Response& response) {
    schedule::PollFacts facts;
    facts.last_poll = *state.last_poll_at;
    facts.interval = feed.interval;
    facts.jitter = feed.jitter;
    facts.seed = seed_of(state);
    facts.consecutive_failures = state.consecutive_failures;
    facts.backoff_max = schedule.backoff_max;
    facts.cadence = state.cadence;
    if (!response.hops.empty()) {
        facts.cache_control = response.header("cache-control");
        facts.expires = response.header("expires");
        facts.date = response.header("date");
        facts.retry_after = response.header("retry-after");
    }
    schedule::PollPlan plan = schedule::plan_next_poll(facts);
    state.next_poll_at = plan.next;
    state.allowed_at = forbidden_until(plan.bounds);
    state.bounds = std::move(plan.bounds);
}

} // namespace cdtd::pipeline
