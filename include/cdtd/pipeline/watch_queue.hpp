// Takes due looks at originals from the database and makes a bounded number of them at a time. Loop thread
// only.
#pragma once

#include <cdtd/pipeline/watch_source.hpp>
#include <cdtd/pipeline/work_queue.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

namespace cdtd::pipeline {

struct WatchRound {
    std::size_t looked = 0, put_off = 0;
};

class WatchQueue {
  public:
    WatchQueue(boost::asio::any_io_executor loop, WatchSource& stage, store::Writer& writer,
               const base::Clock& clock, base::Log& log, std::function<void()> on_change);

    void configure(std::shared_ptr<const Plan> plan);
    /// Until stop. Sources from before there was a watch are queued first.
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<WatchRound> once();
    void wake() { queue_.wake(); }
    void stop();

  private:
    boost::asio::awaitable<void> work(store::Job job);
    boost::asio::awaitable<void> queue_backlog();

    WatchSource& stage_;
    store::Writer& writer_;
    const base::Clock& clock_;
    base::Log& log_;
    std::function<void()> on_change_;
    std::shared_ptr<const Plan> plan_;
    std::atomic<bool> enabled_ = false; ///< read on the writer's thread
    WatchRound round_;
    WorkQueue<store::Job> queue_;
};

} // namespace cdtd::pipeline
