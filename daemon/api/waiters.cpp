#include "api/waiters.hpp"

namespace cdtd::api {

namespace asio = boost::asio;

asio::awaitable<void> Waiters::wait(std::uint64_t seen, base::Duration at_most) {
    if (commits_ != seen || stopped_)
        co_return;
    co_await bells_.wait(at_most);
}

void Waiters::committed() {
    ++commits_;
    bells_.ring();
}

void Waiters::stop() {
    stopped_ = true;
    bells_.ring();
}

} // namespace cdtd::api
