// One question to archive.org's servers: within the pace of its host, which is kept in the database before
// the question goes out, and with the answer kept as a capture. Loop thread only.
#pragma once

#include <cdtd/net/turns.hpp>
#include <cdtd/net/wake.hpp>
#include <cdtd/pipeline/settings.hpp>
#include <cdtd/pipeline/stage.hpp>
#include <cdtd/wayback/pacing.hpp>
#include <cdtd/wayback/reply.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>

namespace cdtd::pipeline {

/// The interfaces of the Wayback Machine; each has a limit of its own, and what a host says is about all of
/// them that stand there.
enum class Lane {
    cdx,
    availability,
    replay,
    save,
    status ///< of saves
};

class AskWayback : Stage {
  public:
    using Stage::Stage;

    struct Asked {
        wayback::Reply reply;
        std::optional<std::int64_t> capture; ///< of the answer; nullopt: none came
        std::optional<base::Time>
            closed_until; ///< what came of it: nothing more is asked of this host until then
    };
    struct NotAsked {
        std::optional<base::Time> until; ///< nullopt: the program ends, or the caller's on_start said no
        std::string reason;
    };
    using Outcome = std::expected<Asked, NotAsked>;

    /// What must be on disk together with the start, and before anything else is done with the answer. They
    /// run in the writer's transactions.
    struct Hooks {
        std::function<bool(store::Connection&, base::Time)>
            on_start; ///< false: it is not to go out after all
        std::function<void(store::Connection&, const wayback::Reply&)> on_answer;
    };

    /// Waits for its turn, but not for a host that is closed. `via`: the article that led to the question.
    /// Throws store::DatabaseError.
    boost::asio::awaitable<Outcome> ask(Lane lane, http::Request request, std::string via,
                                        const WaybackSettings& settings, const Hooks& hooks);
    boost::asio::awaitable<Outcome> ask(Lane lane, http::Request request, std::string via,
                                        const WaybackSettings& settings);
    /// Those that wait for their turn wait no longer.
    void stop();

    /// At the start: a request that was out when the last run ended may have been answered with a 429.
    static void recover(store::Connection& db, const WaybackSettings& settings);

  private:
    struct Start;
    boost::asio::awaitable<Start> try_start(const std::string& origin, Lane lane,
                                            const WaybackSettings& settings, const Hooks& hooks);
    boost::asio::awaitable<void> rest(base::Time until);
    boost::asio::awaitable<Outcome> exchange(Lane lane, http::Request request, std::string via,
                                             base::Time started, const WaybackSettings& settings,
                                             const Hooks& hooks);
    boost::asio::awaitable<base::Result<std::optional<Kept>>> keep(http::Outcome& outcome, std::string via);

    net::Turns turns_; ///< one request at a time of each host, and one that waits of each of its lanes
    net::Bells waiting_;
    bool stopping_ = false;
};

} // namespace cdtd::pipeline
