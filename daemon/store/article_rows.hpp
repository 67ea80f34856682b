// Reading source rows as a citing article shows them.
#pragma once

#include <cdtd/model/source.hpp>
#include <cdtd/store/connection.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

/// "sources s" with what belongs to each of them.
inline const std::string source_tables = " sources s LEFT JOIN saves v ON v.source = s.id ";
/// Of source_tables; `name` and `link` are the citation's columns, or NULL.
std::string source_columns(const std::string& name, const std::string& link);
/// In other archives, in the order of their addresses.
std::vector<model::Alternate> alternates_of(Connection& db, std::int64_t source);
/// What is shown of the save of this URL.
std::optional<model::Save> save_shown(Connection& db, const std::string& url);
/// Columns: id, url, the citation's name, platform, the citation's link, wayback…, liveness….
model::Source read_source(const Statement& row);

} // namespace cdtd::store
