#include "pipeline/next.hpp"
#include "pipeline/subscription.hpp"

#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/poller.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace cdtd::pipeline {

namespace {

/// After an error of our own machine (disk full, database locked) nothing is stored: wait, then try again.
constexpr base::Duration own_fault_wait = std::chrono::seconds(30);

/// Who is later than this was not kept waiting by us: the program or the machine was asleep.
constexpr base::Duration overslept = std::chrono::seconds(5);
/// Between the starts of those.
constexpr base::Duration between_latecomers = std::chrono::milliseconds(500);
/// How often the machine's clock is held against the time that passed for us.
constexpr base::Duration clock_watch = std::chrono::minutes(1);

} // namespace

Poller::Poller(boost::asio::any_io_executor loop, PollFeed& stage, const base::Clock& clock, base::Log& log,
               std::function<void()> on_change)
    : loop_(loop), stage_(stage), clock_(clock), log_(log), on_change_(std::move(on_change)),
      tasks_(loop,
             [this](std::exception_ptr error) {
                 log_.error("a feed's coroutine ended", {{"error", net::what_of(error)}});
             }),
      clock_bell_(loop), starts_(between_latecomers) {}

Poller::~Poller() = default;

void Poller::configure(const std::vector<FeedSettings>& feeds, const std::vector<model::FeedState>& states,
                       std::shared_ptr<const Plan> plan) {
    plan_ = std::move(plan);
    std::map<std::string, std::shared_ptr<Subscription>> before;
    before.swap(subscriptions_);
    for (const FeedSettings& feed : feeds) {
        const auto state = std::ranges::find(states, feed.name, &model::FeedState::name);
        if (state == states.end())
            continue;
        auto known = before.extract(feed.name);
        std::shared_ptr<Subscription> subscription;
        if (!known.empty() && known.mapped()->settings.url == feed.url) {
            subscription = known.mapped();
            subscription->settings = feed;
        } else {
            if (!known.empty())
                before.insert(std::move(known)); // another URL: the old coroutine ends, a new one begins
            subscription = std::make_shared<Subscription>(loop_, feed, *state);
            if (started_)
                tasks_.spawn(follow(subscription));
        }
        // A shorter wish counts at once; what the server said stays.
        replan(subscription->state, feed, plan_->schedule);
        subscription->bell.ring();
        subscriptions_.emplace(feed.name, subscription);
    }
    for (auto& [name, subscription] : before) {
        subscription->removed = true;
        subscription->bell.ring();
    }
}

void Poller::start() {
    started_ = true;
    for (auto& [name, subscription] : subscriptions_)
        tasks_.spawn(follow(subscription));
    tasks_.spawn(watch_clock());
}

/// A suspended machine's timers stand still while its clock goes on: after it wakes everybody looks again.
boost::asio::awaitable<void> Poller::watch_clock() {
    while (!stopping_) {
        const base::Time before = clock_.now();
        const auto steady = std::chrono::steady_clock::now();
        co_await clock_bell_.wait(clock_watch);
        const auto passed =
            std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now() - steady);
        const base::Duration jump = clock_.now() - before - passed;
        if (jump > overslept || jump < -overslept)
            for (auto& [name, subscription] : subscriptions_)
                subscription->bell.ring();
    }
}

boost::asio::awaitable<PollResult> Poller::poll(Subscription& subscription) {
    subscription.polling = true;
    PollResult result;
    std::exception_ptr fault;
    try {
        result = co_await stage_.run(subscription.settings, plan_, subscription.state,
                                     std::exchange(subscription.forced, false));
    } catch (const std::exception&) {
        fault = std::current_exception();
    }
    subscription.polling = false;
    if (fault) {
        log_.error("a poll could not be stored; nothing of it was kept, it is made again",
                   {{"feed", subscription.settings.name}, {"error", net::what_of(fault)}});
        auto& next = subscription.state.next_poll_at;
        next = std::max(next.value_or(base::Time{}), clock_.now() + own_fault_wait);
        co_return PollResult{PollEnd::failed, {}};
    }
    const Taken& taken = result.taken;
    if (taken.fresh + taken.edited + taken.censored > 0)
        log_.info("feed changed", {{"feed", subscription.settings.name},
                                   {"new", std::to_string(taken.fresh)},
                                   {"edited", std::to_string(taken.edited)},
                                   {"censored", std::to_string(taken.censored)}});
    if (result.end != PollEnd::held_back && result.end != PollEnd::cancelled)
        on_change_();
    co_return result;
}

/// Latecomers get a place in line instead.
bool Poller::may_start(Subscription& subscription) {
    const base::Time now = clock_.now();
    model::FeedState& state = subscription.state;
    if (std::exchange(subscription.asked, false) && (subscription.forced || is_allowed(subscription)))
        return true; // else a poll that was under way has heard that it may not
    const base::Time due = state.next_poll_at.value_or(base::Time{});
    if (due > now)
        return false;
    if (now - due <= overslept)
        return true;
    state.next_poll_at = starts_.take(now);
    return *state.next_poll_at <= now;
}

boost::asio::awaitable<void> Poller::follow(std::shared_ptr<Subscription> subscription) {
    while (!stopping_ && !subscription->removed) {
        if (subscription->release || subscription->enable)
            co_await carry_out_order(*subscription);
        const model::FeedState& state = subscription->state;
        const bool off = !subscription->settings.enabled || state.state == model::FeedHealth::gone;
        if (!off && may_start(*subscription)) {
            co_await poll(*subscription);
            continue;
        }
        std::optional<base::Duration> pause;
        if (!off)
            pause = *state.next_poll_at - clock_.now();
        co_await subscription->bell.wait(pause);
    }
}

boost::asio::awaitable<void> Poller::poll_into(std::shared_ptr<Subscription> subscription,
                                               RoundResult& round) {
    const PollResult result = co_await poll(*subscription);
    if (result.end == PollEnd::held_back) {
        ++round.held_back;
        co_return;
    }
    ++round.polled;
    round.unchanged += result.end == PollEnd::unchanged;
    round.failed += result.end == PollEnd::failed;
    round.held += result.end == PollEnd::held;
    round.fresh += result.taken.fresh;
    round.edited += result.taken.edited;
    round.censored += result.taken.censored;
}

boost::asio::awaitable<RoundResult> Poller::once() {
    RoundResult round;
    const base::Time now = clock_.now();
    for (auto& [name, subscription] : subscriptions_) {
        if (!subscription->settings.enabled || subscription->state.state == model::FeedHealth::gone)
            continue;
        if (subscription->state.allowed_at.value_or(now) > now) {
            ++round.held_back;
            log_.info("not polled: its server asks us to wait",
                      {{"feed", name}, {"until", base::format_rfc3339(*subscription->state.allowed_at)}});
            continue;
        }
        tasks_.spawn(poll_into(subscription, round));
    }
    co_await tasks_.wait_below(1);
    co_return round;
}

void Poller::stop() {
    stopping_ = true;
    for (auto& [name, subscription] : subscriptions_)
        subscription->bell.ring();
    clock_bell_.ring();
}

boost::asio::awaitable<void> Poller::wait() {
    co_await tasks_.wait_below(1);
}

base::Duration Poller::overdue() const {
    const base::Time now = clock_.now();
    base::Duration longest{};
    for (const auto& [name, subscription] : subscriptions_) {
        const model::FeedState& state = subscription->state;
        if (subscription->settings.enabled && !subscription->polling && state.next_poll_at &&
            state.state != model::FeedHealth::gone)
            longest = std::max(longest, now - *state.next_poll_at);
    }
    return longest;
}

} // namespace cdtd::pipeline
