// Time as the program knows it, and the clock as a port, so that tests can set it.
#pragma once

#include <chrono>

namespace cdtd::base {

using Duration = std::chrono::microseconds;
/// UTC, microseconds since 1970 (WARC-Date needs them; the API shows milliseconds). The database stores the
/// count.
using Time = std::chrono::sys_time<Duration>;

class Clock {
  public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
};

/// The machine's clock. Any thread.
const Clock& system_clock();

} // namespace cdtd::base
