#include "store/connection_impl.hpp"

#include <utility>

namespace cdtd::store {

Statement::Statement(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Statement::Statement(Statement&&) noexcept = default;

Statement::~Statement() {
    if (!impl_ || !impl_->handle)
        return;
    if (!impl_->kept) {
        sqlite3_finalize(impl_->handle);
        return;
    }
    sqlite3_reset(impl_->handle);
    sqlite3_clear_bindings(impl_->handle);
    impl_->kept->busy = false;
}

Statement& Statement::operator<<(std::int64_t value) {
    impl_->owner->check(sqlite3_bind_int64(impl_->handle, ++impl_->bound, value), sqlite3_sql(impl_->handle));
    return *this;
}

Statement& Statement::operator<<(std::string_view value) {
    // An empty view may point to nothing, which SQLite would take for NULL.
    const char* bytes = value.data() ? value.data() : "";
    impl_->owner->check(sqlite3_bind_text64(impl_->handle, ++impl_->bound, bytes, value.size(),
                                            SQLITE_TRANSIENT, SQLITE_UTF8),
                        sqlite3_sql(impl_->handle));
    return *this;
}

Statement& Statement::operator<<(Blob value) {
    const char* bytes = value.bytes.data() ? value.bytes.data() : "";
    impl_->owner->check(
        sqlite3_bind_blob64(impl_->handle, ++impl_->bound, bytes, value.bytes.size(), SQLITE_TRANSIENT),
        sqlite3_sql(impl_->handle));
    return *this;
}

Statement& Statement::operator<<(base::Time value) {
    return *this << static_cast<std::int64_t>(value.time_since_epoch().count());
}

Statement& Statement::operator<<(std::nullopt_t) {
    impl_->owner->check(sqlite3_bind_null(impl_->handle, ++impl_->bound), sqlite3_sql(impl_->handle));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(impl_->handle);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    impl_->owner->fail(code, sqlite3_sql(impl_->handle));
}

void Statement::run() {
    while (step()) {
    }
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(impl_->handle, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(impl_->handle, column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(impl_->handle, column);
}

std::string Statement::text(int column) const {
    const void* bytes = sqlite3_column_text(impl_->handle, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(impl_->handle, column));
    return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}

base::Time Statement::time(int column) const {
    return base::Time(base::Duration(integer(column)));
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> Statement::optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

std::optional<base::Time> Statement::optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
}

Transaction::Transaction(Connection& connection)
    : connection_(connection), nested_(connection.in_transaction()) {
    const bool writes = connection.mode() == Mode::create;
    connection_.prepare(nested_ ? "SAVEPOINT t" : writes ? "BEGIN IMMEDIATE" : "BEGIN").run();
}

Transaction::~Transaction() {
    // SQLite itself rolls back on a full disk and the like: then there is nothing left to undo.
    if (done_ || !connection_.in_transaction())
        return;
    try {
        if (nested_)
            connection_.prepare("ROLLBACK TO t").run();
        connection_.prepare(nested_ ? "RELEASE t" : "ROLLBACK").run();
    } catch (const DatabaseError&) { // what can't be undone now is undone by the next open
    }
}

void Transaction::commit() {
    connection_.prepare(nested_ ? "RELEASE t" : "COMMIT").run();
    done_ = true;
}

} // namespace cdtd::store
