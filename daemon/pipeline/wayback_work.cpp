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
constexpr std::size_t saves_at_once = 8;

/// The index, and with it all that stands on its host.
std::optional<base::Time> closed_until(store::Connection& db, const Plan& plan, base::Time now) {
    return store::closed_until(db, base::origin_of(plan.wayback.cdx_url), now);
}

bool may_save(const Plan& plan) {
    return plan.wayback.enabled && plan.wayback.save != WaybackSettings::Save::never;
}

} // namespace

WaybackWork::WaybackWork(boost::asio::any_io_executor loop, http::Client& client, store::Writer& writer,
                         net::Worker& reading, Archive& archive, const base::Clock& clock, base::Log& log,
                         std::function<void()> on_change)
    : writer_(writer), clock_(clock), log_(log), on_change_(std::move(on_change)),
      plan_(std::make_shared<const Plan>()), asker_(client, writer, reading, archive, clock, log),
      resolve_(Stage(client, writer, reading, archive, clock, log), asker_),
      save_(Stage(client, writer, reading, archive, clock, log), asker_),
      resolves_(
          loop, look_ups(), [this](store::Job job) { return resolve(std::move(job)); }, writer, clock, log),
      saves_(
          loop, saves(), [this](store::Save one) { return save(std::move(one)); }, writer, clock, log),
      tasks_(loop, [](std::exception_ptr error) { std::rethrow_exception(error); }) {}

/// Switched off, nothing is due; neither is anything while the index wants to be left in peace.
WorkQueue<store::Job>::Source WaybackWork::look_ups() {
    auto due = [this](store::Connection& db, base::Time now, std::size_t at_once,
                      const std::vector<std::string>& /*full*/) {
        const auto plan = plan_.load();
        return plan->wayback.enabled && !closed_until(db, *plan, now)
                   ? store::due_jobs(db, "resolve_source", now, static_cast<int>(at_once))
                   : std::vector<store::Job>();
    };
    auto next_due = [this](store::Connection& db, base::Time after) -> std::optional<base::Time> {
        const auto plan = plan_.load();
        if (!plan->wayback.enabled)
            return std::nullopt;
        const auto until = closed_until(db, *plan, after);
        return until ? until : store::next_due(db, "resolve_source", after);
    };
    return {"resolve_source", look_ups_at_once, std::move(due), std::move(next_due),
            [](const store::Job& job) { return job.id; }};
}

WorkQueue<store::Save>::Source WaybackWork::saves() {
    auto due = [this](store::Connection& db, base::Time now, std::size_t at_once,
                      const std::vector<std::string>& /*full*/) {
        const auto plan = plan_.load();
        return may_save(*plan) && !closed_until(db, *plan, now)
                   ? store::due_saves(db, now, static_cast<int>(at_once), plan->wayback.save_concurrent)
                   : std::vector<store::Save>();
    };
    auto next_due = [this](store::Connection& db, base::Time after) -> std::optional<base::Time> {
        const auto plan = plan_.load();
        if (!may_save(*plan))
            return std::nullopt;
        const auto until = closed_until(db, *plan, after);
        return until ? until : store::next_save_due(db, after);
    };
    return {"save_page", saves_at_once, std::move(due), std::move(next_due),
            [](const store::Save& save) { return save.id; }};
}

void WaybackWork::recover(store::Connection& db, const WaybackSettings& settings, base::Time now) {
    AskWayback::recover(db, settings);
    SavePage::recover(db, now);
}

void WaybackWork::wake() {
    resolves_.wake();
    saves_.wake();
}

void WaybackWork::configure(std::shared_ptr<const Plan> plan) {
    const bool switched_on = running_ && plan->wayback.enabled && !plan_.load()->wayback.enabled;
    plan_ = std::move(plan);
    if (switched_on)
        tasks_.spawn(queue_backlog());
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
    wake();
}

boost::asio::awaitable<void> WaybackWork::run() {
    running_ = true;
    co_await queue_backlog();
    tasks_.spawn(resolves_.run());
    tasks_.spawn(saves_.run());
    co_await tasks_.wait_below(1);
}

boost::asio::awaitable<WaybackRound> WaybackWork::once() {
    co_await queue_backlog();
    co_await resolves_.once();
    co_await saves_.once();
    co_await resolves_.once(); // of what was found to be saved
    co_return round_;
}

void WaybackWork::stop() {
    asker_.stop();
    resolves_.stop();
    saves_.stop();
}

boost::asio::awaitable<void> WaybackWork::resolve(store::Job job) {
    const ResolveEnd end = co_await resolve_.run(std::move(job), plan_.load());
    round_.looked_up += end == ResolveEnd::looked_up;
    round_.put_off += end == ResolveEnd::put_off;
    if (end != ResolveEnd::looked_up)
        co_return;
    saves_.wake();
    on_change_();
}

boost::asio::awaitable<void> WaybackWork::save(store::Save one) {
    const SaveEnd end = co_await save_.run(std::move(one), plan_.load());
    round_.submitted += end == SaveEnd::submitted;
    resolves_.wake();
}

} // namespace cdtd::pipeline
