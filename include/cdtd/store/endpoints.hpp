// Who is told, and how well they are. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/model/event.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

struct EndpointSetup {
    std::string name;
    std::string format = "standard";
    bool enabled = true;
    std::int64_t max_per_hour = 0;
};
/// Makes the table agree with the configuration. What went is kept, but not listed.
void sync_endpoints(Connection& db, const std::vector<EndpointSetup>& endpoints);
std::vector<model::EndpointState> list_endpoints(Connection& db,
                                                 base::Time now); ///< configured ones, by name
std::optional<model::EndpointState> find_endpoint(Connection& db, const std::string& name, base::Time now);

/// Since when it does nothing but fail; null: it does not.
std::optional<base::Time> failing_since(Connection& db, const std::string& name);
void disable_endpoint(Connection& db, const std::string& name, const std::string& reason, base::Time at);
/// Also of one that is failing: what waits is due at once.
void enable_endpoint(Connection& db, const std::string& name, base::Time at);
void pause_endpoint(Connection& db, const std::string& name, base::Time until); ///< never shortens

} // namespace cdtd::store
