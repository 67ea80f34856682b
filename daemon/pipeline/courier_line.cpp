#include "pipeline/courier_line.hpp"

#include <cdtd/store/endpoints.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace cdtd::pipeline {

namespace asio = boost::asio;

namespace {

constexpr base::Duration own_fault_wait = std::chrono::seconds(30);
/// So many deliveries are read ahead, and share a commit when they succeed one after the other…
constexpr std::size_t at_once = 32;
/// …but none waits longer for its commit: what a crash would send a second time stays little.
constexpr auto longest_uncommitted = std::chrono::milliseconds(100);
/// An endpoint is not disabled before this process itself saw it fail for so long.
constexpr base::Duration seen_failing_at_least = std::chrono::hours(1);
/// A digest waits so long for others to come.
constexpr base::Duration digest_settles = std::chrono::seconds(10);

} // namespace

asio::awaitable<void> Courier::Line::follow() {
    while (!ends()) {
        std::optional<base::Duration> pause;
        try {
            if (co_await step(digest_settles, pause))
                continue;
        } catch (const std::exception& e) {
            shared_->log.error("the outbox could not be worked; it is tried again",
                               {{"endpoint", endpoint.name}, {"error", e.what()}});
            pause = own_fault_wait;
        }
        if (!ends())
            co_await bell.wait(pause);
    }
    co_await finish();
}

asio::awaitable<void> Courier::Line::drain() {
    std::optional<base::Duration> ignored;
    passing_ = true;
    try {
        // There is no later for a digest to wait for.
        while (!ends() && co_await step(base::Duration{}, ignored))
            ;
    } catch (const std::exception& e) {
        shared_->log.error("the outbox could not be worked",
                           {{"endpoint", endpoint.name}, {"error", e.what()}});
    }
    co_await finish();
}

/// What was told is not told again after the next start.
asio::awaitable<void> Courier::Line::finish() {
    try {
        co_await store_done();
    } catch (const std::exception& e) {
        shared_->log.error("what was told could not be stored: it is told again",
                           {{"endpoint", endpoint.name}, {"error", e.what()}});
    }
}

/// Attempts at what is due. False: nothing is due for `pause`, or the attempt was cancelled.
asio::awaitable<bool> Courier::Line::step(base::Duration settle, std::optional<base::Duration>& pause) {
    const store::Next next = co_await store_and_fetch(settle);
    if (next.due.empty() && next.until)
        pause = std::max(*next.until - shared_->clock.now(), base::Duration(std::chrono::milliseconds(1)));
    for (const store::Due& due : next.due) {
        if (ends() || !co_await attempt(due))
            co_return false;
        if (done_.back().verdict.state != model::DeliveryState::delivered)
            co_return true; // what comes next is another question now
        if (std::chrono::steady_clock::now() - first_done_ >= longest_uncommitted)
            co_await store_done();
    }
    co_return !next.due.empty();
}

asio::awaitable<bool> Courier::Line::attempt(const store::Due& due) {
    Made made;
    made.began = shared_->clock.now();
    notify::Reply reply = co_await shared_->carrier.carry(endpoint, due.event);
    if (reply.cancelled)
        co_return false;
    made.ended = shared_->clock.now();
    made.attempts = due.attempts + 1;
    made.kind = due.kind;
    made.seed = static_cast<std::uint64_t>(due.delivery);
    Verdict verdict = judge(reply, made, shared_->plan->delivery);
    say(due, verdict);
    if (verdict.state == model::DeliveryState::delivered)
        fails_here_since_.reset();
    else if (due.kind != model::DeliveryKind::test && !fails_here_since_)
        fails_here_since_ = made.ended;
    if (done_.empty())
        first_done_ = std::chrono::steady_clock::now();
    done_.push_back({due, std::move(verdict)});
    co_return true;
}

/// The days in which we did not run, or had no network when we began, are not the endpoint's failures.
bool Courier::Line::fails_long_enough(store::Connection& db, const Plan& plan, base::Time now) const {
    const auto since = store::failing_since(db, endpoint.name);
    if (!since || now - *since < plan.delivery.disable_after)
        return false;
    return passing_ || (fails_here_since_ && now - *fails_here_since_ >= std::min(plan.delivery.disable_after,
                                                                                  seen_failing_at_least));
}

/// True: the endpoint was disabled by it. On the writer's thread, while the loop waits for it.
bool Courier::Line::record(store::Connection& db, const Plan& plan) const {
    bool disabled = false;
    const std::string& name = endpoint.name;
    for (const auto& [due, verdict] : done_) {
        store::record_attempt(db, due.delivery, verdict.attempt, verdict.state, verdict.next);
        if (verdict.paused_until)
            store::pause_endpoint(db, name, *verdict.paused_until);
        if (verdict.state == model::DeliveryState::delivered || due.kind == model::DeliveryKind::test)
            continue;
        const base::Time now = verdict.attempt.at + std::chrono::milliseconds(verdict.attempt.ms);
        std::string reason;
        if (verdict.endpoint_is_gone)
            reason = "410 Gone: the endpoint wants nothing more";
        else if (fails_long_enough(db, plan, now))
            reason = "nothing but failures for too long: " + verdict.attempt.error.value_or("");
        if (reason.empty())
            continue;
        store::disable_endpoint(db, name, reason, now);
        plan.teller.endpoint_disabled(db, now, name);
        disabled = true;
    }
    return disabled;
}

void Courier::Line::told(bool disabled) {
    if (disabled)
        shared_->log.error(
            "endpoint disabled: see `cdtd webhooks`",
            {{"endpoint", endpoint.name}, {"error", done_.back().verdict.attempt.error.value_or("")}});
    done_.clear();
    if (disabled)
        shared_->wake_all();
}

asio::awaitable<void> Courier::Line::store_done() {
    if (done_.empty())
        co_return;
    const std::shared_ptr<const Plan> plan = shared_->plan;
    auto job = [&](store::Connection& db) { return record(db, *plan); };
    const bool disabled = co_await shared_->writer.run(job);
    told(disabled);
}

/// One job of the writer for both: while an endpoint is fast, that is all that a few deliveries cost.
asio::awaitable<store::Next> Courier::Line::store_and_fetch(base::Duration settle) {
    const std::shared_ptr<const Plan> plan = shared_->plan;
    const std::string name = endpoint.name;
    const base::Time now = shared_->clock.now();
    const store::Pace pace{plan->delivery.order_wait, endpoint.max_per_hour, settle};
    bool disabled = false;
    auto job = [&](store::Connection& db) {
        disabled = record(db, *plan);
        store::Next next = store::next_deliveries(db, name, now, pace, at_once);
        if (!next.digest)
            return next;
        plan->teller.digest(db, now, name);
        return store::next_deliveries(db, name, now, pace, at_once);
    };
    store::Next next = co_await shared_->writer.run(job);
    told(disabled);
    co_return next;
}

void Courier::Line::say(const store::Due& due, const Verdict& verdict) {
    DeliveryRound& round = shared_->round;
    if (verdict.state == model::DeliveryState::delivered) {
        ++round.delivered;
        if (verdict.attempt.error) // a mail that not everyone got
            shared_->log.warn(
                "delivered in part",
                {{"endpoint", endpoint.name}, {"event", due.event.id}, {"error", *verdict.attempt.error}});
        return;
    }
    ++(verdict.state == model::DeliveryState::failed ? round.failed : round.put_off);
    shared_->log.warn("not delivered", {{"endpoint", endpoint.name},
                                        {"event", due.event.id},
                                        {"error", verdict.attempt.error.value_or("")}});
}

} // namespace cdtd::pipeline
