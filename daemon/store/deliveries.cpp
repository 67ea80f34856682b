// What was told to whom, and what became of it: lists. What is told next: outbox.cpp.
#include "store/cursor.hpp"
#include "store/event_rows.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/events.hpp>

#include <algorithm>
#include <limits>

namespace cdtd::store {
namespace {

/// Ids of one (endpoint, state) pair, newest first; "" = any endpoint.
void collect(Connection& db, const std::string& endpoint, const std::string& state, std::int64_t first_event,
             std::int64_t before, int limit, std::vector<std::int64_t>& ids) {
    const bool all = endpoint.empty();
    auto row = db.prepare(all ? "SELECT id FROM deliveries WHERE state = ? AND id < ? AND event >= ? "
                                "ORDER BY id DESC LIMIT ?"
                              : "SELECT id FROM deliveries WHERE state = ? AND id < ? AND event >= ? "
                                "AND endpoint = ? ORDER BY id DESC LIMIT ?");
    row << state << before << first_event;
    if (!all)
        row << endpoint;
    row << limit;
    while (row.step())
        ids.push_back(row.integer(0));
}

std::int64_t first_event_since(Connection& db, std::optional<base::Time> since) {
    if (!since)
        return 0;
    auto row = db.prepare("SELECT min(seq) FROM events WHERE timestamp >= ?");
    row << *since;
    row.step();
    return row.optional_integer(0).value_or(std::numeric_limits<std::int64_t>::max());
}

std::vector<model::Attempt> attempts_of(Connection& db, std::int64_t delivery) {
    std::vector<model::Attempt> attempts;
    auto row = db.prepare("SELECT at, status, ms, error, answer FROM delivery_attempts WHERE delivery = ? "
                          "ORDER BY number");
    row << delivery;
    while (row.step()) {
        model::Attempt attempt{row.time(0), std::nullopt, row.integer(2), row.optional_text(3),
                               row.optional_text(4)};
        if (const auto status = row.optional_integer(1))
            attempt.status = static_cast<int>(*status);
        attempts.push_back(std::move(attempt));
    }
    return attempts;
}

model::Delivery read_delivery(Connection& db, std::int64_t id) {
    auto row = db.prepare("SELECT e.id, e.type, d.endpoint, d.state, d.due_at, d.kind, (SELECT i.id "
                          "FROM deliveries b CROSS JOIN events i ON i.seq = b.event WHERE b.id = d.digest) "
                          "FROM deliveries d CROSS JOIN events e ON e.seq = d.event WHERE d.id = ?");
    row << id;
    row.step();
    return {id,
            row.text(0),
            row.text(1),
            row.text(2),
            model::delivery_state(row.text(3)),
            attempts_of(db, id),
            row.optional_time(4),
            model::delivery_kind(row.text(5)),
            row.optional_text(6)};
}

} // namespace

DeliveryPage list_deliveries(Connection& db, const DeliveryFilter& filter) {
    const int limit = std::clamp(filter.limit, 1, 500);
    const auto before = filter.cursor.empty()
                            ? std::numeric_limits<std::int64_t>::max()
                            : read_cursor<1>('d', filter.cursor, "a list of deliveries").front();
    const auto first_event = first_event_since(db, filter.since);
    auto endpoints = filter.endpoints;
    if (endpoints.empty())
        endpoints.emplace_back();
    auto states = filter.states;
    if (states.empty())
        states = {"pending", "delivered", "failed"};
    std::vector<std::int64_t> ids;
    for (const auto& endpoint : endpoints)
        for (const auto& state : states)
            collect(db, endpoint, state, first_event, before, limit + 1, ids);
    std::sort(ids.begin(), ids.end(), std::greater<>());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    DeliveryPage page;
    if (ids.size() > static_cast<std::size_t>(limit)) {
        ids.resize(static_cast<std::size_t>(limit));
        page.next = write_cursor('d', {ids.back()});
    }
    for (const auto id : ids)
        page.items.push_back(read_delivery(db, id));
    return page;
}

} // namespace cdtd::store
