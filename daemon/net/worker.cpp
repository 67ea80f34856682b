#include <cdtd/net/worker.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <pthread.h>
#include <string>
#include <thread>
#include <vector>

namespace cdtd::net {

struct Worker::Impl {
    using Job = std::move_only_function<void()>;

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Job> line;
    bool ending = false;
    std::vector<std::thread> threads;

    void push(Job job) {
        {
            const std::lock_guard lock(mutex);
            line.push_back(std::move(job));
        }
        changed.notify_one();
    }

    // Ends when told so and the line is empty.
    void serve() noexcept {
        for (;;) {
            Job job;
            {
                std::unique_lock lock(mutex);
                changed.wait(lock, [this] { return ending || !line.empty(); });
                if (line.empty())
                    return;
                job = std::move(line.front());
                line.pop_front();
            }
            job();
        }
    }
};

Worker::Worker(std::size_t threads, const char* name) : impl_(std::make_unique<Impl>()) {
    const std::string short_name = std::string(name).substr(0, 15); // the kernel's limit
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
        impl_->threads.emplace_back([impl = impl_.get()] { impl->serve(); });
        pthread_setname_np(impl_->threads.back().native_handle(), short_name.c_str());
    }
}

Worker::~Worker() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->ending = true;
    }
    impl_->changed.notify_all();
    for (auto& thread : impl_->threads)
        thread.join();
}

void Worker::post(std::function<void()> work) {
    impl_->push(std::move(work));
}

asio::awaitable<void> Worker::submit(std::function<void()> work) {
    // The handler owns the caller's frame, so that what `work` refers to lives until it has run.
    auto start = [this](auto handler, std::function<void()> job) {
        auto guard = asio::make_work_guard(asio::get_associated_executor(handler));
        impl_->push([handler = std::move(handler), job = std::move(job), guard = std::move(guard)]() mutable {
            std::exception_ptr thrown;
            try {
                job();
            } catch (...) {
                thrown = std::current_exception();
            }
            job = nullptr; // destroyed here, not on the loop
            const auto executor = guard.get_executor();
            asio::post(executor, [handler = std::move(handler), thrown]() mutable {
                std::move(handler)(std::move(thrown));
            });
            guard.reset();
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr)>(
        std::move(start), asio::use_awaitable, std::move(work));
}

} // namespace cdtd::net
