// At most so many at work under one name; the others wait in line, first come, first served. Loop thread
// only.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace cdtd::net {

class Turns {
    struct Places;

  public:
    Turns();
    ~Turns();
    Turns(const Turns&) = delete;
    Turns& operator=(const Turns&) = delete;

    /// The right to be at work; given on to the next in line when destroyed. May outlive Turns.
    class Turn {
      public:
        Turn(std::shared_ptr<Places> places, std::string name)
            : places_(std::move(places)), name_(std::move(name)) {}
        Turn(Turn&&) noexcept = default;
        Turn& operator=(Turn&&) = delete;
        ~Turn();

      private:
        std::shared_ptr<Places> places_; ///< empty: moved from
        std::string name_;
    };

    /// `at_once`: at least 1.
    boost::asio::awaitable<Turn> take(std::string name, std::size_t at_once);
    [[nodiscard]] std::size_t names() const; ///< under which somebody is at work

  private:
    std::shared_ptr<Places> places_;
};

} // namespace cdtd::net
