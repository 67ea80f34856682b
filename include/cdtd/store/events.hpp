// The event log and the outbox. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/model/event.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cdtd::store {

/// Gives seq and id ("evt_" and 26 characters), writes it and a pending delivery, due at once, for each
/// endpoint.
model::Event add_event(Connection& db, model::Event event, const std::vector<std::string>& endpoints);
/// Events behind the one with this id, in order; "" = from the start. nullopt: no such id.
std::optional<std::vector<model::Event>> list_events(Connection& db, const std::string& after, int limit);

std::optional<std::string> newest_event(Connection& db); ///< its id

/// Makes the endpoints' table agree with the configuration.
void sync_endpoints(Connection& db, const std::vector<std::string>& names);
std::vector<model::EndpointState> list_endpoints(Connection& db);

struct Due {
    std::int64_t delivery = 0;
    int attempts = 0; ///< made so far
    model::Event event;
};
/// Nothing now: look again then (nullopt: only when something is added).
using NothingUntil = std::optional<base::Time>;
/// The endpoint's next delivery in order. One that is being retried holds later ones back until `order_wait`
/// after its first attempt; then they pass it. A disabled endpoint has nothing.
std::variant<NothingUntil, Due> next_delivery(Connection& db, const std::string& endpoint, base::Time now,
                                              base::Duration order_wait);
/// Records the attempt; `next` = when it is made again (state pending), else `state` is final. Keeps the
/// endpoint's health: a success clears failing_since, a failure sets it.
void record_attempt(Connection& db, std::int64_t delivery, const model::Attempt& attempt,
                    model::DeliveryState state, std::optional<base::Time> next);
void disable_endpoint(Connection& db, const std::string& name, const std::string& reason, base::Time at);

struct DeliveryFilter {
    std::vector<std::string> endpoints, states;
    std::optional<base::Time> since; ///< of the event
    std::string cursor;
    int limit = 50;
};
struct DeliveryPage {
    std::vector<model::Delivery> items; ///< newest first, with attempts
    std::optional<std::string> next;
};
DeliveryPage list_deliveries(Connection& db, const DeliveryFilter& filter);

} // namespace cdtd::store
