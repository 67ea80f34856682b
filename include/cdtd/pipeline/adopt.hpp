// After a crash: records of which no row speaks, though a later one's row was committed, are taken in.
#pragma once

#include <cdtd/base/log.hpp>
#include <cdtd/store/connection.hpp>

#include <string>

namespace cdtd::pipeline {

/// At start, behind warc::cut_tails, inside a transaction: looks between the places that the database knows
/// of, in what was written since the last start. A capture becomes a row; a manifest too where it is the next
/// of its chain. Never touches a file. What can't be read is left for `verify` to name.
void adopt_strays(store::Connection& db, const std::string& folder, base::Log& log);

} // namespace cdtd::pipeline
