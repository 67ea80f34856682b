// Is a source in the Wayback Machine? One look-up of it: asked, read, kept, and what it means told. Loop
// thread only.
#pragma once

#include <cdtd/pipeline/ask_wayback.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/stage.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/wayback.hpp>
#include <cdtd/wayback/resolve.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace cdtd::pipeline {

enum class ResolveEnd { looked_up, put_off, cancelled };

class ResolveSource : Stage {
  public:
    ResolveSource(const Stage& stage, AskWayback& asker) : Stage(stage), asker_(asker) {}

    /// Works one job off: an answer, or it is put off with the reason. Throws store::DatabaseError.
    boost::asio::awaitable<ResolveEnd> run(store::Job job, std::shared_ptr<const Plan> plan);

  private:
    struct LookUp;
    using NotAsked = AskWayback::NotAsked;

    boost::asio::awaitable<std::optional<NotAsked>> take(LookUp& look_up, const wayback::Step& step);
    boost::asio::awaitable<std::optional<NotAsked>> ask_index(LookUp& look_up, const wayback::Step& step);
    boost::asio::awaitable<std::optional<NotAsked>> ask_availability(LookUp& look_up,
                                                                     const wayback::Step& step);
    boost::asio::awaitable<std::optional<NotAsked>> read_capture(LookUp& look_up, const wayback::Step& step);
    boost::asio::awaitable<ResolveEnd> finish(LookUp& look_up);
    boost::asio::awaitable<ResolveEnd> put_off(LookUp& look_up, base::Time until, std::string reason);
    static void commit(store::Connection& db, const LookUp& look_up, const model::Wayback& wayback,
                       std::optional<base::Time> due, base::Time now);

    AskWayback& asker_;
};

} // namespace cdtd::pipeline
