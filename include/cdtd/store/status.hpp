// Figures at a glance, and hosts that asked us to wait. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/model/status.hpp>
#include <cdtd/store/connection.hpp>

#include <string>
#include <vector>

namespace cdtd::store {

/// Everything the database knows: version, started_at, running and disk are the caller's.
model::Status read_status(Connection& db, base::Time now);

void save_pause(Connection& db, const model::HostPause& pause); ///< never shortens
std::vector<model::HostPause> list_pauses(Connection& db, base::Time now);

/// Small facts of the program itself: "started_at", "clean_stop".
void set_fact(Connection& db, const std::string& key, const std::string& value);
std::optional<std::string> get_fact(Connection& db, const std::string& key);

} // namespace cdtd::store
