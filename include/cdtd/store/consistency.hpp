// Rows held against each other: what is shown of an article must be what its newest revision says, and a
// capture must be of what it is shown for. Reads only; memory does not grow with the archive.
#pragma once

#include <cdtd/store/connection.hpp>

#include <functional>
#include <string>

namespace cdtd::store {

/// Calls `tell` with a line for people for each row that contradicts another one.
void find_contradictions(Connection& db, const std::function<void(std::string)>& tell);

} // namespace cdtd::store
