#include <cdtd/base/time.hpp>
#include <cdtd/schedule/retry.hpp>
#include <cdtd/wayback/pacing.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::wayback {
namespace {

/// Whatever a server asks for, and however often something is doubled: then one request finds out.
constexpr base::Duration longest = std::chrono::hours(24);
constexpr int most_counted = 30;
/// Each of them may have cost a minute of waiting.
constexpr int silent_at_most = 3;
constexpr base::Duration dead_at_most = std::chrono::hours(1);
/// By which arrivals may come closer together than starts and no minute holds too many (see spacing_of).
constexpr base::Duration arrival_spread = std::chrono::seconds(1);

void close(HostPace& host, base::Time until, std::string reason) {
    host.closed_until = std::max(host.closed_until.value_or(until), until);
    host.reason = std::move(reason);
}

} // namespace

base::Duration spacing_of(int per_minute) {
    // A fiftieth more: starts that are just so far apart may arrive closer together, by a second and a bit.
    return std::chrono::duration_cast<base::Duration>(std::chrono::minutes(1)) * 51 /
           (50 * std::clamp(per_minute, 1, 6000));
}

base::Time counted_start(base::Time start, base::Time heard_at) {
    return std::max(start, heard_at - arrival_spread);
}

std::optional<base::Time> wait_until(const HostPace& host, base::Time lane_free, base::Time now) {
    // A clock that was set back must not close a host for years.
    const base::Time open = std::min(host.closed_until.value_or(now), now + longest);
    const base::Time from = std::max(open, std::min(lane_free, now + std::chrono::minutes(2)));
    return from > now ? std::optional(from) : std::nullopt;
}

HostPace started(HostPace host, base::Time now) {
    host.in_flight = now;
    return host;
}

HostPace heard(HostPace host, Contact contact, base::Time now, const PaceSettings& settings,
               std::optional<base::Duration> retry_after) {
    host.in_flight.reset();
    switch (contact) {
    case Contact::answered:
        return {};
    case Contact::failed:
        host.silent = 0;
        return host;
    case Contact::silent:
        host.silent = std::min(host.silent + 1, most_counted);
        if (host.silent >= silent_at_most)
            close(host,
                  now + schedule::backoff(settings.pause, host.silent - silent_at_most + 1, dead_at_most),
                  fmt::format("it gave no answer {} times in a row", host.silent));
        return host;
    case Contact::throttled: {
        host.throttled = std::min(host.throttled + 1, most_counted);
        const auto wait = schedule::backoff(settings.pause, host.throttled, longest);
        close(host, now + std::max(wait, std::min(retry_after.value_or(wait), longest)),
              host.throttled == 1 ? "it answered 429: too many requests"
                                  : fmt::format("it answered 429 {} times in a row", host.throttled));
        return host;
    }
    case Contact::refused:
        host.refused = std::min(host.refused + 1, most_counted);
        close(host, now + schedule::backoff(settings.circuit, host.refused, longest),
              host.refused == 1 ? "it refuses connections, which is how it blocks who asks too often"
                                : fmt::format("it refused connections {} times in a row", host.refused));
        return host;
    }
    return host;
}

HostPace recovered(HostPace host, const PaceSettings& settings) {
    if (!host.in_flight)
        return host;
    const base::Time since = *host.in_flight;
    host.in_flight.reset();
    close(host, since + schedule::backoff(settings.pause, host.throttled + 1, longest),
          "the last run ended before an answer came, which may have been a 429");
    return host;
}

} // namespace cdtd::wayback
