// How long originals lived: published, reported censored by the citing publisher, seen gone by us. Pure; any
// thread.
//
// A publication is a calendar date on the card, of Beijing's time; an end is when it was first reported or
// seen, which is later than it was. What is said is therefore the longest that it can have lived, to a day.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::change {

struct Life {
    std::string platform;
    std::string outlet;     ///< "" = not known
    std::string state;      ///< alive, deleted, censored: as believed; "" = looks could not tell (yet)
    bool looked_at = false; ///< at all
    std::optional<base::Time> published; ///< first moment of the day
    std::optional<base::Time> reported;
    std::optional<base::Time> gone; ///< seen by us
};

/// Of the lives whose beginning and end are known; quartiles by nearest rank.
struct Spans {
    std::int64_t count = 0;
    std::optional<base::Duration> shortest, quarter, median, three_quarters, longest;
};

struct Survival {
    std::string name; ///< of the platform or outlet; "" = all
    std::int64_t sources = 0, looked_at = 0, alive = 0, deleted = 0, censored = 0, reported = 0;
    Spans lived; ///< until the first of both
    Spans reported_after;
    Spans gone_after;
};

struct Survivals {
    Survival all;
    std::vector<Survival> by_platform, by_outlet; ///< most sources first
};

Survivals survey_lives(const std::vector<Life>& lives);

/// "2025-01-22" as the first moment of that day in Beijing.
std::optional<base::Time> day_in_beijing(std::string_view date);

} // namespace cdtd::change
