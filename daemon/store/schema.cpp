#include <cdtd/base/embedded.hpp>
#include <cdtd/store/schema.hpp>

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <span>
#include <system_error>

namespace cdtd::embedded {
extern const std::span<const base::EmbeddedFile> migrations;
}

namespace cdtd::store {
namespace {

constexpr std::int64_t application_id = 0x43445444; // "CDTD"
// SQLite's own codes; sqlite3.h stays with the connection.
constexpr int sqlite_error = 1, sqlite_notadb = 26;

/// "0001_initial.sql" → 1.
int number_of(std::string_view name) {
    int number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    return number;
}

std::int64_t pragma(Connection& connection, const char* sql) {
    auto query = connection.prepare(sql);
    return query.step() ? query.integer(0) : 0;
}

bool is_empty(Connection& connection) {
    return pragma(connection, "SELECT count(*) FROM sqlite_schema") == 0;
}

/// The file is cdtd's (or empty) and not of a newer program.
void require_known(Connection& connection) {
    if (pragma(connection, "PRAGMA application_id") != application_id && !is_empty(connection))
        throw DatabaseError(sqlite_notadb,
                            fmt::format("{}: this is a database of another program, not of cdtd; "
                                        "choose another state_dir",
                                        connection.path()));
    const int schema = schema_of(connection);
    if (schema > newest_schema())
        throw DatabaseError(sqlite_error,
                            fmt::format("{}: the database has schema {}, this program knows up to schema {}; "
                                        "run the newer cdtd, or restore the backup from before its update",
                                        connection.path(), schema, newest_schema()));
}

/// VACUUM INTO writes a whole, consistent copy; the name appears only when it is complete.
void back_up(Connection& connection) {
    namespace fs = std::filesystem;
    const std::string target = fmt::format("{}.before-schema-{}", connection.path(), newest_schema());
    const std::string unfinished = target + ".unfinished";
    std::error_code error;
    fs::remove(unfinished, error);
    (connection.prepare("VACUUM INTO ?") << unfinished).run();
    fs::permissions(unfinished, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read,
                    error);
    fs::rename(unfinished, target, error);
    if (error)
        throw DatabaseError(sqlite_error,
                            fmt::format("{}: the backup before the migration can't be put there: {}", target,
                                        error.message()));
}

} // namespace

int newest_schema() {
    int newest = 0;
    for (const auto& file : embedded::migrations)
        newest = std::max(newest, number_of(file.name));
    return newest;
}

int schema_of(Connection& connection) {
    return static_cast<int>(pragma(connection, "PRAGMA user_version"));
}

void migrate(Connection& connection) {
    require_known(connection);
    if (schema_of(connection) == newest_schema())
        return;
    if (!is_empty(connection))
        back_up(connection);
    Transaction transaction(connection);
    require_known(connection); // again, now that nobody else can write
    const int before = schema_of(connection);
    for (const auto& file : embedded::migrations)
        if (number_of(file.name) > before)
            connection.exec(std::string(file.text));
    connection.exec(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, newest_schema()));
    transaction.commit();
}

void require_current(Connection& connection) {
    require_known(connection);
    const int schema = schema_of(connection);
    if (schema < newest_schema())
        throw DatabaseError(sqlite_error,
                            fmt::format("{}: the database has schema {}, this program needs schema {}; "
                                        "the daemon migrates it at its next start (cdtd run)",
                                        connection.path(), schema, newest_schema()));
}

} // namespace cdtd::store
