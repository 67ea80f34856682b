// What an operator asks of the courier: a test, an endpoint enabled again, events told again.
#include "pipeline/courier_line.hpp"

#include <cdtd/store/endpoints.hpp>

#include <fmt/format.h>

namespace cdtd::pipeline {

namespace asio = boost::asio;

namespace {

constexpr int events_at_once = 500; // of a replay, in one transaction

} // namespace

base::Result<std::shared_ptr<Courier::Line>> Courier::line_of(const std::string& endpoint) const {
    if (const auto found = lines_.find(endpoint); found != lines_.end())
        return found->second;
    for (const notify::Endpoint& configured : plan_->teller.endpoints())
        if (configured.name == endpoint)
            return base::fail(base::Errc::conflict,
                              fmt::format("the configuration has \"{}\" off (enabled = false)", endpoint));
    return base::fail(base::Errc::not_found, fmt::format("there is no endpoint \"{}\"", endpoint));
}

asio::awaitable<base::Result<std::string>> Courier::test(std::string endpoint) {
    const auto line = line_of(endpoint);
    if (!line)
        co_return std::unexpected(line.error());
    const base::Time now = shared_->clock.now();
    auto job = [&](store::Connection& db) { return Teller::test(db, now, endpoint); };
    std::string id = co_await shared_->writer.run(job);
    (*line)->bell.ring();
    co_return id;
}

asio::awaitable<base::Result<void>> Courier::enable(std::string endpoint) {
    const auto line = line_of(endpoint);
    if (!line)
        co_return std::unexpected(line.error());
    const base::Time now = shared_->clock.now();
    auto job = [&](store::Connection& db) {
        const auto state = store::find_endpoint(db, endpoint, now);
        if (!state || state->state == "ok")
            return false;
        store::enable_endpoint(db, endpoint, now);
        return true;
    };
    if (!co_await shared_->writer.run(job))
        co_return base::fail(base::Errc::conflict,
                             fmt::format("\"{}\" is neither disabled nor failing", endpoint));
    (*line)->bell.ring();
    co_return base::Result<void>{};
}

asio::awaitable<base::Result<std::int64_t>> Courier::replay(ReplayOrder order) {
    const auto line = line_of(order.endpoint);
    if (!line)
        co_return std::unexpected(line.error());
    const std::shared_ptr<const Plan> plan = plan_;
    const base::Time now = shared_->clock.now();
    std::int64_t after = 0, told = 0;
    std::size_t got = 0;
    // A part at a time, so that a long log stops nobody else's writing.
    auto job = [&](store::Connection& db) {
        const auto events = store::events_since(db, order.since, after, events_at_once);
        for (const model::Event& event : events)
            if (notify::type_matches(order.type, event.type) &&
                plan->teller.wants(db, order.endpoint, event)) {
                store::add_delivery(db, event.seq, order.endpoint, model::DeliveryKind::replay, now);
                ++told;
            }
        got = events.size();
        if (got > 0)
            after = events.back().seq;
    };
    do {
        co_await shared_->writer.run(job);
        (*line)->bell.ring();
    } while (got == static_cast<std::size_t>(events_at_once) && !shared_->stopping);
    co_return told;
}

} // namespace cdtd::pipeline
