// Answers that take long: made on threads of their own, a few at once, and kept for a while, because who
// reads a file by ranges asks for it again and again. Loop thread only.
#pragma once

#include <cdtd/api/answer.hpp>
#include <cdtd/base/clock.hpp>
#include <cdtd/net/worker.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <string>

namespace cdtd::api {

class Makers {
  public:
    explicit Makers(boost::asio::any_io_executor loop, base::Duration kept_for = std::chrono::minutes(10))
        : kept_for_(kept_for), expiry_(loop), threads_(at_once, "cdtd-make") {}

    /// What `order.make` gives; 503 where too many are waiting.
    boost::asio::awaitable<Answer> make(Answer order);
    void stop() { stopping_ = true; } ///< what is being made ends soon

  private:
    static constexpr std::size_t at_once = 2, most_waiting = 8, most_kept = 4;
    static constexpr std::int64_t most_bytes = std::int64_t{256} << 20; ///< kept, in all

    struct Kept {
        std::string key;
        Answer answer;
        std::chrono::steady_clock::time_point until;
    };
    const Answer* find(const std::string& key);
    void drop_expired();
    void keep(std::string key, const Answer& answer);

    base::Duration kept_for_;
    boost::asio::steady_timer expiry_; ///< what nobody asks for any more must not keep its disk space
    std::list<Kept> kept_;             ///< newest first
    std::size_t waiting_ = 0;
    std::atomic<bool> stopping_ = false;
    net::Worker threads_; ///< the last: its threads use what stands above
};

} // namespace cdtd::api
