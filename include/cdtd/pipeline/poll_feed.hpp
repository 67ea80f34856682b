// One poll of one feed: ask conditionally, read, compare, keep, tell; and when to ask next. Loop thread only.
#pragma once

#include <cdtd/model/feed.hpp>
#include <cdtd/pipeline/settings.hpp>
#include <cdtd/pipeline/stage.hpp>
#include <cdtd/pipeline/take_in.hpp>
#include <cdtd/pipeline/tell.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace cdtd::pipeline {

/// What the stages share by configuration; replaced as a whole when it is read again.
struct Plan {
    ArchiveSettings archive;
    ScheduleSettings schedule;
    DeliverySettings delivery;
    WaybackSettings wayback;
    WatchSettings watch;
    Teller teller{{}};
    std::size_t connections_per_host = 1; ///< [http]
};

enum class PollEnd {
    unchanged,
    changed,
    failed,
    held,      ///< the publisher's ids changed all at once: nothing is stored until the operator says so
    held_back, ///< its host asked us to stay away: no request was made, no failure
    cancelled
};

struct PollResult {
    PollEnd end = PollEnd::failed;
    Taken taken;
    bool walks = false; ///< entries were missed: a walk through older pages has begun
};

class PollFeed : Stage {
  public:
    using Stage::Stage;

    /// `state` is replaced by what was stored; untouched when cancelled. `forced`: also where the host is
    /// closed for now. Throws store::DatabaseError.
    boost::asio::awaitable<PollResult> run(FeedSettings feed, std::shared_ptr<const Plan> plan,
                                           model::FeedState& state, bool forced);
    /// Stores what an operator changed of it (released, enabled again). Throws store::DatabaseError.
    boost::asio::awaitable<void> store(const model::FeedState& state);

  private:
    struct Poll;
    boost::asio::awaitable<PollResult> judge(Poll& poll);
    static base::Result<bool> read_document(Poll& poll);
    static bool is_held(const Poll& poll);
    boost::asio::awaitable<PollResult> take_document(Poll& poll);
    boost::asio::awaitable<PollResult> finish(Poll& poll, PollEnd end);
    boost::asio::awaitable<PollResult> fail(Poll& poll, base::Error error);
    static void keep_plan(Poll& poll);
    static void commit(store::Connection& db, Poll& poll, PollResult& result, bool gap, base::Time now);
    void say(const Poll& poll) const;
};

} // namespace cdtd::pipeline
