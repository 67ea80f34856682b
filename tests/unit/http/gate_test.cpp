// Politeness, stopping and cancelling.
#include "fetching.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

namespace {

using namespace fetching;
using GateTest = Fetching;

TEST_F(GateTest, StartsOnAHostKeepOrderAndDistance) {
    auto settings = quick();
    settings.host_delay = 200ms;
    settings.connections_per_host = 1;
    client(settings);
    for (int i = 0; i < 5; ++i)
        start(http::Request(server.url("/" + std::to_string(i))));
    run();
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(requests[i].target, "/" + std::to_string(i));
        for (std::size_t before = 0; before < i; ++before) // of starts, of which one may arrive late
            EXPECT_GE(requests[i].at - requests[before].at,
                      static_cast<int>(i - before) * settings.host_delay - 100ms);
    }
}

TEST_F(GateTest, OtherHostsAndTheImpoliteDoNotWait) {
    auto settings = quick();
    settings.host_delay = 10min;
    client(settings);
    loopback::Server other;
    EXPECT_TRUE(get("/first"));
    const auto waiting = start(http::Request(server.url("/waits")));
    EXPECT_TRUE(fetch(http::Request(other.url("/"))));
    http::Request delivery(server.url("/delivery"));
    delivery.polite = false;
    EXPECT_TRUE(fetch(delivery));
    EXPECT_FALSE(outcomes[waiting]);
    EXPECT_EQ(server.hits("/waits"), 0u);
}

TEST_F(GateTest, TheLimitInAllHoldsForEverybody) {
    auto settings = quick();
    settings.connections = 2;
    client(settings);
    loopback::Server other;
    for (auto* each : {&server, &other})
        each->otherwise([](const loopback::Request&) { return loopback::Answer{.delay = 50ms}; });
    for (int i = 0; i < 3; ++i) {
        http::Request impolite(other.url("/"));
        impolite.polite = false;
        start(std::move(impolite));
        start(http::Request(server.url("/")));
    }
    run();
    for (const auto& outcome : outcomes)
        EXPECT_TRUE(outcome && *outcome);
    EXPECT_LE(server.connections() + other.connections(), 4);
    auto all = server.requests();
    for (const auto& request : other.requests())
        all.push_back(request);
    std::ranges::sort(all, {}, &loopback::Request::at);
    for (std::size_t i = 2; i < all.size(); ++i)
        EXPECT_GE(all[i].at - all[i - 2].at, 40ms) << "never three at once";
}

TEST_F(GateTest, AClosedHostTurnsAwayWithTheTimeUntilItOpens) {
    const auto until = cdtd::base::system_clock().now() + 1s;
    client().close_host(server.origin(), until);
    EXPECT_EQ(current().closed_until(server.origin()), until);
    const auto refused = get("/a");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().error.code, Errc::refused);
    EXPECT_EQ(server.hits("/a"), 0U);
    std::this_thread::sleep_until(until + 10ms);
    EXPECT_FALSE(current().closed_until(server.origin()));
    EXPECT_TRUE(get("/a"));
}

TEST_F(GateTest, ThoseInLineAreTurnedAwayWhenTheHostCloses) {
    auto settings = quick();
    settings.connections_per_host = 1;
    client(settings);
    server.endpoint("/slow", loopback::Answer{.delay = 1s});
    for (int i = 0; i < 3; ++i)
        start(http::Request(server.url("/slow")));
    run_until_hits("/slow", 1);
    current().close_host(server.origin(), cdtd::base::system_clock().now() + 1h);
    run();
    EXPECT_EQ(server.hits("/slow"), 1U);
    EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& o) { return o && o->has_value(); }), 1);
}

TEST_F(GateTest, StopEndsRunningAndWaitingAndLaterOnes) {
    auto settings = quick();
    settings.connections_per_host = 1;
    client(settings);
    server.otherwise([](const loopback::Request&) { return loopback::Answer{.hang = true}; });
    for (int i = 0; i < 3; ++i)
        start(http::Request(server.url("/hang")));
    http::Request impolite(server.url("/hang"));
    impolite.polite = false;
    start(std::move(impolite));
    run_until_hits("/hang", 2);
    const auto begun = std::chrono::steady_clock::now();
    current().stop();
    run();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
    for (const auto& outcome : outcomes) {
        ASSERT_TRUE(outcome);
        EXPECT_EQ(code_of(*outcome), Errc::cancelled);
    }
    EXPECT_EQ(server.hits("/hang"), 2u);
    EXPECT_EQ(code_of(get("/later")), Errc::cancelled);
}

TEST_F(GateTest, OneFetchCanBeCancelled) {
    auto settings = quick();
    settings.connections_per_host = 1;
    client(settings);
    server.endpoint("/hang", loopback::Answer{.hang = true});
    server.endpoint("/ok", loopback::ok("x"));
    asio::cancellation_signal running;
    asio::cancellation_signal waiting;
    int cancelled = 0;
    auto ended = [&](std::exception_ptr, http::Outcome outcome) {
        cancelled += code_of(outcome) == Errc::cancelled;
    };
    asio::co_spawn(loop, current().fetch(http::Request(server.url("/hang"))),
                   asio::bind_cancellation_slot(running.slot(), ended));
    asio::co_spawn(loop, current().fetch(http::Request(server.url("/ok"))),
                   asio::bind_cancellation_slot(waiting.slot(), ended));
    const auto last = start(http::Request(server.url("/ok")));
    run_until_hits("/hang", 1);
    waiting.emit(asio::cancellation_type::terminal);
    running.emit(asio::cancellation_type::terminal);
    run();
    EXPECT_EQ(cancelled, 2);
    ASSERT_TRUE(outcomes[last] && *outcomes[last]) << "the line goes on";
    EXPECT_EQ(server.hits("/ok"), 1u);
}

TEST_F(GateTest, AClientMayGoWhileFetchesRun) {
    for (int i = 0; i < 200; ++i) {
        server.endpoint("/x", loopback::Answer{.delay = std::chrono::milliseconds(i % 3)});
        client();
        start(http::Request(server.url("/x")));
        for (int turn = 0; turn < i % 7; ++turn)
            loop.poll_one();
        loop.restart();
    }
    client();
    run();
    for (const auto& outcome : outcomes)
        EXPECT_TRUE(outcome);
}

TEST_F(GateTest, ALoopMayGoWithFetchesUnfinished) {
    server.endpoint("/hang", loopback::Answer{.hang = true});
    auto settings = quick();
    settings.connections_per_host = 1;
    client(settings);
    start(http::Request(server.url("/hang")));
    start(http::Request(server.url("/hang")));
    loop.run_for(50ms); // what is left unfinished must not leak
}

} // namespace
