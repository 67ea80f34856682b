// Room for big bodies, so that memory stays bounded whatever many servers send at once: few medium ones and
// one large one at a time. Who finds no room waits in line; a body that has room for being medium keeps it
// while it waits to be large, so nobody waits for somebody who waits for him. Loop thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>

namespace cdtd::http {

class BodyRoom : public std::enable_shared_from_this<BodyRoom> {
  public:
    enum class Size { small, medium, large };
    static constexpr std::size_t small_at_most = 512 * 1024; ///< bytes, coded and decoded form together
    static constexpr std::size_t medium_at_most = 4 * 1024 * 1024;
    static constexpr std::array<std::size_t, 3> places = {SIZE_MAX, 3, 1};

    static Size size_of(std::size_t bytes) {
        return bytes <= small_at_most ? Size::small : bytes <= medium_at_most ? Size::medium : Size::large;
    }

    /// Given back when destroyed, as late as the body itself.
    class Place {
      public:
        Place(std::shared_ptr<BodyRoom> room, Size size) : room_(std::move(room)), size_(size) {}
        Place(Place&&) noexcept = default;
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (room_)
                room_->leave(size_);
        }

      private:
        std::shared_ptr<BodyRoom> room_;
        Size size_;
    };

    /// nullopt: none is free.
    std::optional<Place> take(Size size) {
        auto& taken = taken_.at(static_cast<std::size_t>(size));
        if (taken == places.at(static_cast<std::size_t>(size)))
            return std::nullopt;
        ++taken;
        return Place(shared_from_this(), size);
    }

    /// A place in the line for a place: forgotten when destroyed.
    using Wait = std::shared_ptr<std::function<void()>>;
    /// `look_again` is called when one has become free, for all who wait: once, and not inside take().
    Wait wait(Size size, std::function<void()> look_again) {
        auto wait = std::make_shared<std::function<void()>>(std::move(look_again));
        lines_.at(static_cast<std::size_t>(size)).push_back(wait);
        return wait;
    }

  private:
    void leave(Size size) {
        --taken_.at(static_cast<std::size_t>(size));
        auto& line = lines_.at(static_cast<std::size_t>(size));
        for (const auto& waiting : std::exchange(line, {}))
            if (const Wait wait = waiting.lock())
                (*wait)();
    }

    std::array<std::size_t, 3> taken_{};
    std::array<std::list<std::weak_ptr<std::function<void()>>>, 3> lines_;
};

} // namespace cdtd::http
