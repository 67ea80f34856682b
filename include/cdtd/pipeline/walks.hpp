// The ways through feeds' older pages that are not at their end: step after step, a feed's one at a time and
// as fast as its host lets us. Loop thread only.
#pragma once

#include <cdtd/pipeline/walk_feed.hpp>
#include <cdtd/pipeline/work_queue.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cdtd::pipeline {

struct WalkRound {
    std::size_t pages = 0, put_off = 0;
    Taken taken;
};

class Walks {
  public:
    /// `on_change`: something was stored that others may have to do with.
    Walks(boost::asio::any_io_executor loop, WalkFeed& stage, store::Writer& writer, const base::Clock& clock,
          base::Log& log, std::function<void()> on_change);

    void configure(const std::vector<FeedSettings>& feeds, std::shared_ptr<const Plan> plan);
    boost::asio::awaitable<void> run() { return queue_.run(); }
    boost::asio::awaitable<WalkRound> once();
    /// By hand, silently; accepted when it returns. not_found, conflict (disabled).
    base::Result<void> backfill(const std::string& feed, const BackfillOrder& order);
    void wake() { queue_.wake(); }
    void stop() { queue_.stop(); }
    boost::asio::awaitable<void> wait();

  private:
    boost::asio::awaitable<void> work(store::FeedWalk walk);
    boost::asio::awaitable<void> begin(std::string feed, BackfillOrder order);

    WalkFeed& stage_;
    store::Writer& writer_;
    const base::Clock& clock_;
    base::Log& log_;
    std::function<void()> on_change_;
    std::map<std::string, FeedSettings> feeds_;
    std::shared_ptr<const Plan> plan_;
    WalkRound round_;
    WorkQueue<store::FeedWalk> queue_;
    net::Tasks orders_;
};

} // namespace cdtd::pipeline
