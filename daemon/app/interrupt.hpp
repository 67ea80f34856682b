// SIGINT and SIGTERM during long work: it ends where it stands well. A second one ends the program at once.
#pragma once

#include <atomic>

namespace cdtd::app {

/// Counts from when it is made, for the rest of the program: one a command.
class Interrupt {
  public:
    Interrupt();
    const std::atomic<bool>& asked() const;
};

} // namespace cdtd::app
