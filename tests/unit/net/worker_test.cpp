#include <cdtd/net/wake.hpp>
#include <cdtd/net/worker.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
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
    asio::steady_timer timer{loop};
    bool rung = false;               ///< by ring_in
    std::optional<bool> woken_after; ///< a ring, when the wait ended

    asio::awaitable<void> wait(std::optional<base::Duration> timeout) {
        co_await bell.wait(timeout);
        woken_after = rung;
    }

    void ring_in(std::chrono::milliseconds time) {
        timer.expires_after(time);
        timer.async_wait([this](auto error) {
            if (error)
                return;
            rung = true;
            bell.ring();
        });
    }

    /// Waits, for at most a while; nullopt: it did not end.
    std::optional<bool> run(std::optional<base::Duration> timeout) {
        woken_after.reset();
        asio::co_spawn(loop, wait(timeout), asio::detached);
        loop.restart();
        loop.run_for(30s);
        return woken_after;
    }
};

TEST(BellTest, WaitsForTheDeadline) {
    Waiting waiting;
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(waiting.run(50ms), false);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 50ms);
}

TEST(BellTest, ARingWakes) {
    Waiting waiting;
    waiting.ring_in(20ms);
    EXPECT_EQ(waiting.run(std::nullopt), true);
}

TEST(BellTest, ARingBeforeCountsOnce) {
    Waiting waiting;
    waiting.bell.ring();
    waiting.bell.ring();
    EXPECT_EQ(waiting.run(std::nullopt), false);
    waiting.ring_in(20ms);
    EXPECT_EQ(waiting.run(std::nullopt), true) << "the second ring before was one with the first";
}

TEST(BellTest, HugeAndNegativeDeadlines) {
    Waiting waiting;
    EXPECT_EQ(waiting.run(-5s), false);
    waiting.ring_in(20ms);
    EXPECT_EQ(waiting.run(base::Duration::max()), true);
}

} // namespace
