// How well an article answers a query, as a function of SQL: cdtd_rank(search, characters of the article).
#pragma once

struct sqlite3;

namespace cdtd::store {

int register_rank(sqlite3* db); ///< an SQLite code

} // namespace cdtd::store
