// What hosts said to us: refusals in a row, and their robots.txt. Functions run inside a transaction of the
// caller.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/status.hpp>
#include <cdtd/store/connection.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

/// Pages, images and looks at originals have circuits of their own at one origin: a host may give the one and
/// not the other.
struct HostRole {
    std::string origin; ///< base::origin_of
    std::string role;   ///< "page" | "image" | "source"
};

/// Until when nothing is to be asked of it; nullopt: ask. Where its time has come the asker is the probe.
std::optional<base::Time> pass_circuit(Connection& db, const HostRole& host, base::Time now);
/// It refused: one more in a row.
void note_refused(Connection& db, const HostRole& host, base::Time now, const std::string& reason);
/// It answered: closed, and what waited for it is due at `now`.
void close_circuit(Connection& db, const HostRole& host, base::Time now);
/// Jobs of this host wait until then: captures that were tried before, and all looks at originals.
void hold_jobs(Connection& db, const HostRole& host, base::Time until);
std::vector<model::HostPause> open_circuits(Connection& db, base::Time now);

struct RobotsText {
    base::Time fetched_at;
    std::string text; ///< "" = there is none
};
std::optional<RobotsText> find_robots(Connection& db, const std::string& origin);
void save_robots(Connection& db, const std::string& origin, const RobotsText& robots);

} // namespace cdtd::store
