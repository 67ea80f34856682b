// Reading source rows as a citing article shows them.
#pragma once

#include <cdtd/model/source.hpp>
#include <cdtd/store/connection.hpp>

namespace cdtd::store {

/// Columns: id, url, the citation's name, platform, the citation's link, wayback…, liveness….
model::Source read_source(const Statement& row);

} // namespace cdtd::store
