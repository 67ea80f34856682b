#include <cdtd/net/turns.hpp>
#include <cdtd/net/wake.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace {

using namespace cdtd;
using namespace std::chrono_literals;
namespace asio = boost::asio;

TEST(Turns, SoManyAtWorkUnderOneNameInOrder) {
    asio::io_context loop;
    net::Turns turns;
    std::string order;
    std::size_t at_work = 0, most = 0;
    auto work = [&](char who, std::string name, std::size_t at_once) -> asio::awaitable<void> {
        const auto turn = co_await turns.take(std::move(name), at_once);
        order += who;
        most = std::max(most, ++at_work);
        net::Bell pause(loop.get_executor());
        co_await pause.wait(1ms);
        --at_work;
    };
    for (const char who : std::string("abcdef"))
        asio::co_spawn(loop, work(who, "host", 2), asio::detached);
    loop.run();
    EXPECT_EQ(order, "abcdef");
    EXPECT_EQ(most, 2U);
    EXPECT_EQ(turns.names(), 0U);
    order.clear();
    loop.restart();
    for (const char who : std::string("xyz"))
        asio::co_spawn(loop, work(who, std::string(1, who), 1), asio::detached);
    loop.run();
    EXPECT_EQ(order, "xyz");
    EXPECT_EQ(most, 3U); // names do not wait for each other
}

TEST(Turns, MayEndBeforeTheirTurns) {
    asio::io_context loop;
    auto turns = std::make_unique<net::Turns>();
    bool second = false;
    auto work = [&](bool last) -> asio::awaitable<void> {
        const auto turn = co_await turns->take("host", 1);
        net::Bell pause(loop.get_executor());
        co_await pause.wait(1ms);
        second = second || last;
    };
    asio::co_spawn(loop, work(false), asio::detached);
    asio::co_spawn(loop, work(true), asio::detached);
    loop.poll();
    turns.reset();
    loop.run();
    EXPECT_TRUE(second);
}

} // namespace
