#include <cdtd/base/url.hpp>
#include <cdtd/pipeline/wayback_work.hpp>
#include <cdtd/store/wayback.hpp>
#include <cdtd/wayback/pacing.hpp>

#include <string>
#include <utility>

namespace cdtd::pipeline {

namespace {

/// One waits for the index while another one reads a capture.
constexpr std::size_t look_ups_at_once = 4;
/// A look-up asks the index once or twice, and new sources come in between.
constexpr int questions_of_a_look_up = 3;

} // namespace

WaybackWork::WaybackWork(boost::asio::any_io_executor loop, http::Client& client, store::Writer& writer,
                         net::Worker& reading, Archive& archive, const base::Clock& clock, base::Log& log,
                         std::function<void()> on_change)
    : writer_(writer), clock_(clock), log_(log), on_change_(std::move(on_change)),
      plan_(std::make_shared<const Plan>()), asker_(client, writer, reading, archive, clock, log),
      resolve_(Stage(client, writer, reading, archive, clock, log), asker_),
      resolves_(
          loop,
          {"resolve_source", look_ups_at_once,
           [this](store::Connection& db, base::Time now, std::size_t at_once,
                  const std::vector<std::string>& /*full*/) { return due(db, now, at_once); },
           [this](store::Connection& db, base::Time after) { return next_due(db, after); },
           [](const store::Job& job) { return job.id; }},
          [this](store::Job job) { return resolve(std::move(job)); }, writer, clock, log) {}

/// Switched off, nothing is due; neither is anything while the index wants to be left in peace.
std::vector<store::Job> WaybackWork::due(store::Connection& db, base::Time now, std::size_t at_once) const {
    const auto plan = plan_.load();
    if (!plan->wayback.enabled || store::closed_until(db, base::origin_of(plan->wayback.cdx_url), now))
        return {};
    return store::due_jobs(db, "resolve_source", now, static_cast<int>(at_once));
}

std::optional<base::Time> WaybackWork::next_due(store::Connection& db, base::Time after) const {
    const auto plan = plan_.load();
    if (!plan->wayback.enabled)
        return std::nullopt;
    if (const auto until = store::closed_until(db, base::origin_of(plan->wayback.cdx_url), after))
        return until;
    return store::next_due(db, "resolve_source", after);
}

void WaybackWork::configure(std::shared_ptr<const Plan> plan) {
    plan_ = std::move(plan);
    wake();
}

boost::asio::awaitable<void> WaybackWork::queue_backlog() {
    const auto plan = plan_.load();
    if (!plan->wayback.enabled)
        co_return;
    auto queue = [&plan, now = clock_.now()](store::Connection& db) {
        return store::look_up_backlog(
            db, now, wayback::spacing_of(plan->wayback.cdx_per_minute) * questions_of_a_look_up);
    };
    if (const int count = co_await writer_.run(queue); count > 0)
        log_.info("sources that nobody looked up yet are looked up, one after the other",
                  {{"sources", std::to_string(count)}});
}

boost::asio::awaitable<void> WaybackWork::run() {
    co_await queue_backlog();
    co_await resolves_.run();
}

boost::asio::awaitable<WaybackRound> WaybackWork::once() {
    co_await queue_backlog();
    co_await resolves_.once();
    co_return round_;
}

void WaybackWork::stop() {
    asker_.stop();
    resolves_.stop();
}

boost::asio::awaitable<void> WaybackWork::resolve(store::Job job) {
    const ResolveEnd end = co_await resolve_.run(std::move(job), plan_.load());
    round_.looked_up += end == ResolveEnd::looked_up;
    round_.put_off += end == ResolveEnd::put_off;
    if (end == ResolveEnd::looked_up)
        on_change_();
}

} // namespace cdtd::pipeline
