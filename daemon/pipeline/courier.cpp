#include "pipeline/verdict.hpp"

#include <cdtd/pipeline/courier.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr base::Duration own_fault_wait = std::chrono::seconds(30);

bool failing_too_long(const std::vector<model::EndpointState>& endpoints, const std::string& name,
                      base::Time now, base::Duration disable_after) {
    const auto endpoint = std::ranges::find(endpoints, name, &model::EndpointState::name);
    return endpoint != endpoints.end() && endpoint->failing_since &&
           now - *endpoint->failing_since >= disable_after;
}

} // namespace

struct Courier::Line {
    Line(boost::asio::any_io_executor loop, notify::Endpoint settings)
        : endpoint(std::move(settings)), bell(loop) {}
    notify::Endpoint endpoint;
    net::Bell bell;
    bool removed = false;
};

Courier::Courier(boost::asio::any_io_executor loop, http::Client& client, store::Writer& writer,
                 const base::Clock& clock, base::Log& log)
    : loop_(loop), client_(client), writer_(writer), clock_(clock), log_(log),
      tasks_(loop, [](std::exception_ptr error) { std::rethrow_exception(error); }) {}

Courier::~Courier() = default;

void Courier::configure(std::shared_ptr<const Plan> plan) {
    plan_ = std::move(plan);
    std::map<std::string, std::shared_ptr<Line>> before;
    before.swap(lines_);
    for (const notify::Endpoint& endpoint : plan_->teller.endpoints()) {
        if (!endpoint.enabled)
            continue;
        std::shared_ptr<Line> line;
        if (auto known = before.extract(endpoint.name); !known.empty()) {
            line = known.mapped();
            line->endpoint = endpoint;
        } else {
            line = std::make_shared<Line>(loop_, endpoint);
            if (started_)
                tasks_.spawn(follow(line));
        }
        line->bell.ring();
        lines_.emplace(endpoint.name, line);
    }
    for (auto& [name, line] : before) {
        line->removed = true;
        line->bell.ring();
    }
}

void Courier::start() {
    started_ = true;
    for (auto& [name, line] : lines_)
        tasks_.spawn(follow(line));
}

/// One attempt where one is due. False: nothing is due for `pause`, or the attempt was cancelled.
boost::asio::awaitable<bool> Courier::step(Line& line, std::optional<base::Duration>& pause) {
    const base::Time now = clock_.now();
    const base::Duration order_wait = plan_->delivery.order_wait;
    const std::string name = line.endpoint.name;
    auto ask = [&name, now, order_wait](store::Connection& db) {
        return store::next_delivery(db, name, now, order_wait);
    };
    auto next = co_await writer_.run(ask);
    if (auto* due = std::get_if<store::Due>(&next))
        co_return co_await attempt(line, std::move(*due));
    if (const auto until = std::get<store::NothingUntil>(next))
        pause = std::max(*until - now, base::Duration(std::chrono::milliseconds(1)));
    co_return false;
}

boost::asio::awaitable<bool> Courier::attempt(Line& line, store::Due due) {
    const base::Time began = clock_.now();
    const std::shared_ptr<const Plan> plan = plan_;
    const std::string name = line.endpoint.name;
    http::Request request = notify::make_request(line.endpoint, due.event, began);
    const http::Outcome outcome = co_await client_.fetch(std::move(request));
    if (!outcome && outcome.error().error.code == base::Errc::cancelled)
        co_return false;
    const base::Time now = clock_.now();
    const Verdict verdict = judge(outcome, began, now, due.attempts + 1, plan->delivery,
                                  static_cast<std::uint64_t>(due.delivery));
    auto commit = [&](store::Connection& db) {
        store::record_attempt(db, due.delivery, verdict.attempt, verdict.state, verdict.next);
        std::string reason;
        if (verdict.endpoint_is_gone)
            reason = "410 Gone: the endpoint wants nothing more";
        else if (failing_too_long(store::list_endpoints(db), name, now, plan->delivery.disable_after))
            reason = "nothing but failures for too long: " + verdict.attempt.error.value_or("");
        if (reason.empty())
            return false;
        store::disable_endpoint(db, name, reason, now);
        plan->teller.endpoint_disabled(db, now, name);
        return true;
    };
    const bool disabled = co_await writer_.run(commit);
    if (disabled) {
        log_.error("endpoint disabled", {{"endpoint", name}, {"error", verdict.attempt.error.value_or("")}});
        wake();
    }
    if (verdict.state == model::DeliveryState::delivered) {
        ++round_.delivered;
        co_return true;
    }
    ++(verdict.state == model::DeliveryState::failed ? round_.failed : round_.put_off);
    log_.warn("not delivered",
              {{"endpoint", name}, {"event", due.event.id}, {"error", verdict.attempt.error.value_or("")}});
    co_return true;
}

boost::asio::awaitable<void> Courier::follow(std::shared_ptr<Line> line) {
    while (!stopping_ && !line->removed) {
        std::optional<base::Duration> pause;
        try {
            if (co_await step(*line, pause))
                continue;
        } catch (const std::exception& e) {
            log_.error("the outbox could not be worked; it is tried again",
                       {{"endpoint", line->endpoint.name}, {"error", e.what()}});
            pause = own_fault_wait;
        }
        if (!stopping_ && !line->removed)
            co_await line->bell.wait(pause);
    }
}

boost::asio::awaitable<void> Courier::drain(std::shared_ptr<Line> line) {
    std::optional<base::Duration> ignored;
    try {
        while (!stopping_ && co_await step(*line, ignored))
            ;
    } catch (const std::exception& e) {
        log_.error("the outbox could not be worked",
                   {{"endpoint", line->endpoint.name}, {"error", e.what()}});
    }
}

boost::asio::awaitable<DeliveryRound> Courier::once() {
    for (auto& [name, line] : lines_)
        tasks_.spawn(drain(line));
    co_await tasks_.wait_below(1);
    co_return round_;
}

void Courier::wake() {
    for (auto& [name, line] : lines_)
        line->bell.ring();
}

void Courier::stop() {
    stopping_ = true;
    wake();
}

boost::asio::awaitable<void> Courier::wait() {
    co_await tasks_.wait_below(1);
}

} // namespace cdtd::pipeline
