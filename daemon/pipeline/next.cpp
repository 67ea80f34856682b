#include "pipeline/next.hpp"

#include <cdtd/schedule/next_poll.hpp>

#include <algorithm>
#include <functional>
#include <iterator>

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

/// An interval under an hour is the operator's explicit word; without it nobody is asked more often than once
/// an hour, and once a day where every answer would be the whole document (facts: feeds C1.8).
constexpr base::Duration polite_interval = std::chrono::hours(1);
constexpr base::Duration without_validators = std::chrono::hours(24);

void set_own_wish(schedule::PollFacts& facts, const model::FeedState& state, const FeedSettings& feed,
                  const ScheduleSettings& schedule) {
    facts.last_poll = *state.last_poll_at;
    facts.interval = feed.interval;
    facts.jitter = feed.jitter;
    facts.seed = seed_of(state);
    facts.consecutive_failures = state.consecutive_failures;
    facts.backoff_max = schedule.backoff_max;
    if (feed.interval < polite_interval)
        return;
    facts.floor = polite_interval;
    if (state.polled && !state.validators.etag && !state.validators.last_modified) {
        facts.floor = without_validators;
        facts.floor_reason = "(its server sends no validators)";
    }
}

void let_the_last_win(model::FeedState& state) {
    for (model::Bound& bound : state.bounds)
        bound.won = false;
    const auto last = std::ranges::max_element(state.bounds, {}, &model::Bound::until);
    last->won = true;
    state.next_poll_at = last->until;
}

bool is_our_own(const model::Bound& bound) {
    return bound.kind == "interval" || bound.kind == "floor";
}

} // namespace

void plan_after(model::FeedState& state, const FeedSettings& feed, const ScheduleSettings& schedule,
                schedule::Trouble trouble, const http::Response* response) {
    schedule::PollFacts facts;
    set_own_wish(facts, state, feed, schedule);
    facts.trouble = trouble;
    facts.cadence = state.cadence;
    if (response && !response->hops.empty()) {
        facts.cache_control = response->header("cache-control");
        facts.expires = response->header("expires");
        facts.date = response->header("date");
        facts.retry_after = response->header("retry-after");
    }
    schedule::PollPlan plan = schedule::plan_next_poll(facts);
    state.next_poll_at = plan.next;
    state.allowed_at = forbidden_until(plan.bounds);
    state.bounds = std::move(plan.bounds);
}

void replan(model::FeedState& state, const FeedSettings& feed, const ScheduleSettings& schedule) {
    if (!state.last_poll_at || !state.next_poll_at || state.consecutive_failures > 0)
        return;
    schedule::PollFacts facts;
    set_own_wish(facts, state, feed, schedule);
    facts.cadence.skip_hours = state.cadence.skip_hours;
    facts.cadence.skip_days = state.cadence.skip_days;
    std::vector<model::Bound> bounds = schedule::plan_next_poll(facts).bounds;
    std::ranges::copy_if(state.bounds, std::back_inserter(bounds), std::not_fn(is_our_own));
    state.bounds = std::move(bounds);
    let_the_last_win(state);
}

void hold_for_host(model::FeedState& state, base::Time until, const std::string& origin) {
    std::erase_if(state.bounds, [](const model::Bound& bound) { return bound.kind == "host"; });
    state.bounds.push_back({"host", origin, "response", until, false});
    let_the_last_win(state);
}

std::optional<base::Time> held_back_until(const model::FeedState& state) {
    std::optional<base::Time> until = state.allowed_at;
    for (const model::Bound& bound : state.bounds)
        if (bound.kind == "floor" || bound.kind == "host")
            until = std::max(until.value_or(bound.until), bound.until);
    return until;
}

} // namespace cdtd::pipeline
