// Takes due capture jobs from the database and runs a bounded number of them at a time. Loop thread only.
#pragma once

#include <cdtd/pipeline/capture.hpp>
#include <cdtd/pipeline/work_queue.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace cdtd::pipeline {

struct CaptureRound {
    std::size_t captured = 0, put_off = 0;
};

class CaptureQueue {
  public:
    CaptureQueue(boost::asio::any_io_executor loop, Capture& stage, store::Writer& writer,
                 const base::Clock& clock, base::Log& log, std::function<void()> on_change);

    void configure(std::shared_ptr<const Plan> plan) { plan_ = std::move(plan); }
    boost::asio::awaitable<void> run() { return queue_.run(); }
    boost::asio::awaitable<CaptureRound> once();
    void wake() { queue_.wake(); }
    void stop() { queue_.stop(); }

  private:
    boost::asio::awaitable<void> work(store::Job job);

    Capture& stage_;
    std::function<void()> on_change_;
    std::shared_ptr<const Plan> plan_;
    CaptureRound round_;
    WorkQueue<store::Job> queue_;
};

} // namespace cdtd::pipeline
