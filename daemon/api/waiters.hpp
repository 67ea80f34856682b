// Who waits for something to be committed: long polls and event streams. Loop thread only.
#pragma once

#include <cdtd/net/wake.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>

namespace cdtd::api {

class Waiters {
  public:
    /// One that waits holds a connection, of which there are only so many.
    static constexpr std::size_t most = 32;
    class Place {
      public:
        explicit Place(Waiters& waiters) : waiters_(waiters) { ++waiters_.taken_; }
        ~Place() { --waiters_.taken_; }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

      private:
        Waiters& waiters_;
    };
    bool full() const { return taken_ >= most; }

    std::uint64_t commits() const { return commits_; }
    /// Until there was a commit behind the `seen`-th, or `at_most` has passed, or stop().
    boost::asio::awaitable<void> wait(std::uint64_t seen, base::Duration at_most);
    void committed();
    void stop(); ///< nobody waits any more

  private:
    net::Bells bells_;
    std::uint64_t commits_ = 0;
    std::size_t taken_ = 0;
    bool stopped_ = false;
};

} // namespace cdtd::api
