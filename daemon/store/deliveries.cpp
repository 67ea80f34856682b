// The outbox: who is to be told what next, and what became of it.
#include "store/event_rows.hpp"
#include "store/json_text.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/events.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_answer = 1024, longest_error = 600;

bool is_disabled(Connection& db, const std::string& endpoint) {
    auto row = db.prepare("SELECT 1 FROM endpoints WHERE name = ? AND state = 'disabled'");
    row << endpoint;
    return row.step();
}

Due read_due(Connection& db, std::int64_t delivery) {
    auto row = db.prepare("SELECT d.id, d.attempts, e.seq, e.id, e.type, e.timestamp, e.data, e.article "
                          "FROM deliveries d CROSS JOIN events e ON e.seq = d.event WHERE d.id = ?");
    row << delivery;
    row.step();
    return {row.integer(0), static_cast<int>(row.integer(1)), read_event(row, 2)};
}

std::optional<std::string> cut(const std::optional<std::string>& text, std::size_t bytes) {
    return text ? std::optional(std::string(base::cut_bytes(*text, bytes))) : std::nullopt;
}

void note_health(Connection& db, const std::string& endpoint, const model::Attempt& attempt, bool success) {
    if (success)
        (db.prepare(
             "INSERT INTO endpoints (name, configured, last_success_at) VALUES (?1, 0, ?2) "
             "ON CONFLICT DO UPDATE SET failing_since = NULL, last_error = NULL, last_success_at = ?2, "
             "state = CASE state WHEN 'disabled' THEN state ELSE 'ok' END")
         << endpoint << attempt.at)
            .run();
    else
        (db.prepare("INSERT INTO endpoints (name, configured, state, failing_since, last_error) "
                    "VALUES (?1, 0, 'failing', ?2, ?3) ON CONFLICT DO UPDATE SET "
                    "failing_since = coalesce(failing_since, ?2), "
                    "last_error = CASE state WHEN 'disabled' THEN last_error ELSE ?3 END, "
                    "state = CASE state WHEN 'disabled' THEN state ELSE 'failing' END")
         << endpoint << attempt.at << cut(attempt.error, longest_error))
            .run();
}

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

std::int64_t read_cursor(const std::string& cursor) {
    std::int64_t id = 0;
    const char* end = cursor.data() + cursor.size();
    const auto read = std::from_chars(cursor.data() + 1, end, id);
    if (cursor[0] != 'd' || read.ec != std::errc() || read.ptr != end)
        throw std::invalid_argument("this cursor is not one that a list of deliveries gave");
    return id;
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
    auto row = db.prepare("SELECT e.id, e.type, d.endpoint, d.state, d.due_at FROM deliveries d "
                          "CROSS JOIN events e ON e.seq = d.event WHERE d.id = ?");
    row << id;
    row.step();
    return {id,
            row.text(0),
            row.text(1),
            row.text(2),
            model::delivery_state(row.text(3)),
            attempts_of(db, id),
            row.optional_time(4)};
}

} // namespace

std::variant<NothingUntil, Due> next_delivery(Connection& db, const std::string& endpoint, base::Time now,
                                              base::Duration order_wait) {
    if (is_disabled(db, endpoint))
        return NothingUntil{};
    NothingUntil until;
    const auto look_again = [&until](base::Time at) { until = until ? std::min(*until, at) : at; };
    std::optional<std::int64_t> due;
    {
        auto row = db.prepare("SELECT id, due_at, attempts, first_attempt_at FROM deliveries "
                              "WHERE state = 'pending' AND endpoint = ? ORDER BY id");
        row << endpoint;
        while (!due && row.step()) {
            if (row.time(1) <= now) {
                due = row.integer(0);
                break;
            }
            look_again(row.time(1));
            if (row.integer(2) == 0)
                break; // it waits for its first attempt, and what is behind it waits for it
            const auto passable = row.time(3) + order_wait;
            if (now < passable) {
                look_again(passable);
                break;
            }
        }
    }
    if (due)
        return read_due(db, *due);
    return until;
}

void record_attempt(Connection& db, std::int64_t delivery, const model::Attempt& attempt,
                    model::DeliveryState state, std::optional<base::Time> next) {
    std::string endpoint;
    std::int64_t number = 0;
    {
        auto row = db.prepare("UPDATE deliveries SET attempts = attempts + 1, state = ?1, due_at = ?2, "
                              "first_attempt_at = coalesce(first_attempt_at, ?3) WHERE id = ?4 "
                              "RETURNING endpoint, attempts");
        // A pending delivery without a next time would never be told: it is due at once.
        const bool pending = state == model::DeliveryState::pending;
        row << model::to_string(state) << (pending ? std::optional(next.value_or(attempt.at)) : std::nullopt)
            << attempt.at << delivery;
        if (!row.step())
            return;
        endpoint = row.text(0);
        number = row.integer(1);
    }
    (db.prepare("INSERT INTO delivery_attempts (delivery, number, at, status, ms, error, answer) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)")
     << delivery << number << attempt.at << attempt.status << attempt.ms << cut(attempt.error, longest_error)
     << cut(attempt.answer, longest_answer))
        .run();
    note_health(db, endpoint, attempt, state == model::DeliveryState::delivered);
}

DeliveryPage list_deliveries(Connection& db, const DeliveryFilter& filter) {
    const int limit = std::clamp(filter.limit, 1, 500);
    const auto before =
        filter.cursor.empty() ? std::numeric_limits<std::int64_t>::max() : read_cursor(filter.cursor);
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
        page.next = "d" + std::to_string(ids.back());
    }
    for (const auto id : ids)
        page.items.push_back(read_delivery(db, id));
    return page;
}

} // namespace cdtd::store
