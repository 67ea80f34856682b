// A host that refuses is not asked again and again: after several refusals in a row its circuit opens, and
// one probe a day finds out whether it closes. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>

namespace cdtd::schedule {

inline constexpr int refusals_that_open = 5;
inline constexpr base::Duration probe_every = std::chrono::hours(24);

struct Circuit {
    int refusals = 0;                     ///< in a row
    std::optional<base::Time> open_until; ///< nobody is asked before; then one is

    friend bool operator==(const Circuit&, const Circuit&) = default;
};

/// Until when nothing is to be asked; nullopt: ask. Whoever asks when it is open and its time has come is the
/// probe: the circuit that is given back lets nobody else in for a day.
std::optional<base::Time> hold_back(Circuit& circuit, base::Time now);
/// It was refused.
Circuit refused(Circuit circuit, base::Time now);

} // namespace cdtd::schedule
