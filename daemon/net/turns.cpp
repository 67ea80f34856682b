#include <cdtd/net/turns.hpp>
#include <cdtd/net/wake.hpp>

#include <boost/asio/this_coro.hpp>

#include <list>
#include <map>
#include <optional>

namespace cdtd::net {

struct Turns::Places {
    struct Place {
        std::size_t at_work = 0;
        std::list<std::shared_ptr<Bell>> line;
    };
    std::map<std::string, Place> by_name;

    void leave(const std::string& name) {
        const auto found = by_name.find(name);
        auto& place = found->second;
        if (!place.line.empty()) { // the place goes to the next one without being free in between
            const auto next = std::move(place.line.front());
            place.line.pop_front();
            next->ring();
        } else if (--place.at_work == 0) {
            by_name.erase(found);
        }
    }
};

Turns::Turns() : places_(std::make_shared<Places>()) {}
Turns::~Turns() = default;

Turns::Turn::~Turn() {
    if (places_)
        places_->leave(name_);
}

std::size_t Turns::names() const {
    return places_->by_name.size();
}

boost::asio::awaitable<Turns::Turn> Turns::take(std::string name, std::size_t at_once) {
    const auto places = places_;
    auto& place = places->by_name[name];
    if (place.at_work < at_once) {
        ++place.at_work;
        co_return Turn(places, std::move(name));
    }
    const auto bell = std::make_shared<Bell>(co_await boost::asio::this_coro::executor);
    place.line.push_back(bell);
    co_await bell->wait(std::nullopt);
    co_return Turn(places, std::move(name));
}

} // namespace cdtd::net
