#include <cdtd/base/url.hpp>
#include <cdtd/pipeline/capture_queue.hpp>

#include <utility>

namespace cdtd::pipeline {

namespace {

/// More than the hosts' pacing lets through would only wait at the gate.
constexpr std::size_t captures_at_once = 16;

WorkQueue<store::Job>::Source due_captures() {
    return {
        "capture",
        captures_at_once,
        [](store::Connection& db, base::Time now, std::size_t at_once, const std::vector<std::string>& full) {
            return store::due_jobs(db, "capture", now, static_cast<int>(at_once), full);
        },
        [](store::Connection& db, base::Time after) { return store::next_due(db, "capture", after); },
        [](const store::Job& job) { return job.id; },
        [](const store::Job& job) { return base::origin_of(job.url); }};
}

} // namespace

CaptureQueue::CaptureQueue(boost::asio::any_io_executor loop, Capture& stage, store::Writer& writer,
                           const base::Clock& clock, base::Log& log, std::function<void()> on_change)
    : stage_(stage), on_change_(std::move(on_change)),
      queue_(
          loop, due_captures(), [this](store::Job job) { return work(std::move(job)); }, writer, clock, log) {
}

boost::asio::awaitable<void> CaptureQueue::work(store::Job job) {
    const CaptureEnd end = co_await stage_.run(std::move(job), plan_);
    round_.captured += end == CaptureEnd::captured;
    round_.put_off += end == CaptureEnd::put_off;
    if (end != CaptureEnd::cancelled)
        on_change_();
}

boost::asio::awaitable<CaptureRound> CaptureQueue::once() {
    co_await queue_.once();
    co_return round_;
}

} // namespace cdtd::pipeline
