// How far a walk through a feed's older pages goes that somebody asked for.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>

namespace cdtd::pipeline {

/// What is set holds, one of the two at least.
struct BackfillOrder {
    std::optional<int> pages;        ///< older pages, the feed's own document not counted; 1 at least
    std::optional<base::Time> until; ///< entries published before it are not wanted
};

} // namespace cdtd::pipeline
