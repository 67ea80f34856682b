// One pace for each of archive.org's hosts: so many starts a minute, a pause after a 429, an open circuit
// after a refused connection. Values over given times; whoever asks keeps them in the database, so that
// neither a restart nor a kill gives more than the limit. Pure.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/wayback.hpp>

#include <optional>
#include <string>

namespace cdtd::wayback {

struct PaceSettings {
    base::Duration pause = std::chrono::seconds(60); ///< after a 429 without Retry-After; doubles
    base::Duration circuit = std::chrono::hours(1);  ///< after a refused connection; doubles
};

using model::HostPace;

/// Between two starts, so that no minute holds more than `per_minute` of them whatever the network does to
/// their arrival.
base::Duration spacing_of(int per_minute);

/// When a start counts whose answer came at `heard_at`: the request may have arrived at any time in between,
/// and a minute of the server's clock must not hold one too many.
base::Time counted_start(base::Time start, base::Time heard_at);

/// May a request start now? nullopt: yes. `lane_free`: when the lane's last start allows the next one.
std::optional<base::Time> wait_until(const HostPace& host, base::Time lane_free, base::Time now);
HostPace started(HostPace host, base::Time now);

enum class Contact {
    answered,
    throttled, ///< 429
    refused,   ///< the connection
    failed,    ///< it answered that it can't
    silent     ///< no answer at all: after several of them nobody waits for the next one for a while
};
HostPace heard(HostPace host, Contact contact, base::Time now, const PaceSettings& settings,
               std::optional<base::Duration> retry_after = std::nullopt);
/// After a start of ours: a request that was out when the last run ended may have been answered with a 429.
HostPace recovered(HostPace host, const PaceSettings& settings);

} // namespace cdtd::wayback
