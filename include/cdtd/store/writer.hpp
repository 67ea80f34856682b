// The one thread that writes, and the one that reads for the API. The loop awaits both.
#pragma once

#include <cdtd/net/worker.hpp>
#include <cdtd/store/connection.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace cdtd::store {

/// Owns the only writing connection. Each job is atomic: all it wrote, or (when it throws) nothing; the
/// exception is thrown at who awaits it. Jobs that wait at the same time share one commit, each in its own
/// savepoint; a job is resumed only after the commit is on disk. Jobs run in the order in which they were
/// given.
class Writer {
  public:
    /// Opens (makes) and migrates. Throws DatabaseError.
    explicit Writer(const std::string& path);
    ~Writer(); ///< finishes what was given
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    template <class F>
    boost::asio::awaitable<std::invoke_result_t<F, Connection&>> run(F job) {
        using T = std::invoke_result_t<F, Connection&>;
        if constexpr (std::is_void_v<T>) {
            co_await submit([&job](Connection& c) { job(c); });
        } else {
            std::optional<T> result;
            co_await submit([&job, &result](Connection& c) { result.emplace(job(c)); });
            co_return std::move(*result);
        }
    }

    /// Called on the writer's thread after each commit, before those who wait for it go on. Set before the
    /// first job.
    void on_commit(std::function<void()> told);

    /// For start and end, before the loop runs and after it: on the calling thread, which must be the only
    /// user.
    Connection& connection();

  private:
    boost::asio::awaitable<void> submit(std::function<void(Connection&)> job);
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A read-only connection on a thread of its own; every job has `time_limit` (DatabaseError, SQLITE_INTERRUPT
/// past it).
class Reader {
  public:
    Reader(const std::string& path, base::Duration time_limit);

    template <class F>
    boost::asio::awaitable<std::invoke_result_t<F, Connection&>> run(F job) {
        co_return co_await worker_.run([this, &job] {
            connection_.set_time_limit(time_limit_);
            return job(connection_);
        });
    }

  private:
    Connection connection_;
    base::Duration time_limit_;
    net::Worker worker_;
};

} // namespace cdtd::store
