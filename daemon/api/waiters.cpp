#include "api/waiters.hpp"

namespace cdtd::api {

namespace asio = boost::asio;

asio::awaitable<void> Waiters::wait(std::uint64_t seen, base::Duration at_most) {
    if (commits_ != seen || stopped_)
        co_return;
    net::Bell bell(loop_);
    const auto place = bells_.insert(bells_.end(), &bell);
    co_await bell.wait(at_most);
    bells_.erase(place);
}

void Waiters::committed() {
    ++commits_;
    ring();
}

void Waiters::stop() {
    stopped_ = true;
    ring();
}

void Waiters::ring() {
    for (net::Bell* bell : bells_)
        bell->ring();
}

} // namespace cdtd::api
