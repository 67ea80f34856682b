// Does an original still stand? One look at it: asked for, judged, kept, and what it means told. Loop thread
// only.
//
// robots.txt is not asked: it is for crawlers (RFC 9309, 1), and this follows no link. One document that a
// publisher cites is looked at, seldom, as a reader would, to record whether it still stands.
#pragma once

#include <cdtd/article/judge.hpp>
#include <cdtd/net/turns.hpp>
#include <cdtd/net/wake.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/stage.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/watch.hpp>

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <string>

namespace cdtd::pipeline {

enum class WatchEnd { looked, put_off, cancelled };

class WatchSource : Stage {
  public:
    using Stage::Stage;

    /// Works one job off: a look was made, or it is put off with the reason. Throws store::DatabaseError.
    boost::asio::awaitable<WatchEnd> run(store::Job job, std::shared_ptr<const Plan> plan);
    /// Whoever waits for the next look at a host waits no longer.
    void stop();

  private:
    struct Seen;
    boost::asio::awaitable<bool> held_back(const store::Job& job);
    boost::asio::awaitable<void> keep_pace(const std::string& origin, base::Duration pace);
    boost::asio::awaitable<WatchEnd> look(store::Job job, const Plan& plan);
    boost::asio::awaitable<base::Result<Seen>> ask(const store::Job& job, const store::Watched& known);
    boost::asio::awaitable<void> read(http::Response& response, const store::Watched& known,
                                      const std::string& url, Seen& seen);
    boost::asio::awaitable<base::Result<void>> keep(const store::Watched& known, Seen& seen);
    boost::asio::awaitable<WatchEnd> finish(const store::Job& job, const Plan& plan, store::Watched known,
                                            Seen seen);
    boost::asio::awaitable<WatchEnd> put_off(const store::Job& job, base::Time until, std::string reason);

    net::Turns turns_; ///< of each origin: one look at a time
    std::map<std::string, base::Time> last_look_;
    net::Bells waiting_;
    bool stopping_ = false;
};

} // namespace cdtd::pipeline
