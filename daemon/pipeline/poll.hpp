// What one poll gathers on its way through poll_feed.cpp and poll_end.cpp.
#pragma once

#include "pipeline/poll_outcome.hpp"

#include <cdtd/model/status.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/survey.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

/// `next` is the state that will be stored in the place of `state`.
struct PollFeed::Poll {
    FeedSettings feed;
    std::shared_ptr<const Plan> plan;
    model::FeedState& state;
    model::FeedState next;
    http::Outcome outcome;
    model::Feed document; ///< of a 200 that could be read
    std::vector<Reading> readings;
    Survey known;
    std::string digest;       ///< of the document's bytes
    std::optional<Kept> kept; ///< the document's hops
    Reasons reasons;          ///< for events
    std::optional<model::HostPause> pause;

    const http::Response* response() const { return outcome ? &*outcome : nullptr; }
    /// No document was read before: its entries are no news.
    bool first() const { return !state.polled; }
};

} // namespace cdtd::pipeline
