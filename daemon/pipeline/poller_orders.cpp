// What an operator asks of the poller.
#include "pipeline/next.hpp"
#include "pipeline/subscription.hpp"

#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace cdtd::pipeline {

Poller::Subscription* Poller::find(const std::string& name) const {
    const auto found = subscriptions_.find(name);
    return found == subscriptions_.end() ? nullptr : found->second.get();
}

namespace {

base::Result<void> no_such_feed(const std::string& name) {
    return base::fail(base::Errc::not_found, fmt::format("there is no feed named {}", name));
}

base::Result<void> not_enabled(const std::string& name) {
    return base::fail(base::Errc::conflict, fmt::format("{} is not enabled in the configuration", name));
}

} // namespace

bool Poller::is_allowed(const Subscription& subscription) const {
    return subscription.state.allowed_at.value_or(base::Time{}) <= clock_.now();
}

base::Result<void> Poller::poll_now(const std::string& name, bool force) {
    Subscription* const subscription = find(name);
    if (!subscription)
        return no_such_feed(name);
    if (!subscription->settings.enabled)
        return not_enabled(name);
    if (subscription->state.state == model::FeedHealth::gone)
        return base::fail(
            base::Errc::conflict,
            fmt::format("{0} is gone (410) and polled no more; `cdtd feeds enable {0}` asks again", name));
    if (subscription->polling)
        return base::fail(base::Errc::conflict, fmt::format("{} is being polled at this moment", name));
    const auto until = held_back_until(subscription->state);
    if (!force && until && *until > clock_.now())
        return base::fail(base::Errc::refused,
                          fmt::format("{} is not asked before {} (`cdtd feeds explain {}` says "
                                      "why; --force overrides)",
                                      name, base::format_rfc3339(*until), name));
    subscription->asked = true;
    subscription->forced = force;
    subscription->bell.ring();
    return {};
}

base::Result<void> Poller::release(const std::string& name) {
    Subscription* const subscription = find(name);
    if (!subscription)
        return no_such_feed(name);
    if (!subscription->settings.enabled)
        return not_enabled(name);
    if (subscription->state.state != model::FeedHealth::held)
        return base::fail(base::Errc::conflict, fmt::format("{} is not held", name));
    subscription->release = true;
    subscription->asked = is_allowed(*subscription);
    subscription->bell.ring();
    return {};
}

base::Result<void> Poller::enable(const std::string& name) {
    Subscription* const subscription = find(name);
    if (!subscription)
        return no_such_feed(name);
    if (!subscription->settings.enabled)
        return not_enabled(name);
    if (subscription->state.state != model::FeedHealth::gone)
        return base::fail(base::Errc::conflict, fmt::format("{} has not said that it is gone", name));
    subscription->enable = true;
    subscription->asked = is_allowed(*subscription);
    subscription->bell.ring();
    return {};
}

boost::asio::awaitable<void> Poller::carry_out_order(Subscription& subscription) {
    model::FeedState& state = subscription.state;
    if (std::exchange(subscription.release, false))
        state.released = true;
    if (std::exchange(subscription.enable, false))
        state.consecutive_failures = 0;
    // What was gone counts as failing until it answers: its end is told too.
    const bool was_gone = state.state == model::FeedHealth::gone;
    state.state = was_gone ? model::FeedHealth::failing : model::FeedHealth::ok;
    state.last_error = state.error_class = std::nullopt;
    try {
        co_await stage_.store(state);
    } catch (const std::exception& e) {
        log_.error("the order could not be stored; it holds until the next start",
                   {{"feed", subscription.settings.name}, {"error", e.what()}});
    }
}

} // namespace cdtd::pipeline
