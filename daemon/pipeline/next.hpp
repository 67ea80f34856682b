// The next poll of a feed, from what its server and its document say. Pure.
#pragma once

#include <cdtd/http/client.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/pipeline/settings.hpp>

namespace cdtd::pipeline {

/// Fills next_poll_at, allowed_at and bounds of `state`, whose last_poll_at, consecutive_failures and cadence
/// are set: a 304 or a failure brings no document, so the cadence of the last one holds on.
void plan_after(model::FeedState& state, const FeedSettings& feed, const ScheduleSettings& schedule,
                const http::Response& response);

} // namespace cdtd::pipeline
