// Programs that are told: what they get, how they end, and that nothing of ours goes with them.
#include "notify/program.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

namespace cdtd::notify {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// "sh" stands for itself here: the test's words, not ours.
ProgramOrder shell(const std::string& script, std::string input = "") {
    ProgramOrder order;
    order.command = {"/bin/sh", "-c", script};
    order.input = std::move(input);
    order.environment = {"PATH=/usr/bin:/bin", "CDTD_EVENT_ID=evt_1"};
    order.timeout = 20s;
    return order;
}

struct Ran {
    ProgramEnd end;
    std::chrono::steady_clock::duration took{};
};

Ran run(ProgramOrder order, std::optional<std::chrono::milliseconds> stop_after = {}) {
    asio::io_context loop;
    Programs programs(loop.get_executor());
    Ran ran;
    const auto began = std::chrono::steady_clock::now();
    asio::co_spawn(
        loop,
        [&]() -> asio::awaitable<void> {
            ran.end = co_await programs.run(std::move(order));
            ran.took = std::chrono::steady_clock::now() - began;
        },
        [](const std::exception_ptr& error) {
            if (error)
                std::rethrow_exception(error);
        });
    asio::steady_timer timer(loop);
    if (stop_after) {
        timer.expires_after(*stop_after);
        timer.async_wait([&](const boost::system::error_code&) { programs.stop(); });
    }
    loop.run();
    return ran;
}

TEST(Program, GetsTheEventAndSaysHowItWent) {
    const auto good = run(shell("cat; echo problem >&2", "{\"type\":\"article.new\"}\n")).end;
    EXPECT_EQ(good.status, 0);
    EXPECT_EQ(good.error, "");
    EXPECT_EQ(good.output, "{\"type\":\"article.new\"}\nproblem\n");
    const auto bad = run(shell("exit 3")).end;
    EXPECT_EQ(bad.status, 3);
    EXPECT_THAT(bad.error, HasSubstr("exit status 3"));
    const auto killed = run(shell("kill -TERM $$")).end;
    EXPECT_FALSE(killed.status);
    EXPECT_THAT(killed.error, HasSubstr("signal 15"));
}

TEST(Program, ThatIsNotThereIsAnErrorThatNamesIt) {
    ProgramOrder order;
    order.command = {"/nonexistent/on-article"};
    const auto end = run(std::move(order)).end;
    EXPECT_FALSE(end.status);
    EXPECT_THAT(end.error, HasSubstr("/nonexistent/on-article"));
    EXPECT_THAT(end.error, HasSubstr("No such file"));
}

TEST(Program, MayIgnoreItsInputAndTalkWithoutEnd) {
    EXPECT_EQ(run(shell("exec <&-; exit 0", std::string(1 << 20, 'x'))).end.status, 0);
    const auto end = run(shell("head -c 1000000 /dev/zero | tr '\\0' y; exit 0")).end;
    EXPECT_EQ(end.status, 0);
    EXPECT_EQ(end.output, std::string(1024, 'y'));
}

TEST(Program, GetsAnEnvironmentOfThreeDescriptorsAndNoMore) {
    setenv("CDTD_TEST_SECRET", "hunter2", 1);
    signal(SIGPIPE, SIG_IGN);
    const int leak = open("/dev/null", O_RDONLY); // without O_CLOEXEC
    const auto end =
        run(shell("env; pwd; ls /proc/self/fd | tr '\\n' ' '; grep SigIgn /proc/self/status")).end;
    close(leak);
    signal(SIGPIPE, SIG_DFL);
    EXPECT_THAT(end.output, Not(HasSubstr("hunter2")));
    EXPECT_THAT(end.output, HasSubstr("CDTD_EVENT_ID=evt_1"));
    EXPECT_THAT(end.output, HasSubstr("\n/\n"));
    EXPECT_THAT(end.output, HasSubstr("0 1 2 3 ")); // 3 is ls reading the folder itself
    EXPECT_THAT(end.output, Not(HasSubstr("0 1 2 3 4")));
    const auto ignored = std::stoull(end.output.substr(end.output.rfind('\t') + 1), nullptr, 16);
    EXPECT_EQ(ignored & (1u << (SIGPIPE - 1)), 0u);
}

TEST(Program, IsKilledAtItsTimeWithAllThatItStarted) {
    auto order = shell("sleep 300 & echo $!; sleep 300");
    order.timeout = 1s;
    const auto ran = run(std::move(order));
    EXPECT_LT(ran.took, 10s);
    EXPECT_FALSE(ran.end.status);
    EXPECT_THAT(ran.end.error, HasSubstr("killed"));
    const int helper = std::stoi(ran.end.output);
    for (int i = 0; i < 100 && kill(helper, 0) == 0; ++i)
        usleep(20'000); // whoever adopts it has to reap it first
    EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(helper) + "/cwd"));
}

TEST(Program, WhatItLeavesBehindKeepsNobodyWaiting) {
    const auto ran = run(shell("sleep 120 & exit 0"));
    EXPECT_EQ(ran.end.status, 0);
    EXPECT_LT(ran.took, 4s);
}

TEST(Program, IsBrokenOffWhenWeStop) {
    const auto ran = run(shell("sleep 300"), 100ms);
    EXPECT_TRUE(ran.end.cancelled);
    EXPECT_LT(ran.took, 10s);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1); // no zombie
}

} // namespace
} // namespace cdtd::notify
