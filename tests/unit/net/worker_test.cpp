#include <cdtd/net/wake.hpp>
#include <cdtd/net/worker.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace cdtd;
using namespace std::chrono_literals;
namespace asio = boost::asio;

TEST(WorkerTest, RunsElsewhereAndResumesHere) {
    net::Worker worker(2, "test");
    asio::io_context loop;
    const auto here = std::this_thread::get_id();
    std::thread::id there;
    std::thread::id after;
    std::string result;
    auto task = [&]() -> asio::awaitable<void> {
        result = co_await worker.run([&] {
            there = std::this_thread::get_id();
            return std::string("done");
        });
        after = std::this_thread::get_id();
        co_await worker.run([] {});
    };
    asio::co_spawn(loop, task(), asio::detached);
    loop.run();
    EXPECT_EQ(result, "done");
    EXPECT_NE(there, here);
    EXPECT_EQ(after, here);
}

TEST(WorkerTest, ThrowsAtTheCaller) {
    net::Worker worker(1, "test");
    asio::io_context loop;
    std::string caught;
    auto task = [&]() -> asio::awaitable<void> {
        try {
            co_await worker.run([]() -> int { throw std::runtime_error("no disk"); });
        } catch (const std::runtime_error& error) {
            caught = error.what();
        }
    };
    asio::co_spawn(loop, task(), asio::detached);
    loop.run();
    EXPECT_EQ(caught, "no disk");
}

TEST(WorkerTest, OneThreadKeepsOrderAndTheLineIsFinishedAtTheEnd) {
    std::vector<int> order;
    {
        net::Worker worker(1, "test");
        for (int i = 0; i < 100; ++i)
            worker.post([&order, i] {
                if (i == 0)
                    std::this_thread::sleep_for(20ms);
                order.push_back(i);
            });
    }
    ASSERT_EQ(order.size(), 100u);
    EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(WorkerTest, ManyCallersAreServed) {
    net::Worker worker(3, "test");
    asio::io_context loop;
    int sum = 0;
    auto task = [&](int i) -> asio::awaitable<void> { sum += co_await worker.run([i] { return i; }); };
    for (int i = 1; i <= 200; ++i)
        asio::co_spawn(loop, task(i), asio::detached);
    loop.run();
    EXPECT_EQ(sum, 20100);
}

struct Waiting {
    asio::io_context loop;
    net::Bell bell{loop.get_executor()};
    std::chrono::steady_clock::duration took{};

    asio::awaitable<void> wait(std::optional<base::Duration> timeout) {
        const auto begun = std::chrono::steady_clock::now();
        co_await bell.wait(timeout);
        took = std::chrono::steady_clock::now() - begun;
    }
};

TEST(BellTest, WaitsForTheDeadline) {
    Waiting waiting;
    asio::co_spawn(waiting.loop, waiting.wait(50ms), asio::detached);
    waiting.loop.run();
    EXPECT_GE(waiting.took, 50ms);
}

TEST(BellTest, ARingWakes) {
    Waiting waiting;
    asio::co_spawn(waiting.loop, waiting.wait(std::nullopt), asio::detached);
    asio::steady_timer timer(waiting.loop, 20ms);
    timer.async_wait([&](auto) { waiting.bell.ring(); });
    waiting.loop.run();
    EXPECT_GE(waiting.took, 20ms);
    EXPECT_LT(waiting.took, 5s);
}

TEST(BellTest, ARingBeforeCountsOnce) {
    Waiting waiting;
    waiting.bell.ring();
    waiting.bell.ring();
    asio::co_spawn(waiting.loop, waiting.wait(10s), asio::detached);
    waiting.loop.run();
    EXPECT_LT(waiting.took, 5s);
    waiting.loop.restart();
    asio::co_spawn(waiting.loop, waiting.wait(50ms), asio::detached);
    waiting.loop.run();
    EXPECT_GE(waiting.took, 50ms);
}

TEST(BellTest, HugeAndNegativeDeadlines) {
    Waiting waiting;
    asio::co_spawn(waiting.loop, waiting.wait(-5s), asio::detached);
    waiting.loop.run();
    asio::co_spawn(waiting.loop, waiting.wait(base::Duration::max()), asio::detached);
    waiting.loop.restart();
    asio::steady_timer timer(waiting.loop, 20ms);
    timer.async_wait([&](auto) { waiting.bell.ring(); });
    waiting.loop.run();
    EXPECT_GE(waiting.took, 10ms);
}

} // namespace
