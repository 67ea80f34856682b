// What follows from one attempt at a delivery. Pure.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/event.hpp>
#include <cdtd/notify/reply.hpp>
#include <cdtd/pipeline/settings.hpp>

#include <cstdint>
#include <optional>

namespace cdtd::pipeline {

struct Verdict {
    model::Attempt attempt;
    model::DeliveryState state = model::DeliveryState::pending;
    std::optional<base::Time> next;         ///< of a pending one
    std::optional<base::Time> paused_until; ///< nothing is sent to the endpoint before
    bool endpoint_is_gone = false;          ///< 410
};

/// The attempt that is judged: when it began and ended, and which one it was, this one counted in. `seed`
/// spreads the retries.
struct Made {
    base::Time began, ended;
    int attempts = 1;
    model::DeliveryKind kind = model::DeliveryKind::event;
    std::uint64_t seed = 0;
};

Verdict judge(const notify::Reply& reply, const Made& made, const DeliverySettings& settings);

} // namespace cdtd::pipeline
