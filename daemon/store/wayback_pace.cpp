// How archive.org's hosts want to be asked, over restarts.
#include <cdtd/base/text.hpp>
#include <cdtd/store/wayback.hpp>

#include <algorithm>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_reason = 600;

}

model::HostPace find_host_pace(Connection& db, const std::string& origin) {
    auto row =
        db.prepare("SELECT closed_until, reason, throttled, refused, silent, in_flight FROM wayback_hosts "
                   "WHERE origin = ?");
    row << origin;
    if (!row.step())
        return {};
    return {row.optional_time(0),
            row.text(1),
            static_cast<int>(row.integer(2)),
            static_cast<int>(row.integer(3)),
            static_cast<int>(row.integer(4)),
            row.optional_time(5)};
}

LanePace find_pace(Connection& db, const std::string& origin, const std::string& lane) {
    LanePace pace{find_host_pace(db, origin), std::nullopt};
    auto row = db.prepare("SELECT last_start FROM wayback_lanes WHERE origin = ? AND lane = ?");
    row << origin << lane;
    if (row.step())
        pace.last_start = row.time(0);
    return pace;
}

void save_host_pace(Connection& db, const std::string& origin, const model::HostPace& pace) {
    (db.prepare("INSERT OR REPLACE INTO wayback_hosts (origin, closed_until, reason, throttled, refused, "
                "silent, in_flight) VALUES (?, ?, ?, ?, ?, ?, ?)")
     << origin << pace.closed_until << base::cut_bytes(pace.reason, longest_reason) << pace.throttled
     << pace.refused << pace.silent << pace.in_flight)
        .run();
}

void save_start(Connection& db, const std::string& origin, const std::string& lane, base::Time at) {
    (db.prepare("INSERT OR REPLACE INTO wayback_lanes (origin, lane, last_start) VALUES (?, ?, ?)")
     << origin << lane << at)
        .run();
}

std::vector<std::string> hosts_in_flight(Connection& db) {
    std::vector<std::string> origins;
    auto row = db.prepare("SELECT origin FROM wayback_hosts WHERE in_flight IS NOT NULL");
    while (row.step())
        origins.push_back(row.text(0));
    return origins;
}

std::optional<base::Time> closed_until(Connection& db, const std::string& origin, base::Time now) {
    auto row = db.prepare("SELECT max(until) FROM (SELECT closed_until AS until FROM wayback_hosts WHERE "
                          "origin = ?1 UNION ALL SELECT until FROM pauses WHERE host = ?1) WHERE until > ?2");
    row << origin << now;
    return row.step() ? row.optional_time(0) : std::nullopt;
}

} // namespace cdtd::store
