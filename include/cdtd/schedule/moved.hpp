// When is a permanent redirect believed. Pure; any thread.
// 301 and 308 (RFC 9110 15.4) promise for good, and are sent by mistake: captive portals, broken
// configurations. So it takes three polls in a row that led to the same place over a time, every hop of each
// permanent.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/feed.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::schedule {

inline constexpr int chains_to_believe = 3;

/// The redirects of one good answer.
struct Chain {
    std::vector<int> statuses; ///< of the hops before the answer; empty: there was no redirect
    std::string end;           ///< the URL that answered
};

/// What is known after this answer: counted on, begun anew, or (a temporary or missing redirect) nothing.
std::optional<model::Move> note_chain(const std::optional<model::Move>& before, const Chain& chain,
                                      base::Time now);
bool is_believed(const model::Move& move, base::Duration after, base::Time now);

} // namespace cdtd::schedule
