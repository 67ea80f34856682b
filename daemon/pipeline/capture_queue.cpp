#include <cdtd/pipeline/capture_queue.hpp>

#include <exception>
#include <utility>

namespace cdtd::pipeline {

namespace {

/// More than the hosts' pacing lets through would only wait at the gate.
constexpr std::size_t at_once = 16;
constexpr base::Duration own_fault_wait = std::chrono::seconds(30);

} // namespace

CaptureQueue::CaptureQueue(boost::asio::any_io_executor loop, Capture& stage, store::Writer& writer,
                           const base::Clock& clock, base::Log& log, std::function<void()> on_change)
    : stage_(stage), writer_(writer), clock_(clock), log_(log), on_change_(std::move(on_change)),
      tasks_(loop, [](std::exception_ptr error) { std::rethrow_exception(error); }), bell_(loop) {}

boost::asio::awaitable<void> CaptureQueue::work(store::Job job) {
    const std::int64_t id = job.id;
    try {
        const CaptureEnd end = co_await stage_.run(std::move(job), plan_);
        round_.captured += end == CaptureEnd::captured;
        round_.put_off += end == CaptureEnd::put_off;
        if (end != CaptureEnd::cancelled)
            on_change_();
    } catch (const std::exception& e) {
        log_.error("a capture could not be stored; it is made again", {{"error", e.what()}});
        broken_ = true;
    }
    in_flight_.erase(id);
    bell_.ring();
}

boost::asio::awaitable<std::size_t> CaptureQueue::start_due() {
    const std::size_t room = at_once - in_flight_.size();
    if (room == 0 || stopping_)
        co_return 0;
    const base::Time now = clock_.now();
    // Those in flight are rows still, so at_once rows hold at least `room` others where there are any.
    auto ask = [now](store::Connection& db) {
        return store::due_jobs(db, "capture", now, static_cast<int>(at_once));
    };
    std::size_t started = 0;
    for (store::Job& job : co_await writer_.run(ask)) {
        if (started == room || !in_flight_.insert(job.id).second)
            continue;
        ++started;
        tasks_.spawn(work(std::move(job)));
    }
    co_return started;
}

boost::asio::awaitable<void> CaptureQueue::run() {
    while (!stopping_) {
        std::optional<base::Duration> pause;
        try {
            co_await start_due();
            const base::Time now = clock_.now();
            auto ask = [now](store::Connection& db) { return store::next_due(db, "capture", now); };
            if (const auto next = co_await writer_.run(ask))
                pause = *next - now;
        } catch (const std::exception& e) {
            log_.error("the queue could not be read", {{"error", e.what()}});
            broken_ = true;
        }
        if (std::exchange(broken_, false))
            pause = own_fault_wait;
        if (!stopping_)
            co_await bell_.wait(pause);
    }
    co_await tasks_.wait_below(1);
}

boost::asio::awaitable<CaptureRound> CaptureQueue::once() {
    while (!stopping_ && !broken_) {
        const std::size_t started = co_await start_due();
        if (started == 0 && in_flight_.empty())
            break;
        co_await tasks_.wait_below(at_once);
        if (started == 0)
            co_await bell_.wait(std::nullopt);
    }
    co_await tasks_.wait_below(1);
    co_return round_;
}

void CaptureQueue::stop() {
    stopping_ = true;
    bell_.ring();
}

} // namespace cdtd::pipeline
