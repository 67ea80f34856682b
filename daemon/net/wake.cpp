#include <cdtd/net/wake.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace cdtd::net {

namespace asio = boost::asio;

namespace {
// Longer waits than this are cut: adding a huge duration to now() would overflow the clock.
constexpr base::Duration longest_wait = std::chrono::hours(24 * 365);
} // namespace

asio::awaitable<void> Bell::wait(std::optional<base::Duration> timeout) {
    if (!rung_) {
        if (timeout)
            timer_.expires_after(std::clamp(*timeout, base::Duration::zero(), longest_wait));
        else
            timer_.expires_at(asio::steady_timer::time_point::max());
        waiting_ = true;
        // The error only says whether it was the ring or the deadline: rung_ knows.
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        waiting_ = false;
    }
    rung_ = false;
}

asio::awaitable<void> Bells::wait(base::Duration at_most) {
    Bell bell(co_await asio::this_coro::executor);
    waiting_.insert(&bell);
    co_await bell.wait(at_most);
    waiting_.erase(&bell);
}

void Bells::ring() {
    for (Bell* bell : waiting_)
        bell->ring();
}

void Bell::ring() {
    rung_ = true;
    if (waiting_)
        timer_.cancel();
}

} // namespace cdtd::net
