// A SQLite connection and its cached statements, by RAII. One thread at a time. SQLite's C API behind it.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cdtd::store {

/// The database can't do what it must: disk full, corrupt, locked for good, a newer schema, a statement with
/// a bug.
class DatabaseError : public std::runtime_error {
  public:
    DatabaseError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
    int code() const { return code_; } ///< SQLite's extended result code

  private:
    int code_;
};

enum class Mode { create, read_only };

class Statement;

class Connection {
  public:
    /// `create` makes the file (mode 0640) where it is missing and sets WAL, synchronous=FULL, foreign_keys,
    /// defensive mode; `read_only` never writes and never makes a file. Throws DatabaseError naming the file.
    Connection(const std::string& path, Mode mode);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    /// Statements are prepared once and kept; the returned one is reset when it goes out of scope.
    Statement prepare(std::string_view sql);
    void exec(const std::string& sql); ///< any number of statements, no values
    std::int64_t last_insert_id() const;
    std::int64_t changes() const;
    /// Statements that run past it are interrupted (SQLITE_INTERRUPT). nullopt: no limit.
    void set_time_limit(std::optional<base::Duration> limit);
    const std::string& path() const;
    bool in_transaction() const;
    Mode mode() const;

  private:
    friend class Statement;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Bytes that are no text, to bind; text() reads them.
struct Blob {
    std::string_view bytes;
};

/// Bind with `<<` in order of the ?s, read columns from 0. `step` gives false when there is no further row.
class Statement {
  public:
    Statement(Statement&&) noexcept;
    ~Statement();

    Statement& operator<<(std::int64_t value);
    Statement& operator<<(int value) { return *this << std::int64_t{value}; }
    Statement& operator<<(bool value) { return *this << std::int64_t{value}; }
    Statement& operator<<(std::string_view value); ///< copied
    Statement& operator<<(const std::string& value) { return *this << std::string_view(value); }
    Statement& operator<<(const char* value) { return *this << std::string_view(value); }
    Statement& operator<<(Blob value);       ///< copied
    Statement& operator<<(base::Time value); ///< microseconds since 1970
    Statement& operator<<(std::nullopt_t);
    template <class T>
    Statement& operator<<(const std::optional<T>& value) {
        return value ? *this << *value : *this << std::nullopt;
    }

    bool step();
    void run(); ///< to the end; for statements without rows

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    base::Time time(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<std::string> optional_text(int column) const;
    std::optional<base::Time> optional_time(int column) const;

  private:
    friend class Connection;
    struct Impl;
    explicit Statement(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// BEGIN IMMEDIATE (or a SAVEPOINT inside another); rolled back unless committed.
class Transaction {
  public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Connection& connection_;
    bool nested_;
    bool done_ = false;
};

} // namespace cdtd::store
