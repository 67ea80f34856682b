// Takes due capture jobs from the database and runs a bounded number of them at a time. Loop thread only.
#pragma once

#include <cdtd/net/tasks.hpp>
#include <cdtd/net/wake.hpp>
#include <cdtd/pipeline/capture.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <set>

namespace cdtd::pipeline {

struct CaptureRound {
    std::size_t captured = 0, put_off = 0;
};

class CaptureQueue {
  public:
    CaptureQueue(boost::asio::any_io_executor loop, Capture& stage, store::Writer& writer,
                 const base::Clock& clock, base::Log& log, std::function<void()> on_change);

    void configure(std::shared_ptr<const Plan> plan) { plan_ = std::move(plan); }
    /// Until stop: sleeps while nothing is due.
    boost::asio::awaitable<void> run();
    /// Until nothing that was due at `begun` or was added since is untried; what was put off is left for
    /// later.
    boost::asio::awaitable<CaptureRound> once();
    void wake() { bell_.ring(); }
    void stop();

  private:
    /// Starts what is due and fits; how many.
    boost::asio::awaitable<std::size_t> start_due();
    boost::asio::awaitable<void> work(store::Job job);

    Capture& stage_;
    store::Writer& writer_;
    const base::Clock& clock_;
    base::Log& log_;
    std::function<void()> on_change_;
    std::shared_ptr<const Plan> plan_;
    net::Tasks tasks_;
    net::Bell bell_;
    std::set<std::int64_t> in_flight_;
    CaptureRound round_;
    bool stopping_ = false;
    bool broken_ = false; ///< the database failed: pause before the next look
};

} // namespace cdtd::pipeline
