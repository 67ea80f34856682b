// The event log and the outbox. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/model/event.hpp>
#include <cdtd/store/connection.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

/// Gives seq and id ("evt_" and 26 characters), writes it and a pending delivery, due at once, for each
/// endpoint.
model::Event add_event(Connection& db, model::Event event, const std::vector<std::string>& endpoints);
/// Events behind the one with this id, in order; "" = from the start. nullopt: no such id.
std::optional<std::vector<model::Event>> list_events(Connection& db, const std::string& after, int limit);

std::optional<std::string> newest_event(Connection& db); ///< its id

/// A pending delivery of an event that stands in the log, due at once; its id.
std::int64_t add_delivery(Connection& db, std::int64_t event, const std::string& endpoint,
                          model::DeliveryKind kind, base::Time due);
/// Of events that happened at or after `since`, with a seq over `after`, in order.
std::vector<model::Event> events_since(Connection& db, base::Time since, std::int64_t after, int limit);

struct Due {
    std::int64_t delivery = 0;
    int attempts = 0; ///< made so far
    model::DeliveryKind kind = model::DeliveryKind::event;
    model::Event event;
};
/// How an endpoint is told.
struct Pace {
    base::Duration order_wait = std::chrono::hours(1); ///< [delivery]
    std::int64_t max_per_hour = 0;                     ///< messages; 0 = no limit
    base::Duration settle{}; ///< how old the oldest event is when a digest is made: more come together so
};
struct Next {
    std::vector<Due> due;            ///< in order; where one of them fails, ask again before the rest
    bool digest = false;             ///< too many for this hour: what waits is to be put into one message now
    std::optional<base::Time> until; ///< neither: look again then; null: only when something is added
};
/// The endpoint's next deliveries in order, at most `most`. One that is being retried holds later ones back
/// until `order_wait` after its first attempt; then they pass it. A disabled endpoint and one that is paused
/// have nothing but tests, which pass everything.
Next next_deliveries(Connection& db, const std::string& endpoint, base::Time now, const Pace& pace,
                     std::size_t most);
/// Records the attempt; `next` = when it is made again (state pending), else `state` is final. What a digest
/// told in its place shares its fate. Keeps the endpoint's health: a success clears failing_since, a failure
/// sets it; a test that fails says nothing of it.
void record_attempt(Connection& db, std::int64_t delivery, const model::Attempt& attempt,
                    model::DeliveryState state, std::optional<base::Time> next);

/// What a digest would tell: events that wait for their first attempt, at most `most` of `total`, in order.
struct Held {
    std::vector<model::Event> events;
    std::int64_t total = 0;
};
Held held_back(Connection& db, const std::string& endpoint, int most);
/// All of them are told by this event from now on.
void put_in_digest(Connection& db, const std::string& endpoint, const model::Event& digest);

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
