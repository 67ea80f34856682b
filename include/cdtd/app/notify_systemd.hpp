// What the service manager is told (sd_notify(3)). Each does nothing where there is no $NOTIFY_SOCKET.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>
#include <string_view>

namespace cdtd::app::systemd {

void ready(std::string_view status);  ///< READY=1 with a status; also ends reloading
void status(std::string_view status); ///< one line for `systemctl status`
void stopping();
/// RELOADING=1 with MONOTONIC_USEC, as Type=notify-reload demands. ready() must follow.
void reloading();
void watchdog();                              ///< WATCHDOG=1, from the loop itself
void extend_timeout(base::Duration duration); ///< EXTEND_TIMEOUT_USEC, for long migrations

/// How often watchdog() is to be called: half of $WATCHDOG_USEC where that is meant for this process.
std::optional<base::Duration> watchdog_interval();

} // namespace cdtd::app::systemd
