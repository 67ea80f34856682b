// Chance that can be repeated: the same seed gives the same plan. Pure; any thread.
#pragma once

#include <cstdint>

namespace cdtd::schedule {

/// 0 to under 1, evenly; splitmix64's finish, so that seeds side by side do not give shares side by side.
inline double share_of(std::uint64_t seed) {
    std::uint64_t mixed = seed + 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    mixed ^= mixed >> 31U;
    return static_cast<double>(mixed >> 11U) / 9007199254740992.0;
}

} // namespace cdtd::schedule
