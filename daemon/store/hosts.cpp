#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/schedule/circuit.hpp>
#include <cdtd/store/hosts.hpp>

#include <fmt/format.h>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_reason = 600;
constexpr std::size_t longest_robots = 512 * 1024;

/// Which jobs are under this circuit.
const char* kind_of(const HostRole& host) {
    return host.role == "source" ? "watch_source" : "capture";
}

/// Closed, where nothing is known.
schedule::Circuit find_circuit(Connection& db, const HostRole& host) {
    auto row = db.prepare("SELECT refusals, open_until FROM circuits WHERE origin = ? AND role = ?");
    row << host.origin << host.role;
    return row.step() ? schedule::Circuit{static_cast<int>(row.integer(0)), row.optional_time(1)}
                      : schedule::Circuit{};
}

void save_circuit(Connection& db, const HostRole& host, const schedule::Circuit& circuit,
                  const std::string& reason) {
    (db.prepare("INSERT INTO circuits (origin, role, refusals, open_until, reason) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET refusals = excluded.refusals, open_until = excluded.open_until, "
                "reason = CASE excluded.reason WHEN '' THEN reason ELSE excluded.reason END")
     << host.origin << host.role << circuit.refusals << circuit.open_until
     << base::cut_bytes(reason, longest_reason))
        .run();
}

} // namespace

std::optional<base::Time> pass_circuit(Connection& db, const HostRole& host, base::Time now) {
    const schedule::Circuit known = find_circuit(db, host);
    schedule::Circuit circuit = known;
    const auto until = schedule::hold_back(circuit, now);
    if (circuit != known)
        save_circuit(db, host, circuit, "");
    return until;
}

void note_refused(Connection& db, const HostRole& host, base::Time now, const std::string& reason) {
    save_circuit(db, host, schedule::refused(find_circuit(db, host), now), reason);
}

void close_circuit(Connection& db, const HostRole& host, base::Time now) {
    const bool was_open = find_circuit(db, host).open_until.has_value();
    (db.prepare("DELETE FROM circuits WHERE origin = ? AND role = ?") << host.origin << host.role).run();
    if (!was_open)
        return;
    for (const auto& prefix : base::prefixes_of_origin(host.origin))
        (db.prepare("UPDATE jobs SET due_at = min(due_at, ?) WHERE kind = ? AND role = ? AND "
                    "substr(url, 1, ?) = ? AND (kind = 'capture' OR last_error IS NOT NULL)")
         << now << kind_of(host) << host.role << static_cast<std::int64_t>(prefix.size()) << prefix)
            .run();
}

void hold_jobs(Connection& db, const HostRole& host, base::Time until) {
    // A capture that was never tried is settled as refused; a look at an original simply waits, and says so:
    // others of its host are not due for months, and stay so when the host is well again.
    const int tried = host.role == "source" ? 0 : 1;
    for (const auto& prefix : base::prefixes_of_origin(host.origin))
        (db.prepare("UPDATE jobs SET due_at = ?1, last_error = coalesce(last_error, 'held') WHERE kind = ?2 "
                    "AND role = ?3 AND attempts >= ?4 AND "
                    "due_at < ?1 AND substr(url, 1, ?5) = ?6")
         << until << kind_of(host) << host.role << tried << static_cast<std::int64_t>(prefix.size())
         << prefix)
            .run();
}

std::vector<model::HostPause> open_circuits(Connection& db, base::Time now) {
    std::vector<model::HostPause> open;
    auto row = db.prepare("SELECT origin, role, refusals, open_until, reason FROM circuits "
                          "WHERE open_until > ? ORDER BY origin, role");
    row << now;
    while (row.step())
        open.push_back({row.text(0), row.time(3),
                        fmt::format("{}s: {} refusals in a row, one probe a day ({})", row.text(1),
                                    row.integer(2), row.text(4))});
    return open;
}

std::optional<RobotsText> find_robots(Connection& db, const std::string& origin) {
    auto row = db.prepare("SELECT fetched_at, text FROM robots WHERE origin = ?");
    row << origin;
    return row.step() ? std::optional(RobotsText{row.time(0), row.text(1)}) : std::nullopt;
}

void save_robots(Connection& db, const std::string& origin, const RobotsText& robots) {
    (db.prepare("INSERT OR REPLACE INTO robots (origin, fetched_at, text) VALUES (?, ?, ?)")
     << origin << robots.fetched_at << base::to_valid_utf8(base::cut_bytes(robots.text, longest_robots)))
        .run();
}

} // namespace cdtd::store
