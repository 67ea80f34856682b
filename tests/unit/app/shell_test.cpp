// What stands between the daemon and its machine: lock, log, service manager.
#include "temporary_directory.hpp"

#include <cdtd/app/instance_lock.hpp>
#include <cdtd/app/logging.hpp>
#include <cdtd/app/notify_systemd.hpp>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cdtd::app {
namespace {

using testing::HasSubstr;
using testing::Not;

class Folder : public testing::Test {
  protected:
    TemporaryDirectory directory_;
    const std::string path_ = directory_.path();
};
using Lock = Folder;
using Systemd = Folder;

TEST_F(Lock, ASecondOneIsRefusedWithTheFirstOnesProcess) {
    EXPECT_FALSE(lock_holder(path_));
    EXPECT_TRUE(std::filesystem::is_empty(path_)); // asking made nothing
    {
        const auto first = InstanceLock::take(path_);
        ASSERT_TRUE(first) << first.error().message;
        ASSERT_TRUE(lock_holder(path_));
        EXPECT_EQ(lock_holder(path_)->pid, getpid());
        const auto second = InstanceLock::take(path_);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, base::Errc::conflict);
        EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(getpid())));
    }
    EXPECT_FALSE(lock_holder(path_)); // the file stays, the lock is gone
    EXPECT_TRUE(InstanceLock::take(path_));
    EXPECT_EQ(InstanceLock::take(path_ + "/nowhere").error().code, base::Errc::io);
}

TEST_F(Lock, GoesWithTheProcessHoweverItEnds) {
    const pid_t child = fork();
    if (child == 0) {
        const auto held = InstanceLock::take(path_);
        raise(held ? SIGKILL : SIGABRT);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(WTERMSIG(status), SIGKILL);
    EXPECT_FALSE(lock_holder(path_));
    EXPECT_TRUE(InstanceLock::take(path_));
}

std::string written(const std::string& format, base::Level level,
                    const std::function<void(base::Log&)>& say) {
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* file = std::tmpfile();
    const auto log = make_file_log(format, level, file);
    say(*log);
    std::rewind(file);
    std::string result;
    while (getline(&text, &size, file) > 0)
        result += text;
    std::free(text);
    std::fclose(file);
    return result;
}

void say_something(base::Log& log) {
    log.debug("not heard");
    log.warn("poll \x1b[31mfailed",
             {{"feed", "cdt"}, {"error", "a \"b\"\nc\xe2\x80\xae"}, {"message", "no"}});
}

TEST(Logging, TextIsOneSafeLine) {
    const std::string text = written("text", base::Level::info, say_something);
    EXPECT_THAT(text, HasSubstr("warning poll "));
    EXPECT_THAT(text, HasSubstr(R"( feed=cdt error="a \"b\" c)"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    for (const char* unsafe : {"\x1b", "\xe2\x80\xae", "not heard"})
        EXPECT_THAT(text, Not(HasSubstr(unsafe)));
}

TEST(Logging, JsonIsOneObjectALine) {
    const std::string text = written("json", base::Level::info, [](base::Log& log) {
        say_something(log);
        log.error("again");
    });
    EXPECT_EQ(std::ranges::count(text, '\n'), 2);
    const auto line = boost::json::parse(text.substr(0, text.find('\n'))).as_object();
    EXPECT_EQ(line.at("level"), "warn");
    EXPECT_EQ(line.at("feed"), "cdt");
    EXPECT_THAT(std::string(line.at("message").as_string()), HasSubstr("poll"));
    EXPECT_TRUE(line.contains("time"));
    EXPECT_EQ(text.find("\\u001b"), std::string::npos);
}

TEST_F(Systemd, SaysWhatItMustAndNoMore) {
    const std::string path = path_ + "/notify";
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
    const auto received = [fd] {
        char text[2048];
        const ssize_t got = recv(fd, text, sizeof text, MSG_DONTWAIT);
        return std::string(text, got > 0 ? static_cast<std::size_t>(got) : 0);
    };
    systemd::ready("2 feeds\nREADY=0");
    EXPECT_EQ(received(), "READY=1\nSTATUS=2 feeds READY=0");
    systemd::reloading();
    EXPECT_THAT(received(), testing::MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
    systemd::watchdog();
    EXPECT_EQ(received(), "WATCHDOG=1");
    systemd::stopping();
    EXPECT_EQ(received(), "STOPPING=1");
    unsetenv("NOTIFY_SOCKET");
    close(fd);
    systemd::watchdog(); // nobody listens: nothing happens
}

TEST(Watchdog, IsToldAtHalfTheTime) {
    unsetenv("WATCHDOG_USEC");
    EXPECT_FALSE(systemd::watchdog_interval());
    setenv("WATCHDOG_USEC", "60000000", 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    EXPECT_EQ(systemd::watchdog_interval(), std::chrono::seconds(30));
    setenv("WATCHDOG_PID", "1", 1); // meant for another process
    EXPECT_FALSE(systemd::watchdog_interval());
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

} // namespace
} // namespace cdtd::app
