// Events, endpoints and deliveries. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::model {

struct Event {
    std::int64_t seq = 0; ///< order in the log; inside only
    std::string id;       ///< webhook-id: "evt_…", the same on every attempt and for every endpoint
    std::string type;     ///< "article.new"
    base::Time timestamp;
    std::string data;                    ///< JSON object
    std::optional<std::int64_t> article; ///< id, where it is about one
};

enum class DeliveryState { pending, delivered, failed };
enum class DeliveryKind {
    event,
    replay, ///< asked for again by the operator
    test,   ///< a test.ping: one attempt, at once, past everything else
    digest  ///< in place of several that came past max_per_hour
};

struct Attempt {
    base::Time at;
    std::optional<int>
        status; ///< HTTP status, SMTP reply code or exit status; null where there was no answer
    std::int64_t ms = 0;
    std::optional<std::string> error;  ///< one line for people
    std::optional<std::string> answer; ///< first 1 kB of the answer
};

struct Delivery {
    std::int64_t id = 0;
    std::string event_id;
    std::string type;
    std::string endpoint;
    DeliveryState state = DeliveryState::pending;
    std::vector<Attempt> attempts;
    std::optional<base::Time> next_attempt_at;
    DeliveryKind kind = DeliveryKind::event;
    std::optional<std::string> digest; ///< id of the digest event that tells it in its place
};

/// The health of an endpoint, as stored; its settings are the configuration's.
struct EndpointState {
    std::string name;
    std::string state = "ok"; ///< ok | failing | disabled
    std::int64_t waiting = 0; ///< pending deliveries
    std::optional<base::Time> failing_since;
    std::optional<base::Time> last_success_at;
    std::optional<std::string> last_error;
    std::string format = "standard"; ///< as configured; exec and email are formats too
    bool enabled = true;             ///< by the configuration
    std::optional<base::Time> disabled_at;
    std::optional<base::Time> oldest_waiting_at; ///< when the oldest event that waits happened
    std::optional<base::Time> next_attempt_at;   ///< null: nothing waits, or it is disabled
    std::optional<base::Time> paused_until;      ///< it asked us to slow down
    std::int64_t max_per_hour = 0;               ///< messages; 0 = no limit
    std::int64_t told_last_hour = 0;             ///< messages
};

} // namespace cdtd::model
