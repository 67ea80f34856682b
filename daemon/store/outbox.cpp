// The outbox: who is to be told what next, and what came of it.
#include "store/event_rows.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/events.hpp>

#include <algorithm>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_answer = 1024, longest_error = 600;
constexpr base::Duration an_hour = std::chrono::hours(1);

std::optional<std::string> cut(const std::optional<std::string>& text, std::size_t bytes) {
    return text ? std::optional(std::string(base::cut_bytes(*text, bytes))) : std::nullopt;
}

Due read_due(Connection& db, std::int64_t delivery) {
    auto row =
        db.prepare("SELECT d.id, d.attempts, d.kind, e.seq, e.id, e.type, e.timestamp, e.data, e.article "
                   "FROM deliveries d CROSS JOIN events e ON e.seq = d.event WHERE d.id = ?");
    row << delivery;
    row.step();
    return {row.integer(0), static_cast<int>(row.integer(1)), model::delivery_kind(row.text(2)),
            read_event(row, 3)};
}

std::optional<std::int64_t> waiting_test(Connection& db, const std::string& endpoint) {
    auto row = db.prepare("SELECT id FROM deliveries WHERE state = 'pending' AND kind = 'test' AND "
                          "endpoint = ? ORDER BY id LIMIT 1");
    row << endpoint;
    return row.step() ? std::optional(row.integer(0)) : std::nullopt;
}

/// How many messages may still go to an endpoint in this hour, and when that changes.
class Allowance {
  public:
    Allowance(Connection& db, const std::string& endpoint, base::Time now, const Pace& pace)
        : limit_(pace.max_per_hour), now_(now), settle_(pace.settle) {
        if (limit_ == 0)
            return;
        auto told = db.prepare("SELECT count(*) FROM deliveries WHERE endpoint = ? AND told_at > ?");
        told << endpoint << now - an_hour;
        told.step();
        left_ = std::max<std::int64_t>(limit_ - told.integer(0), 0);
        auto digest = db.prepare("SELECT last_digest_at FROM endpoints WHERE name = ?");
        digest << endpoint;
        last_digest_ = digest.step() ? digest.optional_time(0) : std::nullopt;
        // The oldest message whose leaving of the hour makes room.
        auto first = db.prepare("SELECT told_at FROM deliveries WHERE endpoint = ? AND told_at > ? ORDER BY "
                                "told_at LIMIT 1 OFFSET ?");
        first << endpoint << now - an_hour << std::max<std::int64_t>(told.integer(0) - limit_, 0);
        room_at_ = first.step() ? first.time(0) + an_hour : now;
    }

    bool take() { return limit_ == 0 || left_-- > 0; }
    /// When an event that happened at `since` and has no room may go out in a digest: one in an hour.
    base::Time digest_at(base::Time since) const {
        return std::max(since + settle_, last_digest_ ? *last_digest_ + an_hour : since);
    }
    base::Time room_at() const { return room_at_; }
    base::Time now() const { return now_; }

  private:
    std::int64_t limit_;
    base::Time now_;
    base::Duration settle_;
    std::int64_t left_ = 0;
    std::optional<base::Time> last_digest_;
    base::Time room_at_;
};

struct Row {
    std::int64_t id;
    base::Time due_at;
    std::int64_t attempts;
    std::optional<base::Time> first_attempt_at;
    bool plain; ///< an event like others: the limit of the hour is about them
};

/// Walks the line in order.
class Walk {
  public:
    Walk(Allowance& allowance, base::Duration order_wait) : allowance_(allowance), order_wait_(order_wait) {}

    /// False: what lies behind this one waits too.
    bool pass(const Row& row) {
        const base::Time now = allowance_.now();
        if (row.due_at <= now) {
            if (row.plain && row.attempts == 0 && !allowance_.take())
                return hold(row);
            due.push_back(row.id);
            return true;
        }
        look_again(row.due_at);
        if (row.attempts == 0)
            return false; // it waits for its first attempt, and what is behind it waits for it
        const auto passable = *row.first_attempt_at + order_wait_;
        if (passable > now)
            look_again(passable);
        return passable <= now;
    }

    std::vector<std::int64_t> due;
    bool digest = false;
    std::optional<base::Time> until;

  private:
    bool hold(const Row& row) {
        const base::Time at = allowance_.digest_at(row.due_at);
        digest = due.empty() && at <= allowance_.now();
        look_again(std::min(at, allowance_.room_at()));
        return false;
    }
    void look_again(base::Time at) { until = until ? std::min(*until, at) : at; }

    Allowance& allowance_;
    base::Duration order_wait_;
};

void note_success(Connection& db, const std::string& endpoint, base::Time at) {
    (db.prepare(
         "INSERT INTO endpoints (name, configured, last_success_at) VALUES (?1, 0, ?2) "
         "ON CONFLICT DO UPDATE SET failing_since = NULL, last_error = CASE state WHEN 'disabled' THEN "
         "last_error END, last_success_at = ?2, paused_until = NULL, "
         "state = CASE state WHEN 'disabled' THEN state ELSE 'ok' END")
     << endpoint << at)
        .run();
}

void note_failure(Connection& db, const std::string& endpoint, const model::Attempt& attempt) {
    (db.prepare("INSERT INTO endpoints (name, configured, state, failing_since, last_error) "
                "VALUES (?1, 0, 'failing', ?2, ?3) ON CONFLICT DO UPDATE SET "
                "failing_since = coalesce(failing_since, ?2), "
                "last_error = CASE state WHEN 'disabled' THEN last_error ELSE ?3 END, "
                "state = CASE state WHEN 'disabled' THEN state ELSE 'failing' END")
     << endpoint << attempt.at << cut(attempt.error, longest_error))
        .run();
}

} // namespace

std::int64_t add_delivery(Connection& db, std::int64_t event, const std::string& endpoint,
                          model::DeliveryKind kind, base::Time due) {
    (db.prepare("INSERT INTO deliveries (event, endpoint, kind, due_at) VALUES (?, ?, ?, ?)")
     << event << endpoint << model::to_string(kind) << due)
        .run();
    return db.last_insert_id();
}

Next next_deliveries(Connection& db, const std::string& endpoint, base::Time now, const Pace& pace,
                     std::size_t most) {
    Next next;
    if (const auto test = waiting_test(db, endpoint)) {
        next.due.push_back(read_due(db, *test));
        return next;
    }
    {
        auto row = db.prepare("SELECT state = 'disabled', paused_until FROM endpoints WHERE name = ?");
        row << endpoint;
        if (row.step()) {
            if (row.integer(0) != 0)
                return next;
            if (const auto paused = row.optional_time(1); paused && *paused > now) {
                next.until = paused;
                return next;
            }
        }
    }
    Allowance allowance(db, endpoint, now, pace);
    Walk walk(allowance, pace.order_wait);
    {
        auto row = db.prepare("SELECT id, due_at, attempts, first_attempt_at, kind = 'event' FROM deliveries "
                              "WHERE state = 'pending' AND digest IS NULL AND endpoint = ? ORDER BY id");
        row << endpoint;
        while (walk.due.size() < most && row.step())
            if (!walk.pass(
                    {row.integer(0), row.time(1), row.integer(2), row.optional_time(3), row.integer(4) != 0}))
                break;
    }
    for (const auto id : walk.due)
        next.due.push_back(read_due(db, id));
    next.digest = walk.digest;
    next.until = walk.until;
    return next;
}

void record_attempt(Connection& db, std::int64_t delivery, const model::Attempt& attempt,
                    model::DeliveryState state, std::optional<base::Time> next) {
    const bool pending = state == model::DeliveryState::pending;
    const bool delivered = state == model::DeliveryState::delivered;
    std::string endpoint;
    std::int64_t number = 0;
    model::DeliveryKind kind{};
    {
        auto row = db.prepare("UPDATE deliveries SET attempts = attempts + 1, state = ?1, due_at = ?2, "
                              "first_attempt_at = coalesce(first_attempt_at, ?3), "
                              "told_at = CASE WHEN ?4 AND kind <> 'test' THEN ?3 END WHERE id = ?5 RETURNING "
                              "endpoint, attempts, kind");
        // A pending delivery without a next time would never be told: it is due at once.
        row << model::to_string(state) << (pending ? std::optional(next.value_or(attempt.at)) : std::nullopt)
            << attempt.at << delivered << delivery;
        if (!row.step())
            return;
        endpoint = row.text(0);
        number = row.integer(1);
        kind = model::delivery_kind(row.text(2));
    }
    (db.prepare("INSERT INTO delivery_attempts (delivery, number, at, status, ms, error, answer) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)")
     << delivery << number << attempt.at << attempt.status << attempt.ms << cut(attempt.error, longest_error)
     << cut(attempt.answer, longest_answer))
        .run();
    if (kind == model::DeliveryKind::digest && !pending)
        (db.prepare("UPDATE deliveries SET state = ?, due_at = NULL WHERE digest = ?")
         << model::to_string(state) << delivery)
            .run();
    if (delivered)
        note_success(db, endpoint, attempt.at);
    else if (kind != model::DeliveryKind::test)
        note_failure(db, endpoint, attempt);
}

Held held_back(Connection& db, const std::string& endpoint, int most) {
    constexpr std::string_view from =
        "FROM deliveries d CROSS JOIN events e ON e.seq = d.event WHERE d.state = 'pending' AND d.digest IS "
        "NULL AND d.endpoint = ? AND d.kind = 'event' AND d.attempts = 0";
    Held held;
    auto count = db.prepare("SELECT count(*) " + std::string(from));
    count << endpoint;
    count.step();
    held.total = count.integer(0);
    auto row = db.prepare("SELECT e.seq, e.id, e.type, e.timestamp, e.data, e.article " + std::string(from) +
                          " ORDER BY d.id LIMIT ?");
    row << endpoint << most;
    while (row.step())
        held.events.push_back(read_event(row, 0));
    return held;
}

void put_in_digest(Connection& db, const std::string& endpoint, const model::Event& digest) {
    const auto id = add_delivery(db, digest.seq, endpoint, model::DeliveryKind::digest, digest.timestamp);
    (db.prepare("UPDATE deliveries SET digest = ?1 WHERE state = 'pending' AND digest IS NULL AND "
                "endpoint = ?2 AND kind = 'event' AND attempts = 0 AND id < ?1")
     << id << endpoint)
        .run();
    (db.prepare("UPDATE endpoints SET last_digest_at = ? WHERE name = ?") << digest.timestamp << endpoint)
        .run();
}

} // namespace cdtd::store
