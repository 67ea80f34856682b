#include "store/connection_impl.hpp"
#include "store/search_rank.hpp"
#include "store/search_tokens.hpp"

#include <cdtd/base/url.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace cdtd::store {
namespace {

constexpr std::size_t kept_statements = 300;
constexpr int busy_ms = 10'000;
constexpr int largest_value = 256 << 20;

std::string_view advice(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL:
        return "the disk is full; free some space";
    case SQLITE_CORRUPT:
        return "the file is damaged; restore it from a backup";
    case SQLITE_NOTADB:
        return "the file is no SQLite database";
    case SQLITE_BUSY:
        return "another program holds the database";
    case SQLITE_READONLY:
        return "the file or its directory can't be written";
    case SQLITE_CANTOPEN:
        return "the file can't be opened; does it exist, and may this user read it?";
    case SQLITE_IOERR:
        return "reading or writing the file failed; look at the disk and the kernel's log";
    case SQLITE_INTERRUPT:
        return "it took longer than allowed and was stopped";
    default:
        return "";
    }
}

/// The file is made here, not by SQLite, for its mode; WAL and shared memory get the same from SQLite.
void make_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);
    if (file >= 0) {
        ::close(file);
    } else if (errno != EEXIST) {
        throw DatabaseError(SQLITE_CANTOPEN,
                            fmt::format("{}: can't be made: {}", path, std::strerror(errno)));
    }
}

/// Without a WAL beside it nobody has the database open (the writer's WAL is persistent), and a plain
/// read-only open would make one: such a file is read as what it is, a file that nobody changes.
bool has_wal(const std::string& path) {
    return ::access((path + "-wal").c_str(), F_OK) == 0 && ::access((path + "-shm").c_str(), F_OK) == 0;
}

int past_deadline(void* state) {
    const auto& deadline = *static_cast<const std::optional<std::chrono::steady_clock::time_point>*>(state);
    return deadline && std::chrono::steady_clock::now() > *deadline ? 1 : 0;
}

void set_defenses(sqlite3* db) {
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, busy_ms);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, largest_value);
}

std::int64_t number(Connection& connection, std::string_view sql) {
    auto query = connection.prepare(sql);
    return query.step() ? query.integer(0) : 0;
}

/// A foreign database stays as it is: only an empty file or one that says it is ours gets our journal mode.
bool may_be_ours(Connection& connection) {
    return number(connection, "PRAGMA application_id") != 0 ||
           number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
}

} // namespace

Connection::Impl::~Impl() {
    for (auto& [sql, statement] : kept)
        sqlite3_finalize(statement.handle);
    sqlite3_close_v2(db);
}

void Connection::Impl::fail(int code, std::string_view what) const {
    const int extended = db && sqlite3_errcode(db) != SQLITE_OK ? sqlite3_extended_errcode(db) : code;
    const std::string said =
        db && sqlite3_errcode(db) != SQLITE_OK ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    const auto help = advice(extended);
    throw DatabaseError(extended, fmt::format("{}: {}{}{} ({}, code {})", path, said,
                                              help.empty() ? "" : "; ", help, what.substr(0, 160), extended));
}

void Connection::Impl::forget_idle_statements() {
    for (auto at = kept.begin(); at != kept.end();) {
        if (at->second.busy) {
            ++at;
        } else {
            sqlite3_finalize(at->second.handle);
            at = kept.erase(at);
        }
    }
}

Connection::Connection(const std::string& path, Mode mode) : impl_(std::make_unique<Impl>()) {
    impl_->path = path;
    impl_->mode = mode;
    std::string name = path;
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (mode == Mode::create) {
        make_file(path);
        flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    } else if (!has_wal(path)) {
        name = "file:" + base::percent_encode(path) + "?immutable=1";
        flags |= SQLITE_OPEN_URI;
    }
    impl_->check(sqlite3_open_v2(name.c_str(), &impl_->db, flags, nullptr), "opening it");
    set_defenses(impl_->db);
    impl_->check(register_tokenizer(impl_->db), "search");
    impl_->check(register_rank(impl_->db), "search");
    if (mode == Mode::read_only) {
        exec("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096");
        number(*this, "SELECT count(*) FROM sqlite_schema"); // a file that is no database is refused here
        return;
    }
    int keep = 1;
    sqlite3_file_control(impl_->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    if (may_be_ours(*this))
        exec("PRAGMA journal_mode = WAL");
    exec("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;"
         "PRAGMA journal_size_limit = 67108864");
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Statement Connection::prepare(std::string_view sql) {
    auto statement = std::make_unique<Statement::Impl>();
    statement->owner = impl_.get();
    const auto known = impl_->kept.find(sql);
    if (known != impl_->kept.end() && !known->second.busy) {
        statement->kept = &known->second;
        statement->handle = known->second.handle;
        known->second.busy = true;
        return Statement(std::move(statement));
    }
    const bool keep = known == impl_->kept.end();
    impl_->check(sqlite3_prepare_v3(impl_->db, sql.data(), static_cast<int>(sql.size()),
                                    keep ? SQLITE_PREPARE_PERSISTENT : 0, &statement->handle, nullptr),
                 sql);
    if (keep) {
        if (impl_->kept.size() >= kept_statements)
            impl_->forget_idle_statements();
        auto& slot = impl_->kept[std::string(sql)];
        slot = {statement->handle, true};
        statement->kept = &slot;
    }
    return Statement(std::move(statement));
}

void Connection::exec(const std::string& sql) {
    impl_->check(sqlite3_exec(impl_->db, sql.c_str(), nullptr, nullptr, nullptr), sql);
}

std::int64_t Connection::last_insert_id() const {
    return sqlite3_last_insert_rowid(impl_->db);
}
std::int64_t Connection::changes() const {
    return sqlite3_changes64(impl_->db);
}
const std::string& Connection::path() const {
    return impl_->path;
}
bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(impl_->db) == 0;
}
Mode Connection::mode() const {
    return impl_->mode;
}

void Connection::set_time_limit(std::optional<base::Duration> limit) {
    if (limit)
        impl_->deadline = std::chrono::steady_clock::now() + *limit;
    else
        impl_->deadline.reset();
    sqlite3_progress_handler(impl_->db, limit ? 1000 : 0, limit ? past_deadline : nullptr, &impl_->deadline);
}

} // namespace cdtd::store
