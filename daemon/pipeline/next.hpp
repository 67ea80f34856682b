// The next poll of a feed, from what its server and its document say. Pure.
#pragma once

#include <cdtd/http/client.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/pipeline/settings.hpp>
#include <cdtd/schedule/next_poll.hpp>

#include <optional>
#include <string>

namespace cdtd::pipeline {

/// Fills next_poll_at, allowed_at and bounds of `state`, whose last_poll_at, consecutive_failures, validators
/// and cadence are set: a 304 or a failure brings no document, so the cadence of the last one holds on.
/// `response`: the answer, where there was one.
void plan_after(model::FeedState& state, const FeedSettings& feed, const ScheduleSettings& schedule,
                schedule::Trouble trouble, const http::Response* response);

/// The configuration was read again: our own wish and floor are taken from it, what the server said stays.
void replan(model::FeedState& state, const FeedSettings& feed, const ScheduleSettings& schedule);

/// The feed's host is closed to everybody until then.
void hold_for_host(model::FeedState& state, base::Time until, const std::string& origin);

/// Until when a poll by hand is not made unless forced: what HTTP forbids, and the floor of politeness.
std::optional<base::Time> held_back_until(const model::FeedState& state);

} // namespace cdtd::pipeline
