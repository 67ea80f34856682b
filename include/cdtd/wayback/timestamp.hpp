// The Wayback Machine's time: 1 to 14 digits, YYYYMMDDhhmmss. Pure.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>
#include <string_view>

namespace cdtd::wayback {

bool is_timestamp(std::string_view text); ///< 1 to 14 digits
/// Of 4 to 14 digits; month or day "00" (they occur) and what is missing are the first. nullopt: no time.
std::optional<base::Time> time_of(std::string_view timestamp);

} // namespace cdtd::wayback
