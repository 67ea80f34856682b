// The signatures by which re-runs of an article are found.
#pragma once

#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <string>

namespace cdtd::store {

/// Replaces the article's; "" = it has none.
void set_likeness(Connection& db, std::int64_t article, const std::string& signature);

} // namespace cdtd::store
