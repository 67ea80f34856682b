// Latecomers start one after the other: after a start or a suspend of the machine every feed may be overdue.
// Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <algorithm>

namespace cdtd::schedule {

class Starts {
  public:
    explicit Starts(base::Duration between) : between_(between) {}

    /// The next free place, `now` at the earliest; it is taken.
    base::Time take(base::Time now) {
        const base::Time place = std::max(now, next_);
        next_ = place + between_;
        return place;
    }

  private:
    base::Duration between_;
    base::Time next_{base::Duration::min()};
};

} // namespace cdtd::schedule
