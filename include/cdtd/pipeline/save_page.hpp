// Saving a page in the Wayback Machine (Save Page Now 2), a step at a time: submitted within the day's quota,
// asked about, and looked for in the index, since what they say they captured is listed only later. Loop
// thread only.
//
// That a form goes out, and the name of its job, are on disk before anything else: a job survives a kill, and
// what nobody heard an answer to is never submitted again before the index was asked.
#pragma once

#include <cdtd/net/turns.hpp>
#include <cdtd/pipeline/ask_wayback.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/stage.hpp>
#include <cdtd/store/saves.hpp>
#include <cdtd/wayback/save.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace cdtd::pipeline {

enum class SaveEnd {
    submitted,
    moved, ///< it came further, or is asked about later
    put_off,
    cancelled
};

class SavePage : Stage {
  public:
    SavePage(const Stage& stage, AskWayback& asker) : Stage(stage), asker_(asker) {}

    /// The next step of it. Throws store::DatabaseError.
    boost::asio::awaitable<SaveEnd> run(store::Save save, std::shared_ptr<const Plan> plan);

    /// At the start: forms that were on their way when the last run ended.
    static void recover(store::Connection& db, base::Time now);

  private:
    using NotAsked = AskWayback::NotAsked;

    boost::asio::awaitable<bool> is_wanted(const store::Save& save, const Plan& plan);
    boost::asio::awaitable<SaveEnd> submit(store::Save save, const Plan& plan);
    boost::asio::awaitable<bool> has_quota(const store::Save& save, const Plan& plan);
    boost::asio::awaitable<SaveEnd> send(store::Save save, const Plan& plan);
    boost::asio::awaitable<SaveEnd> ask_job(store::Save save, const Plan& plan);
    boost::asio::awaitable<SaveEnd> look_for(store::Save save, const Plan& plan);
    boost::asio::awaitable<void> hold(bool young, base::Time until, const std::string& reason);
    boost::asio::awaitable<SaveEnd> put_off(store::Save save, const NotAsked& why);
    boost::asio::awaitable<void> keep(const store::Save& save);

    AskWayback& asker_;
    net::Turns turns_; ///< one submission at a time: each knows what the one before it used up
};

} // namespace cdtd::pipeline
