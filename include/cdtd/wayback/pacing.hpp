// One pace for each of archive.org's hosts: so many starts a minute, a pause after a 429, an open circuit
// after a refused connection. Values over given times; whoever asks keeps them in the database, so that
// neither a restart nor a kill gives more than the limit. Pure.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>
#include <string>

namespace cdtd::wayback {

struct PaceSettings {
    base::Duration pause = std::chrono::seconds(60); ///< after a 429 without Retry-After; doubles
    base::Duration circuit = std::chrono::hours(1);  ///< after a refused connection; doubles
};

struct HostPace {
    std::optional<base::Time> closed_until;
    std::string reason;
    int throttled = 0;                   ///< 429s in a row
    int refused = 0;                     ///< connections refused in a row
    std::optional<base::Time> in_flight; ///< since when a request waits for its answer

    friend bool operator==(const HostPace&, const HostPace&) = default;
};

/// Between two starts, so that no minute holds more than `per_minute` of them whatever the network does to
/// their arrival.
base::Duration spacing_of(int per_minute);

/// May a request start now? nullopt: yes. `lane_free`: when the lane's last start allows the next one.
std::optional<base::Time> wait_until(const HostPace& host, base::Time lane_free, base::Time now);
HostPace started(HostPace host, base::Time now);

enum class Contact { answered, throttled, refused, failed };
HostPace heard(HostPace host, Contact contact, base::Time now, const PaceSettings& settings,
               std::optional<base::Duration> retry_after = std::nullopt);
/// After a start of ours: a request that was out when the last run ended may have been answered with a 429.
HostPace recovered(HostPace host, const PaceSettings& settings);

} // namespace cdtd::wayback
