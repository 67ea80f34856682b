#include <cdtd/app/notify_systemd.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <string>

namespace cdtd::app::systemd {
namespace {

/// A line break would begin another assignment.
std::string status_line(std::string_view status) {
    return "STATUS=" + base::terminal_safe(base::cut_bytes(status, 1000));
}

void tell(const std::string& state) {
    sd_notify(0, state.c_str());
}

} // namespace

void ready(std::string_view status) {
    tell("READY=1\n" + status_line(status));
}

void status(std::string_view status) {
    tell(status_line(status));
}

void stopping() {
    tell("STOPPING=1");
}

void reloading() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                     std::int64_t{now.tv_sec} * 1'000'000 + std::int64_t{now.tv_nsec} / 1000));
}

void watchdog() {
    tell("WATCHDOG=1");
}

void extend_timeout(base::Duration duration) {
    tell(fmt::format("EXTEND_TIMEOUT_USEC={}", duration.count()));
}

std::optional<base::Duration> watchdog_interval() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0 || microseconds < 2)
        return std::nullopt;
    constexpr std::uint64_t a_day = 86'400'000'000;
    return base::Duration(static_cast<std::int64_t>(std::min(microseconds, a_day) / 2));
}

} // namespace cdtd::app::systemd
