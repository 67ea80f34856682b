// A bell on the loop: a coroutine waits for it, with a deadline; others ring it. Loop thread only.
#pragma once

#include <cdtd/base/clock.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>
#include <set>

namespace cdtd::net {

class Bell {
  public:
    explicit Bell(boost::asio::any_io_executor executor) : timer_(executor) {}

    /// Until rung (also a ring from before the wait began counts) or `timeout` has passed; nullopt waits for
    /// the ring.
    boost::asio::awaitable<void> wait(std::optional<base::Duration> timeout);
    void ring();

  private:
    boost::asio::steady_timer timer_;
    bool rung_ = false;
    bool waiting_ = false;
};

/// Several that wait, each for a time of its own, until all are rung. One that begins to wait after a ring
/// waits for the next.
class Bells {
  public:
    boost::asio::awaitable<void> wait(base::Duration at_most);
    void ring();

  private:
    std::set<Bell*> waiting_;
};

} // namespace cdtd::net
