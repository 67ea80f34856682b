// A feed as the poller follows it.
#pragma once

#include <cdtd/pipeline/poller.hpp>

#include <utility>

namespace cdtd::pipeline {

struct Poller::Subscription {
    Subscription(boost::asio::any_io_executor loop, FeedSettings feed, model::FeedState stored)
        : settings(std::move(feed)), state(std::move(stored)), bell(loop) {}
    FeedSettings settings;
    model::FeedState state;
    net::Bell bell;
    bool asked = false;                   ///< a poll now was asked for
    bool forced = false;                  ///< whatever its server says
    bool release = false, enable = false; ///< an operator's order, carried out between polls
    bool removed = false;                 ///< no longer configured
    bool polling = false;
};

} // namespace cdtd::pipeline
