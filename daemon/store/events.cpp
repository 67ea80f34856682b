// The event log and the endpoints. Their deliveries: deliveries.cpp.
#include "store/event_rows.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/store/events.hpp>

namespace cdtd::store {
namespace {

/// 26 characters of base32 are 130 random bits.
std::string new_event_id() {
    return "evt_" + base::ascii_lower(base::to_base32(base::random_bytes(17))).substr(0, 26);
}

} // namespace

model::Event add_event(Connection& db, model::Event event, const std::vector<std::string>& endpoints) {
    event.id = new_event_id();
    (db.prepare("INSERT INTO events (id, type, timestamp, data, article) VALUES (?, ?, ?, ?, ?)")
     << event.id << event.type << event.timestamp << event.data << event.article)
        .run();
    event.seq = db.last_insert_id();
    for (const auto& endpoint : endpoints)
        (db.prepare("INSERT INTO deliveries (event, endpoint, due_at) VALUES (?, ?, ?)")
         << event.seq << endpoint << event.timestamp)
            .run();
    return event;
}

std::optional<std::vector<model::Event>> list_events(Connection& db, const std::string& after, int limit) {
    std::int64_t seq = 0;
    if (!after.empty()) {
        auto row = db.prepare("SELECT seq FROM events WHERE id = ?");
        row << after;
        if (!row.step())
            return std::nullopt;
        seq = row.integer(0);
    }
    std::vector<model::Event> events;
    auto row = db.prepare("SELECT seq, id, type, timestamp, data, article FROM events WHERE seq > ? "
                          "ORDER BY seq LIMIT ?");
    row << seq << limit;
    while (row.step())
        events.push_back(read_event(row, 0));
    return events;
}

std::optional<std::string> newest_event(Connection& db) {
    auto row = db.prepare("SELECT id FROM events ORDER BY seq DESC LIMIT 1");
    return row.step() ? std::optional(row.text(0)) : std::nullopt;
}

void sync_endpoints(Connection& db, const std::vector<std::string>& names) {
    Transaction transaction(db);
    db.prepare("UPDATE endpoints SET configured = 0").run();
    for (const auto& name : names)
        (db.prepare("INSERT INTO endpoints (name) VALUES (?) ON CONFLICT DO UPDATE SET configured = 1")
         << name)
            .run();
    transaction.commit();
}

std::vector<model::EndpointState> list_endpoints(Connection& db) {
    std::vector<model::EndpointState> endpoints;
    auto row = db.prepare("SELECT name, state, (SELECT count(*) FROM deliveries d WHERE d.endpoint = e.name "
                          "AND d.state = 'pending'), failing_since, last_success_at, last_error "
                          "FROM endpoints e WHERE configured = 1 ORDER BY name");
    while (row.step())
        endpoints.push_back({row.text(0), row.text(1), row.integer(2), row.optional_time(3),
                             row.optional_time(4), row.optional_text(5)});
    return endpoints;
}

void disable_endpoint(Connection& db, const std::string& name, const std::string& reason, base::Time at) {
    (db.prepare("INSERT INTO endpoints (name, state, last_error, disabled_at) VALUES (?, 'disabled', ?, ?) "
                "ON CONFLICT DO UPDATE SET state = 'disabled', last_error = excluded.last_error, "
                "disabled_at = excluded.disabled_at")
     << name << reason << at)
        .run();
}

} // namespace cdtd::store
