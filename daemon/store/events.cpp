// The event log.
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
        add_delivery(db, event.seq, endpoint, model::DeliveryKind::event, event.timestamp);
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

std::vector<model::Event> events_since(Connection& db, base::Time since, std::int64_t after, int limit) {
    std::vector<model::Event> events;
    // By seq, so that the order of the log is kept where the clock was set back.
    auto row = db.prepare("SELECT seq, id, type, timestamp, data, article FROM events "
                          "WHERE seq > ? AND timestamp >= ? ORDER BY seq LIMIT ?");
    row << after << since << limit;
    while (row.step())
        events.push_back(read_event(row, 0));
    return events;
}

} // namespace cdtd::store
