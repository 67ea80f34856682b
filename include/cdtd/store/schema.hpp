// Migrations: config/migrations/NNNN_*.sql, embedded, ordered; `user_version` is the number of the last one
// applied.
#pragma once

#include <cdtd/store/connection.hpp>

namespace cdtd::store {

/// The schema this program writes.
int newest_schema();
int schema_of(Connection& connection);

/// Brings a database to the newest schema in one transaction; one that holds data is backed up beside it
/// first (cdtd.db.before-schema-N). Throws DatabaseError for a database of a newer program, saying both
/// numbers, or for a file that is not cdtd's (application_id).
void migrate(Connection& connection);
/// The checks of migrate without changing anything: for reading commands and `check`. An older schema is
/// refused too, saying that the daemon migrates it at its next start.
void require_current(Connection& connection);

} // namespace cdtd::store
