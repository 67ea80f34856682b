#include <cdtd/store/schema.hpp>
#include <cdtd/store/search.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <exception>
#include <mutex>
#include <vector>

namespace cdtd::store {
namespace asio = boost::asio;
namespace {

/// So that the first job of a long line is not resumed only after the last.
constexpr std::size_t largest_batch = 256;

struct Pending {
    std::function<void(Connection&)> job;
    std::move_only_function<void(std::exception_ptr)> resume;
    std::exception_ptr error = nullptr;
};

/// Runs one job inside the batch's transaction; what it wrote is undone alone when it throws.
void run_in_savepoint(Connection& connection, Pending& pending) {
    try {
        Transaction savepoint(connection);
        pending.job(connection);
        savepoint.commit();
    } catch (...) {
        pending.error = std::current_exception();
    }
}

/// One transaction for the jobs from `first` on; returns behind the last that it settled. SQLite gives up a
/// whole transaction on some errors (disk full): those done in it failed with it, the rest is tried anew.
std::size_t run_transaction(Connection& connection, std::vector<Pending>& batch, std::size_t first) {
    std::size_t done = first;
    try {
        Transaction transaction(connection);
        while (done < batch.size()) {
            run_in_savepoint(connection, batch[done]);
            ++done;
            if (!connection.in_transaction())
                std::rethrow_exception(batch[done - 1].error);
        }
        transaction.commit();
    } catch (...) {
        // BEGIN failed, the transaction was lost, or the commit was: nothing of it is on disk.
        if (done == first)
            done = batch.size();
        for (std::size_t i = first; i < done; ++i)
            if (!batch[i].error)
                batch[i].error = std::current_exception();
    }
    return done;
}

} // namespace

struct Writer::Impl {
    Connection connection;
    std::mutex mutex; ///< of the two below: the line is filled on the loop and emptied by the thread
    std::deque<Pending> line;
    bool draining = false;
    std::function<void()> committed;
    net::Worker worker; ///< last: its destructor works the line off while the rest still lives

    explicit Impl(const std::string& path) : connection(path, Mode::create), worker(1, "cdtd-writer") {
        migrate(connection);
        check_search_version(connection);
    }

    void add(Pending pending) {
        bool start = false;
        {
            const std::lock_guard lock(mutex);
            line.push_back(std::move(pending));
            start = !std::exchange(draining, true);
        }
        if (start)
            worker.post([this] { drain(); });
    }

    std::vector<Pending> take() {
        const std::lock_guard lock(mutex);
        std::vector<Pending> batch;
        while (!line.empty() && batch.size() < largest_batch) {
            batch.push_back(std::move(line.front()));
            line.pop_front();
        }
        draining = !batch.empty();
        return batch;
    }

    /// What comes in while one batch is being committed makes the next one.
    void drain() {
        for (auto batch = take(); !batch.empty(); batch = take()) {
            for (std::size_t next = 0; next < batch.size();)
                next = run_transaction(connection, batch, next);
            if (committed)
                committed();
            for (auto& pending : batch)
                pending.resume(std::move(pending.error));
        }
    }
};

Writer::Writer(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
Writer::~Writer() = default;

void Writer::on_commit(std::function<void()> told) {
    impl_->committed = std::move(told);
}

Connection& Writer::connection() {
    return impl_->connection;
}

asio::awaitable<void> Writer::submit(std::function<void(Connection&)> job) {
    auto initiate = [this, &job](auto handler) {
        auto guard = asio::make_work_guard(handler);
        auto resume = [handler = std::move(handler),
                       guard = std::move(guard)](std::exception_ptr error) mutable {
            auto executor = guard.get_executor();
            asio::post(executor, [handler = std::move(handler), error = std::move(error)]() mutable {
                std::move(handler)(std::move(error));
            });
            guard.reset();
        };
        impl_->add({std::move(job), std::move(resume)});
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
        initiate, asio::use_awaitable);
}

Reader::Reader(const std::string& path, base::Duration time_limit)
    : connection_(path, Mode::read_only), time_limit_(time_limit), worker_(1, "cdtd-reader") {}

} // namespace cdtd::store
