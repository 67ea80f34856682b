// Coroutines that belong together: spawned here, counted, and waited for at the end. Loop thread only.
#pragma once

#include <cdtd/net/wake.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <string>

namespace cdtd::net {

/// The words of an exception that left a task. Of one derived from std::exception; another one goes on.
std::string what_of(const std::exception_ptr& error);

class Tasks {
  public:
    /// `on_error` hears of an exception that left a task; the others go on.
    Tasks(boost::asio::any_io_executor loop, std::function<void(std::exception_ptr)> on_error)
        : loop_(loop), on_error_(std::move(on_error)), ended_(loop) {}

    void spawn(boost::asio::awaitable<void> task);
    std::size_t running() const { return running_; }
    /// Until fewer than `limit` run. One waiter at a time.
    boost::asio::awaitable<void> wait_below(std::size_t limit);

  private:
    boost::asio::any_io_executor loop_;
    std::function<void(std::exception_ptr)> on_error_;
    Bell ended_;
    std::size_t running_ = 0;
};

} // namespace cdtd::net
