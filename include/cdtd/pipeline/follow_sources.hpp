// What follows from an article's naming its sources: they are watched, looked up in the Wayback Machine,
// saved there.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/pipeline/settings.hpp>
#include <cdtd/pipeline/tell.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>

namespace cdtd::pipeline {

/// By the configuration.
struct Follow {
    bool watch = false;   ///< [watch] enabled
    bool look_up = false; ///< [wayback] enabled
    bool save = false;    ///< [wayback] save = "always"
};
Follow follow_of(const WatchSettings& watch, const WaybackSettings& wayback);

/// Queues what is to be done, in the transaction that stored the article's content, after the events that
/// tell of the article itself: a snapshot that is known already is told at once.
void follow_sources(store::Connection& db, const Follow& follow, const Teller& teller, std::int64_t article,
                    base::Time now);

} // namespace cdtd::pipeline
