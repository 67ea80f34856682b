// Answers that take long: made on threads of their own, a few at once, and kept for a while, because who
// reads a file by ranges asks for it again and again. Loop thread only.
#pragma once

#include <cdtd/api/answer.hpp>
#include <cdtd/net/worker.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <string>

namespace cdtd::api {

class Makers {
  public:
    Makers() : threads_(at_once, "cdtd-make") {}

    /// What `order.make` gives; 503 where too many are waiting.
    boost::asio::awaitable<Answer> make(Answer order);
    void stop() { stopping_ = true; } ///< what is being made ends soon

  private:
    static constexpr std::size_t at_once = 2, most_waiting = 8, most_kept = 4;
    static constexpr std::int64_t most_bytes = std::int64_t{256} << 20; ///< kept, in all
    static constexpr std::chrono::minutes kept_for{10};

    struct Kept {
        std::string key;
        Answer answer;
        std::chrono::steady_clock::time_point until;
    };
    const Answer* find(const std::string& key);
    void keep(std::string key, const Answer& answer);

    std::list<Kept> kept_; ///< newest first
    std::size_t waiting_ = 0;
    std::atomic<bool> stopping_ = false;
    net::Worker threads_; ///< the last: its threads use what stands above
};

} // namespace cdtd::api
