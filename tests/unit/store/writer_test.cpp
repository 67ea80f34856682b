#include "unit/store/fixture.hpp"

#include <cdtd/store/status.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <latch>
#include <stdexcept>
#include <thread>

namespace cdtd::store {
namespace {

namespace asio = boost::asio;

class WriterTest : public testing::Test {
  protected:
    TemporaryDirectory directory;
    std::string path = directory.file("cdtd.db");
    asio::io_context loop;
    std::unique_ptr<Writer> writer = std::make_unique<Writer>(path);

    void spawn(std::function<asio::awaitable<void>()> work) {
        asio::co_spawn(loop, std::move(work), [](std::exception_ptr error) {
            if (error)
                std::rethrow_exception(error);
        });
    }
    /// Keeps the thread busy with a commit of its own until `gate` opens: what is given meanwhile waits.
    void hold(std::latch& gate) {
        spawn([this, &gate]() -> asio::awaitable<void> {
            co_await writer->run([this, &gate](Connection&) {
                held.count_down();
                gate.wait();
            });
        });
        loop.poll();
        held.wait();
    }
    std::latch held{1};
    std::int64_t facts() {
        Connection reader(path, Mode::read_only);
        auto row = reader.prepare("SELECT count(*) FROM facts");
        row.step();
        return row.integer(0);
    }
};

TEST_F(WriterTest, AJobIsOnDiskBeforeItsCallerGoesOn) {
    std::int64_t seen = -1;
    std::thread::id resumed, ran;
    spawn([&]() -> asio::awaitable<void> {
        const auto answer = co_await writer->run([&](Connection& db) {
            ran = std::this_thread::get_id();
            set_fact(db, "a", "1");
            return std::string("answer");
        });
        EXPECT_EQ(answer, "answer");
        resumed = std::this_thread::get_id();
        seen = facts();
    });
    loop.run();
    EXPECT_EQ(seen, 1);
    EXPECT_EQ(resumed, std::this_thread::get_id());
    EXPECT_NE(ran, resumed);
}

TEST_F(WriterTest, AThrowingJobIsUndoneAloneAmongOthers) {
    std::latch gate(1);
    int failed = 0, done = 0;
    hold(gate);
    for (int i = 0; i < 10; ++i)
        spawn([&, i]() -> asio::awaitable<void> {
            try {
                co_await writer->run([i](Connection& db) {
                    set_fact(db, "job" + std::to_string(i), "");
                    if (i % 3 == 0)
                        throw std::out_of_range("no");
                });
                ++done;
            } catch (const std::out_of_range&) {
                ++failed;
            }
        });
    spawn([&]() -> asio::awaitable<void> {
        gate.count_down();
        co_return;
    });
    loop.run();
    EXPECT_EQ(failed, 4);
    EXPECT_EQ(done, 6);
    EXPECT_EQ(facts(), 6);
}

TEST_F(WriterTest, JobsThatWaitShareOneCommitInTheirOrder) {
    std::latch gate(1);
    std::vector<int> order;
    std::vector<std::int64_t> outside; // what another connection saw while each job ran
    hold(gate);
    for (int i = 0; i < 20; ++i)
        spawn([&, i]() -> asio::awaitable<void> {
            co_await writer->run([&, i](Connection& db) {
                set_fact(db, std::to_string(i), "");
                outside.push_back(facts());
            });
            order.push_back(i);
        });
    spawn([&]() -> asio::awaitable<void> {
        gate.count_down();
        co_return;
    });
    loop.run();
    std::vector<int> expected(20);
    for (int i = 0; i < 20; ++i)
        expected[static_cast<std::size_t>(i)] = i;
    EXPECT_EQ(order, expected);
    EXPECT_EQ(outside, std::vector<std::int64_t>(20, 0)); // a commit each would have shown 1, 2, 3…
    EXPECT_EQ(facts(), 20);
}

TEST_F(WriterTest, WhenTheTransactionIsLostAllOfItFailAndLaterJobsGoOn) {
    std::latch gate(1);
    std::vector<std::string> results(4);
    hold(gate);
    for (std::size_t i = 0; i < 4; ++i)
        spawn([&, i]() -> asio::awaitable<void> {
            try {
                co_await writer->run([i](Connection& db) {
                    set_fact(db, std::to_string(i), "");
                    if (i == 1) { // as SQLite does on a full disk
                        db.exec("ROLLBACK");
                        throw DatabaseError(13, "full");
                    }
                });
                results[i] = "done";
            } catch (const DatabaseError& error) {
                results[i] = error.what();
            }
        });
    spawn([&]() -> asio::awaitable<void> {
        gate.count_down();
        co_return;
    });
    loop.run();
    EXPECT_EQ(results, (std::vector<std::string>{"full", "full", "done", "done"}));
    EXPECT_EQ(facts(), 2);
}

TEST_F(WriterTest, AFailingCommitFailsEveryJobOfIt) {
    writer->connection().exec(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p "
        "DEFERRABLE INITIALLY DEFERRED)");
    std::latch gate(1);
    int failed = 0;
    hold(gate);
    for (int i = 0; i < 3; ++i)
        spawn([&, i]() -> asio::awaitable<void> {
            try {
                co_await writer->run([i](Connection& db) {
                    set_fact(db, std::to_string(i), "");
                    if (i == 1)
                        db.exec("INSERT INTO c VALUES (7)");
                });
            } catch (const DatabaseError&) {
                ++failed;
            }
        });
    spawn([&]() -> asio::awaitable<void> {
        gate.count_down();
        co_return;
    });
    loop.run();
    EXPECT_EQ(failed, 3);
    EXPECT_EQ(facts(), 0);
}

TEST_F(WriterTest, TheReaderReadsAndIsStoppedInTime) {
    Reader reader(path, std::chrono::milliseconds(30));
    bool stopped = false;
    spawn([&]() -> asio::awaitable<void> {
        co_await writer->run([](Connection& db) { set_fact(db, "a", "1"); });
        const auto value = co_await reader.run([](Connection& db) { return get_fact(db, "a"); });
        EXPECT_EQ(value, "1");
        try {
            co_await reader.run([](Connection& db) {
                return db
                    .prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                             "SELECT count(*) FROM n")
                    .step();
            });
        } catch (const DatabaseError&) {
            stopped = true;
        }
    });
    loop.run();
    EXPECT_TRUE(stopped);
}

} // namespace
} // namespace cdtd::store
