// When feeds are polled: one coroutine a subscription sleeps until its next poll is due. Loop thread only.
#pragma once

#include <cdtd/net/tasks.hpp>
#include <cdtd/net/wake.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/schedule/starts.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cdtd::pipeline {

struct RoundResult {
    std::size_t polled = 0, unchanged = 0, failed = 0, held_back = 0, held = 0;
    std::size_t fresh = 0, edited = 0, censored = 0;
};

class Poller {
  public:
    /// `on_change`: something was stored that others may have to do with (captures, deliveries).
    Poller(boost::asio::any_io_executor loop, PollFeed& stage, const base::Clock& clock, base::Log& log,
           std::function<void()> on_change);
    ~Poller();

    /// The configured feeds with their stored state. Also when the configuration was read again.
    void configure(const std::vector<FeedSettings>& feeds, const std::vector<model::FeedState>& states,
                   std::shared_ptr<const Plan> plan);
    /// Starts the coroutines that poll when due.
    void start();
    /// Every enabled feed once, due or not, within what its server allows.
    boost::asio::awaitable<RoundResult> once();
    /// Asks for a poll now. not_found, conflict (disabled), refused (forbidden by its server until a time).
    base::Result<void> poll_now(const std::string& name, bool force);
    /// A held feed's next document passes, whatever its ids. not_found, conflict (not held).
    base::Result<void> release(const std::string& name);
    /// A feed that said it is gone is asked again. not_found, conflict (not gone).
    base::Result<void> enable(const std::string& name);
    void stop();
    boost::asio::awaitable<void> wait();
    /// When the scheduler should have polled last: for /readyz. The longest time that a feed is overdue.
    base::Duration overdue() const;

  private:
    struct Subscription;
    boost::asio::awaitable<void> follow(std::shared_ptr<Subscription> subscription);
    boost::asio::awaitable<void> watch_clock();
    bool may_start(Subscription& subscription);
    boost::asio::awaitable<void> carry_out_order(Subscription& subscription);
    boost::asio::awaitable<PollResult> poll(Subscription& subscription);
    Subscription* find(const std::string& name) const;
    bool is_allowed(const Subscription& subscription) const; ///< by its server
    boost::asio::awaitable<void> poll_into(std::shared_ptr<Subscription> subscription, RoundResult& round);

    boost::asio::any_io_executor loop_;
    PollFeed& stage_;
    const base::Clock& clock_;
    base::Log& log_;
    std::function<void()> on_change_;
    std::shared_ptr<const Plan> plan_;
    std::map<std::string, std::shared_ptr<Subscription>> subscriptions_;
    net::Tasks tasks_;
    net::Bell clock_bell_;
    schedule::Starts starts_;
    bool started_ = false;
    bool stopping_ = false;
};

} // namespace cdtd::pipeline
