#include <cdtd/net/tasks.hpp>

#include <boost/asio/co_spawn.hpp>

#include <utility>

namespace cdtd::net {

std::string what_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        return e.what();
    }
}

void Tasks::spawn(boost::asio::awaitable<void> task) {
    ++running_;
    boost::asio::co_spawn(loop_, std::move(task), [this](std::exception_ptr error) {
        --running_;
        if (error)
            on_error_(error);
        ended_.ring();
    });
}

boost::asio::awaitable<void> Tasks::wait_below(std::size_t limit) {
    while (running_ >= limit)
        co_await ended_.wait(std::nullopt);
}

} // namespace cdtd::net
