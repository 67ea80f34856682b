// Rows held against each other: what is shown of an article must be what its newest revision says, a
// capture must be of what it is shown for, and what is said of a source must name what shows it. Reads only;
// memory does not grow with the archive.
#pragma once

#include <cdtd/store/connection.hpp>

#include <functional>
#include <string>

namespace cdtd::store {

/// Calls `tell` with a line for people for each row that contradicts another one.
void find_contradictions(Connection& db, const std::function<void(std::string)>& tell);

} // namespace cdtd::store
