// The next poll of a feed, from what its server and its document say. Pure.
#pragma once

#include <cdtd/http/client.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/pipeline/settings.hpp>

namespace cdtd::pipeline {

/// Fills next_poll_at, allowed_at and bounds of `state`, whose last_poll_at and consecutive_failures are set.
/// `document`: of a 200; without one the feed's own wishes (ttl, sy:, skip*) of the last document hold on.
void plan_after(model::FeedState& state, const model::FeedState& before, const FeedSettings& feed,
                const ScheduleSettings& schedule, const http::Response& response,
                const model::Feed* document);

} // namespace cdtd::pipeline
