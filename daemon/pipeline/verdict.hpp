// What follows from one attempt at a delivery. Pure.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/model/event.hpp>
#include <cdtd/pipeline/settings.hpp>

#include <cstdint>
#include <optional>

namespace cdtd::pipeline {

struct Verdict {
    model::Attempt attempt;
    model::DeliveryState state = model::DeliveryState::pending;
    std::optional<base::Time> next; ///< of a pending one
    bool endpoint_is_gone = false;  ///< 410
};

/// `made`: attempts made with this one. `seed` spreads the retries.
Verdict judge(const http::Outcome& outcome, base::Time began, base::Time now, int made,
              const DeliverySettings& settings, std::uint64_t seed);

} // namespace cdtd::pipeline
