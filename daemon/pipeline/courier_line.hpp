// The line of one endpoint: its part of the outbox, one delivery after the other.
#pragma once

#include "pipeline/verdict.hpp"

#include <cdtd/net/wake.hpp>
#include <cdtd/pipeline/courier.hpp>
#include <cdtd/store/events.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace cdtd::pipeline {

/// What all lines share.
struct Courier::Shared {
    notify::Carrier& carrier;
    store::Writer& writer;
    const base::Clock& clock;
    base::Log& log;
    std::shared_ptr<const Plan> plan;
    std::function<void()> wake_all;
    DeliveryRound round;
    bool stopping = false;
};

class Courier::Line {
  public:
    Line(const boost::asio::any_io_executor& loop, notify::Endpoint settings, std::shared_ptr<Shared> shared)
        : endpoint(std::move(settings)), bell(loop), shared_(std::move(shared)) {}

    boost::asio::awaitable<void> follow(); ///< until stopped or removed
    boost::asio::awaitable<void> drain();  ///< until nothing is due

    notify::Endpoint endpoint;
    net::Bell bell;
    bool removed = false;

  private:
    struct Done {
        store::Due due;
        Verdict verdict;
    };
    boost::asio::awaitable<bool> step(base::Duration settle, std::optional<base::Duration>& pause);
    boost::asio::awaitable<store::Next> store_and_fetch(base::Duration settle);
    boost::asio::awaitable<void> store_done();
    boost::asio::awaitable<bool> attempt(const store::Due& due);
    boost::asio::awaitable<void> finish();
    bool record(store::Connection& db, const Plan& plan) const;
    bool fails_long_enough(store::Connection& db, const Plan& plan, base::Time now) const;
    void told(bool disabled);
    void say(const store::Due& due, const Verdict& verdict);
    bool ends() const { return removed || shared_->stopping; }

    std::shared_ptr<Shared> shared_;
    /// Attempts that are not in the database yet: a few of them share a commit.
    std::vector<Done> done_;
    std::chrono::steady_clock::time_point first_done_{};
    /// Since when it does nothing but fail, as this process saw it; null: it does not.
    std::optional<base::Time> fails_here_since_;
    bool passing_ = false; ///< this process is here for a moment only: `run --once`
};

} // namespace cdtd::pipeline
