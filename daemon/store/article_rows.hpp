// Reading source rows as a citing article shows them.
#pragma once

#include <cdtd/model/source.hpp>
#include <cdtd/store/connection.hpp>

#include <string>

namespace cdtd::store {

/// "sources s" with what belongs to each of them.
inline const std::string source_tables = " sources s LEFT JOIN saves v ON v.source = s.id ";
/// Of source_tables; `name` and `link` are the citation's columns, or NULL.
std::string source_columns(const std::string& name, const std::string& link);
/// Columns: id, url, the citation's name, platform, the citation's link, wayback…, liveness….
model::Source read_source(const Statement& row);

} // namespace cdtd::store
