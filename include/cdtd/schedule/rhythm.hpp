// How long a feed may be silent before that is unusual for it. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>
#include <vector>

namespace cdtd::schedule {

/// From the times of a feed's newest entries, in any order: eight times the median gap between two of them,
/// or one and a half times the longest (feeds that rest at weekends), whichever is more; a day at least,
/// ninety at most. nullopt: too few to tell.
std::optional<base::Duration> unusual_silence(std::vector<base::Time> entries);

} // namespace cdtd::schedule
