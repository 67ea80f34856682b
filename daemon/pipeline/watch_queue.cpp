#include <cdtd/base/url.hpp>
#include <cdtd/pipeline/watch_queue.hpp>

#include <limits>
#include <string>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr std::size_t looks_at_once = 16;

} // namespace

WatchQueue::WatchQueue(boost::asio::any_io_executor loop, WatchSource& stage, store::Writer& writer,
                       const base::Clock& clock, base::Log& log, std::function<void()> on_change)
    : stage_(stage), writer_(writer), clock_(clock), log_(log), on_change_(std::move(on_change)),
      queue_(
          loop,
          {"watch_source", looks_at_once,
           // Switched off, nothing is due; what is queued waits.
           [this](store::Connection& db, base::Time now, std::size_t at_once,
                  const std::vector<std::string>& full) {
               return enabled_ ? store::due_jobs(db, "watch_source", now, static_cast<int>(at_once), full)
                               : std::vector<store::Job>();
           },
           [this](store::Connection& db, base::Time after) {
               return enabled_ ? store::next_due(db, "watch_source", after) : std::nullopt;
           },
           [](const store::Job& job) { return job.id; },
           [](const store::Job& job) { return base::origin_of(job.url); }},
          [this](store::Job job) { return work(std::move(job)); }, writer, clock, log) {}

void WatchQueue::configure(std::shared_ptr<const Plan> plan) {
    plan_ = std::move(plan);
    enabled_ = plan_->watch.enabled;
    queue_.wake();
}

boost::asio::awaitable<void> WatchQueue::queue_backlog() {
    const std::shared_ptr<const Plan> plan = plan_;
    if (!plan->watch.enabled)
        co_return;
    auto queue = [&plan, now = clock_.now()](store::Connection& db) {
        return store::watch_backlog(db, now, plan->watch.pace, std::numeric_limits<int>::max());
    };
    if (const int count = co_await writer_.run(queue); count > 0)
        log_.info("originals that nobody watched yet are looked at, one after the other",
                  {{"sources", std::to_string(count)}});
}

boost::asio::awaitable<void> WatchQueue::run() {
    co_await queue_backlog();
    co_await queue_.run();
}

boost::asio::awaitable<WatchRound> WatchQueue::once() {
    co_await queue_backlog();
    co_await queue_.once();
    co_return round_;
}

void WatchQueue::stop() {
    stage_.stop();
    queue_.stop();
}

boost::asio::awaitable<void> WatchQueue::work(store::Job job) {
    const WatchEnd end = co_await stage_.run(std::move(job), plan_);
    round_.looked += end == WatchEnd::looked;
    round_.put_off += end == WatchEnd::put_off;
    if (end == WatchEnd::looked)
        on_change_();
}

} // namespace cdtd::pipeline
