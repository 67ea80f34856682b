// What Connection and Statement share: the handle and the statements that are kept.
#pragma once

#include <cdtd/store/connection.hpp>

#include <sqlite3.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cdtd::store {

struct KeptStatement {
    sqlite3_stmt* handle = nullptr;
    bool busy = false;
};

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

struct Connection::Impl {
    sqlite3* db = nullptr;
    std::string path;
    Mode mode = Mode::read_only;
    std::unordered_map<std::string, KeptStatement, TextHash, std::equal_to<>> kept;
    std::optional<std::chrono::steady_clock::time_point> deadline;

    ~Impl();
    /// Words for people: the file, what is wrong, what helps.
    [[noreturn]] void fail(int code, std::string_view what) const;
    void check(int code, std::string_view what) const {
        if (code != SQLITE_OK)
            fail(code, what);
    }
    void forget_idle_statements();
};

struct Statement::Impl {
    Connection::Impl* owner = nullptr;
    sqlite3_stmt* handle = nullptr;
    KeptStatement* kept = nullptr; ///< null: made for one use, while the kept one is busy
    int bound = 0;
};

} // namespace cdtd::store
