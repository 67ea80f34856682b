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

struct Attempt {
    base::Time at;
    std::optional<int> status; ///< HTTP status; null where there was no answer
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
};

/// The health of an endpoint, as stored; its settings are the configuration's.
struct EndpointState {
    std::string name;
    std::string state = "ok"; ///< ok | failing | disabled
    std::int64_t waiting = 0; ///< pending deliveries
    std::optional<base::Time> failing_since;
    std::optional<base::Time> last_success_at;
    std::optional<std::string> last_error;
};

} // namespace cdtd::model
