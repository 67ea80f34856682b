// The work with the Wayback Machine as a whole: takes due look-ups and saves from the database and makes a
// few of them at a time. Loop thread only.
#pragma once

#include <cdtd/pipeline/ask_wayback.hpp>
#include <cdtd/pipeline/resolve_source.hpp>
#include <cdtd/pipeline/save_page.hpp>
#include <cdtd/pipeline/work_queue.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

namespace cdtd::pipeline {

struct WaybackRound {
    std::size_t looked_up = 0, put_off = 0, submitted = 0;
};

class WaybackWork {
  public:
    /// `on_change`: something was told.
    WaybackWork(boost::asio::any_io_executor loop, http::Client& client, store::Writer& writer,
                net::Worker& reading, Archive& archive, const base::Clock& clock, base::Log& log,
                std::function<void()> on_change);

    /// Switched on while it runs: what was missed is queued then.
    void configure(std::shared_ptr<const Plan> plan);
    /// Until stop. Sources from before there were look-ups are queued first.
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<WaybackRound> once();
    void wake();
    void stop();

    /// At the start, before anything runs: what the last run may have left half done.
    static void recover(store::Connection& db, const WaybackSettings& settings, base::Time now);

  private:
    WorkQueue<store::Job>::Source look_ups();
    WorkQueue<store::Save>::Source saves();
    boost::asio::awaitable<void> resolve(store::Job job);
    boost::asio::awaitable<void> save(store::Save one);
    boost::asio::awaitable<void> queue_backlog();

    store::Writer& writer_;
    const base::Clock& clock_;
    base::Log& log_;
    std::function<void()> on_change_;
    std::atomic<std::shared_ptr<const Plan>> plan_; ///< read on the writer's thread too
    WaybackRound round_;
    bool running_ = false;
    AskWayback asker_;
    ResolveSource resolve_;
    SavePage save_;
    WorkQueue<store::Job> resolves_;
    WorkQueue<store::Save> saves_;
    net::Tasks tasks_;
};

} // namespace cdtd::pipeline
