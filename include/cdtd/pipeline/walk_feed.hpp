// One step on the way through a feed's older pages: ask for a page, take it in, note where to go next. Loop
// thread only.
#pragma once

#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/stage.hpp>
#include <cdtd/pipeline/walk_steps.hpp>
#include <cdtd/store/walks.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace cdtd::pipeline {

enum class StepEnd { taken, put_off, cancelled };

struct Step {
    StepEnd end = StepEnd::put_off;
    Taken taken;
};

class WalkFeed : Stage {
  public:
    using Stage::Stage;

    /// Throws store::DatabaseError; the walk is then where it was.
    boost::asio::awaitable<Step> run(FeedSettings feed, std::shared_ptr<const Plan> plan, store::FeedWalk of);

  private:
    struct Page;
    boost::asio::awaitable<Step> take_page(Page& page);
    boost::asio::awaitable<Step> keep(Page& page);
    boost::asio::awaitable<Step> move_on(const Page& page);
    boost::asio::awaitable<Step> put_off(Page& page, base::Error error);
    void say_where_it_ended(const Page& page) const;
};

} // namespace cdtd::pipeline
