#include <cdtd/store/endpoints.hpp>

#include <algorithm>
#include <chrono>

namespace cdtd::store {
namespace {

/// Of what waits: the oldest event, and when the next attempt is due. Only the head of the line and what is
/// being retried can be next.
void read_line(Connection& db, model::EndpointState& endpoint) {
    if (endpoint.waiting == 0)
        return;
    auto oldest = db.prepare("SELECT e.timestamp FROM deliveries d CROSS JOIN events e ON e.seq = d.event "
                             "WHERE d.endpoint = ? AND d.state = 'pending' ORDER BY d.id LIMIT 1");
    oldest << endpoint.name;
    if (oldest.step())
        endpoint.oldest_waiting_at = oldest.time(0);
    if (endpoint.state == "disabled" || !endpoint.enabled)
        return;
    auto next = db.prepare(
        "SELECT min(due_at) FROM deliveries WHERE state = 'pending' AND digest IS NULL AND endpoint = ?1 AND "
        "(attempts > 0 OR id = (SELECT min(id) FROM deliveries WHERE state = 'pending' AND digest IS NULL "
        "AND endpoint = ?1))");
    next << endpoint.name;
    if (next.step())
        endpoint.next_attempt_at = next.optional_time(0);
    if (endpoint.next_attempt_at && endpoint.paused_until)
        endpoint.next_attempt_at = std::max(*endpoint.next_attempt_at, *endpoint.paused_until);
}

std::int64_t told_since(Connection& db, const std::string& name, base::Time since) {
    auto row = db.prepare("SELECT count(*) FROM deliveries WHERE endpoint = ? AND told_at > ?");
    row << name << since;
    row.step();
    return row.integer(0);
}

} // namespace

void sync_endpoints(Connection& db, const std::vector<EndpointSetup>& endpoints) {
    Transaction transaction(db);
    db.prepare("UPDATE endpoints SET configured = 0").run();
    for (const auto& endpoint : endpoints)
        (db.prepare("INSERT INTO endpoints (name, format, enabled, max_per_hour) VALUES (?1, ?2, ?3, ?4) "
                    "ON CONFLICT DO UPDATE SET configured = 1, format = ?2, enabled = ?3, max_per_hour = ?4")
         << endpoint.name << endpoint.format << endpoint.enabled << endpoint.max_per_hour)
            .run();
    transaction.commit();
}

std::vector<model::EndpointState> list_endpoints(Connection& db, base::Time now) {
    std::vector<model::EndpointState> endpoints;
    {
        auto row = db.prepare(
            "SELECT name, state, (SELECT count(*) FROM deliveries d WHERE d.endpoint = e.name "
            "AND d.state = 'pending'), failing_since, last_success_at, last_error, format, enabled, "
            "disabled_at, paused_until, max_per_hour FROM endpoints e WHERE configured = 1 ORDER BY name");
        while (row.step()) {
            model::EndpointState& endpoint = endpoints.emplace_back();
            endpoint.name = row.text(0);
            endpoint.state = row.text(1);
            endpoint.waiting = row.integer(2);
            endpoint.failing_since = row.optional_time(3);
            endpoint.last_success_at = row.optional_time(4);
            endpoint.last_error = row.optional_text(5);
            endpoint.format = row.text(6);
            endpoint.enabled = row.integer(7) != 0;
            endpoint.disabled_at = row.optional_time(8);
            if (const auto paused = row.optional_time(9); paused && *paused > now)
                endpoint.paused_until = paused;
            endpoint.max_per_hour = row.integer(10);
        }
    }
    for (auto& endpoint : endpoints) {
        read_line(db, endpoint);
        endpoint.told_last_hour = told_since(db, endpoint.name, now - std::chrono::hours(1));
    }
    return endpoints;
}

std::optional<model::EndpointState> find_endpoint(Connection& db, const std::string& name, base::Time now) {
    auto endpoints = list_endpoints(db, now);
    const auto found = std::ranges::find(endpoints, name, &model::EndpointState::name);
    return found == endpoints.end() ? std::nullopt : std::optional(std::move(*found));
}

std::optional<base::Time> failing_since(Connection& db, const std::string& name) {
    auto row = db.prepare("SELECT failing_since FROM endpoints WHERE name = ?");
    row << name;
    return row.step() ? row.optional_time(0) : std::nullopt;
}

void disable_endpoint(Connection& db, const std::string& name, const std::string& reason, base::Time at) {
    (db.prepare("INSERT INTO endpoints (name, state, last_error, disabled_at) VALUES (?, 'disabled', ?, ?) "
                "ON CONFLICT DO UPDATE SET state = 'disabled', last_error = excluded.last_error, "
                "disabled_at = excluded.disabled_at")
     << name << reason << at)
        .run();
}

void enable_endpoint(Connection& db, const std::string& name, base::Time at) {
    (db.prepare("UPDATE endpoints SET state = 'ok', failing_since = NULL, last_error = NULL, "
                "disabled_at = NULL, paused_until = NULL WHERE name = ?")
     << name)
        .run();
    (db.prepare("UPDATE deliveries SET due_at = ?1 WHERE state = 'pending' AND digest IS NULL "
                "AND endpoint = ?2 AND due_at > ?1")
     << at << name)
        .run();
}

void pause_endpoint(Connection& db, const std::string& name, base::Time until) {
    (db.prepare("UPDATE endpoints SET paused_until = max(coalesce(paused_until, 0), ?) WHERE name = ?")
     << until << name)
        .run();
}

} // namespace cdtd::store
