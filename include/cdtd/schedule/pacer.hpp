// Politeness towards one host: at most n requests at once, a pause between two starts, and closed until a
// time when the host said so (429). A state machine over given times, without sockets or clocks;
// http::HostGate drives it.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstddef>
#include <optional>

namespace cdtd::schedule {

class Pacer {
  public:
    Pacer(std::size_t at_once, base::Duration between_starts) : at_once_(at_once), between_(between_starts) {}

    /// The earliest time at which a request may start; nullopt: not before one ends.
    std::optional<base::Time> next_start(base::Time now) const;
    void started(base::Time now);
    void ended();
    void close_until(base::Time until); ///< never shortens
    base::Time closed_until() const { return closed_until_; }
    std::size_t running() const { return running_; }
    /// Nothing runs and neither pause nor closing matters any more: may be forgotten.
    bool idle(base::Time now) const;

  private:
    std::size_t at_once_;
    base::Duration between_;
    std::size_t running_ = 0;
    base::Time last_start_{base::Duration::min()};
    base::Time closed_until_{base::Duration::min()};
};

} // namespace cdtd::schedule
