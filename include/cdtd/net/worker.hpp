// Threads for work over 1 ms, so that the loop answers at once. A Worker of one thread keeps order.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace cdtd::net {

namespace asio = boost::asio;

class Worker {
  public:
    explicit Worker(std::size_t threads, const char* name);
    ~Worker(); ///< waits for what was begun; what only waits in line is done too
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Runs `work` on a thread of the pool and resumes the caller on its own executor with what it returned;
    /// what it throws is thrown at the caller. Not cancellable: work that was begun is finished.
    template <class F>
    asio::awaitable<std::invoke_result_t<F>> run(F work) {
        using T = std::invoke_result_t<F>;
        if constexpr (std::is_void_v<T>) {
            co_await submit([&work] { work(); });
        } else {
            std::optional<T> result;
            co_await submit([&work, &result] { result.emplace(work()); });
            co_return std::move(*result);
        }
    }

    /// From any thread; exceptions of `work` end the program: it must handle its own.
    void post(std::function<void()> work);

  private:
    asio::awaitable<void> submit(std::function<void()> work);
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cdtd::net
