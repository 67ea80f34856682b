// Places for all: a host that is asked one thing after the other does not take every place of a queue.
#include <cdtd/pipeline/work_queue.hpp>
#include <cdtd/store/jobs.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <unistd.h>

namespace cdtd::pipeline {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;
using testing::SizeIs;

struct Item {
    std::int64_t id;
    std::string host;
};

class Queue : public testing::Test {
  protected:
    Queue()
        : folder_(std::filesystem::temp_directory_path() /
                  ("cdtd-queue-" + std::to_string(::getpid()) +
                   testing::UnitTest::GetInstance()->current_test_info()->name())),
          writer_((std::filesystem::create_directories(folder_), (folder_ / "cdtd.db").string())),
          go_on_(loop_),
          queue_(
              loop_.get_executor(),
              {"test", 8,
               [this](store::Connection&, base::Time, std::size_t at_once,
                      const std::vector<std::string>& full) { return due(at_once, full); },
               [](store::Connection&, base::Time) { return std::optional<base::Time>(); },
               [](const Item& item) { return item.id; }, [](const Item& item) { return item.host; }, 2},
              [this](Item item) { return work(std::move(item)); }, writer_, base::system_clock(),
              base::null_log()) {}
    ~Queue() override { std::filesystem::remove_all(folder_); }

    std::vector<Item> due(std::size_t at_once, const std::vector<std::string>& full) {
        std::vector<Item> items;
        for (const Item& item : waiting_)
            if (items.size() < at_once && std::ranges::find(full, item.host) == full.end())
                items.push_back(item);
        return items;
    }
    asio::awaitable<void> work(Item item) {
        begun_.push_back(item.host);
        most_ = std::max(most_, ++at_work_[item.host]);
        if (begun_.size() == until_)
            go_on_.expires_after(std::chrono::seconds(0)); // who waits goes on, who comes does not wait
        boost::system::error_code ignored;
        co_await go_on_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        --at_work_[item.host];
        // On the writer's thread, which reads the list in due(): as rows go in the program.
        auto remove = [this, &item](store::Connection&) {
            std::erase_if(waiting_, [&item](const Item& other) { return other.id == item.id; });
        };
        co_await writer_.run(remove);
    }
    /// All wait until so many have begun; then each does its work.
    void run_until_begun(std::size_t count) {
        until_ = count;
        go_on_.expires_after(std::chrono::seconds(10));
        asio::co_spawn(loop_, queue_.once(), asio::detached);
        loop_.run();
    }

    std::filesystem::path folder_;
    asio::io_context loop_;
    store::Writer writer_;
    asio::steady_timer go_on_;
    std::vector<Item> waiting_;
    std::vector<std::string> begun_;
    std::map<std::string, int> at_work_;
    int most_ = 0;
    std::size_t until_ = 0;
    WorkQueue<Item> queue_;
};

TEST_F(Queue, ManyOfOneHostLeavePlacesForTheOthers) {
    for (std::int64_t id = 1; id <= 40; ++id)
        waiting_.push_back({id, "a"});
    waiting_.push_back({41, "b"});
    waiting_.push_back({42, "c"});
    run_until_begun(4);
    ASSERT_THAT(begun_, SizeIs(42));
    begun_.resize(4);
    EXPECT_THAT(begun_, ElementsAre("a", "a", "b", "c"));
    EXPECT_EQ(most_, 2);
}

TEST_F(Queue, HostsOfTheirOwnTakeAllPlaces) {
    for (std::int64_t id = 1; id <= 20; ++id)
        waiting_.push_back({id, std::to_string(id)});
    run_until_begun(8);
    EXPECT_THAT(begun_, SizeIs(20));
    EXPECT_TRUE(waiting_.empty());
}

} // namespace
} // namespace cdtd::pipeline
