#include <cdtd/pipeline/walks.hpp>
#include <cdtd/store/feeds.hpp>

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr std::size_t walks_at_once = 8;

WorkQueue<store::FeedWalk>::Source walks_under_way() {
    return {"walk", walks_at_once,
            [](store::Connection& db, base::Time now, std::size_t at_once, const std::vector<std::string>&) {
                return store::due_walks(db, now, static_cast<int>(at_once));
            },
            [](store::Connection& db, base::Time after) { return store::next_due_walk(db, after); },
            [](const store::FeedWalk& walk) { return walk.feed; }};
}

} // namespace

Walks::Walks(boost::asio::any_io_executor loop, WalkFeed& stage, store::Writer& writer,
             const base::Clock& clock, base::Log& log, std::function<void()> on_change)
    : stage_(stage), writer_(writer), clock_(clock), log_(log), on_change_(std::move(on_change)),
      queue_(
          loop, walks_under_way(), [this](store::FeedWalk walk) { return work(std::move(walk)); }, writer,
          clock, log),
      orders_(loop, [](std::exception_ptr error) { std::rethrow_exception(error); }) {}

void Walks::configure(const std::vector<FeedSettings>& feeds, std::shared_ptr<const Plan> plan) {
    plan_ = std::move(plan);
    feeds_.clear();
    for (const FeedSettings& feed : feeds)
        feeds_.emplace(feed.name, feed);
    queue_.wake();
}

boost::asio::awaitable<void> Walks::work(store::FeedWalk walk) {
    const auto feed = feeds_.find(walk.name);
    if (feed == feeds_.end())
        co_return;
    const Step step = co_await stage_.run(feed->second, plan_, std::move(walk));
    if (step.end == StepEnd::cancelled)
        co_return;
    round_.pages += step.end == StepEnd::taken;
    round_.put_off += step.end == StepEnd::put_off;
    round_.taken.fresh += step.taken.fresh;
    round_.taken.edited += step.taken.edited;
    round_.taken.censored += step.taken.censored;
    on_change_();
}

boost::asio::awaitable<WalkRound> Walks::once() {
    co_await queue_.once();
    co_return round_;
}

base::Result<void> Walks::backfill(const std::string& feed, const BackfillOrder& order) {
    const auto known = feeds_.find(feed);
    if (known == feeds_.end())
        return base::fail(base::Errc::not_found, fmt::format("there is no feed named {}", feed));
    if (!known->second.enabled)
        return base::fail(base::Errc::conflict, fmt::format("{} is not enabled in the configuration", feed));
    orders_.spawn(begin(feed, order));
    return {};
}

boost::asio::awaitable<void> Walks::begin(std::string feed, BackfillOrder order) {
    const base::Time now = clock_.now();
    auto store_it = [&](store::Connection& db) {
        if (const auto state = store::find_feed(db, feed))
            store::save_walk(db, state->id, begin_backfill(*state, order, now));
    };
    try {
        co_await writer_.run(store_it);
    } catch (const std::exception& e) {
        log_.error("the backfill could not be stored; ask for it again",
                   {{"feed", feed}, {"error", e.what()}});
    }
    queue_.wake();
}

boost::asio::awaitable<void> Walks::wait() {
    co_await orders_.wait_below(1);
}

} // namespace cdtd::pipeline
