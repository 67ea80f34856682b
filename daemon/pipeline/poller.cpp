#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/poller.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace cdtd::pipeline {

namespace {

/// After an error of our own machine (disk full, database locked) nothing is stored: wait, then try again.
constexpr base::Duration own_fault_wait = std::chrono::seconds(30);

std::string what_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        return e.what();
    }
}

} // namespace

struct Poller::Subscription {
    Subscription(boost::asio::any_io_executor loop, FeedSettings feed, model::FeedState stored)
        : settings(std::move(feed)), state(std::move(stored)), bell(loop) {}
    FeedSettings settings;
    model::FeedState state;
    net::Bell bell;
    bool asked = false;   ///< a poll now was asked for
    bool removed = false; ///< no longer configured
    bool polling = false;
};

Poller::Poller(boost::asio::any_io_executor loop, PollFeed& stage, const base::Clock& clock, base::Log& log,
               std::function<void()> on_change)
    : loop_(loop), stage_(stage), clock_(clock), log_(log), on_change_(std::move(on_change)),
      tasks_(loop, [this](std::exception_ptr error) {
          log_.error("a feed's coroutine ended", {{"error", what_of(error)}});
      }) {}

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
        // A shorter wish counts at once; what the server forbids stays.
        model::FeedState& now = subscription->state;
        if (now.next_poll_at && now.last_poll_at && now.consecutive_failures == 0) {
            const auto wish = std::chrono::duration_cast<base::Duration>(feed.interval * (1 + feed.jitter));
            now.next_poll_at = std::min(
                *now.next_poll_at, std::max(*now.last_poll_at + wish, now.allowed_at.value_or(base::Time{})));
        }
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
}

boost::asio::awaitable<PollResult> Poller::poll(Subscription& subscription) {
    subscription.polling = true;
    PollResult result;
    std::exception_ptr fault;
    try {
        result = co_await stage_.run(subscription.settings, plan_, subscription.state);
    } catch (const std::exception&) {
        fault = std::current_exception();
    }
    subscription.polling = false;
    if (fault) {
        log_.error("a poll could not be stored; nothing of it was kept, it is made again",
                   {{"feed", subscription.settings.name}, {"error", what_of(fault)}});
        subscription.state.next_poll_at = clock_.now() + own_fault_wait;
        co_return PollResult{PollEnd::failed, {}};
    }
    const Taken& taken = result.taken;
    if (taken.fresh + taken.edited + taken.censored > 0)
        log_.info("feed changed", {{"feed", subscription.settings.name},
                                   {"new", std::to_string(taken.fresh)},
                                   {"edited", std::to_string(taken.edited)},
                                   {"censored", std::to_string(taken.censored)}});
    if (result.end == PollEnd::changed || result.end == PollEnd::failed)
        on_change_();
    co_return result;
}

boost::asio::awaitable<void> Poller::follow(std::shared_ptr<Subscription> subscription) {
    while (!stopping_ && !subscription->removed) {
        const model::FeedState& state = subscription->state;
        const bool off = !subscription->settings.enabled || state.state == model::FeedHealth::gone;
        const base::Time now = clock_.now();
        const base::Time due = state.next_poll_at.value_or(now);
        if (!off && (subscription->asked || due <= now)) {
            subscription->asked = false;
            co_await poll(*subscription);
            continue;
        }
        std::optional<base::Duration> pause;
        if (!off)
            pause = due - now;
        co_await subscription->bell.wait(pause);
    }
}

boost::asio::awaitable<void> Poller::poll_into(Subscription& subscription, RoundResult& round) {
    const PollResult result = co_await poll(subscription);
    if (result.end == PollEnd::held_back) {
        ++round.held_back;
        co_return;
    }
    ++round.polled;
    round.unchanged += result.end == PollEnd::unchanged;
    round.failed += result.end == PollEnd::failed;
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
        tasks_.spawn(poll_into(*subscription, round));
    }
    co_await tasks_.wait_below(1);
    co_return round;
}

base::Result<void> Poller::poll_now(const std::string& name, bool force) {
    const auto found = subscriptions_.find(name);
    if (found == subscriptions_.end())
        return base::fail(base::Errc::not_found, fmt::format("there is no feed named {}", name));
    Subscription& subscription = *found->second;
    if (!subscription.settings.enabled)
        return base::fail(base::Errc::conflict, fmt::format("{} is not enabled in the configuration", name));
    if (subscription.state.state == model::FeedHealth::gone)
        return base::fail(base::Errc::conflict, fmt::format("{} is gone (410) and polled no more", name));
    const auto allowed = subscription.state.allowed_at;
    if (!force && allowed && *allowed > clock_.now())
        return base::fail(base::Errc::refused,
                          fmt::format("its server asks us to wait until {} (--force overrides)",
                                      base::format_rfc3339(*allowed)));
    subscription.asked = true;
    subscription.bell.ring();
    return {};
}

void Poller::stop() {
    stopping_ = true;
    for (auto& [name, subscription] : subscriptions_)
        subscription->bell.ring();
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
