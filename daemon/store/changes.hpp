// The number that grows with every change of any article.
#pragma once

#include <cdtd/store/connection.hpp>

#include <cstdint>

namespace cdtd::store {

std::int64_t next_change(Connection& db);

} // namespace cdtd::store
