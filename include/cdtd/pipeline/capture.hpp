// Fetching what an article shows: its page, its images. Loop thread only.
#pragma once

#include <cdtd/net/turns.hpp>
#include <cdtd/pipeline/ask_robots.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/stage.hpp>
#include <cdtd/store/jobs.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cdtd::pipeline {

enum class CaptureEnd { captured, put_off, cancelled };

class Capture : Stage {
  public:
    using Stage::Stage;

    /// Works one job off: captured, or put off with the reason. Throws store::DatabaseError.
    boost::asio::awaitable<CaptureEnd> run(store::Job job, std::shared_ptr<const Plan> plan);

  private:
    struct Setback {
        base::Error error;
        std::string origin{}; ///< where it came from, after redirects; "" = the job's own
        std::optional<base::Time> not_before{};
    };

    boost::asio::awaitable<bool> held_back(const store::Job& job, const Plan& plan);
    boost::asio::awaitable<bool> reuse(const store::Job& job, const Plan& plan);
    boost::asio::awaitable<CaptureEnd> keep(const store::Job& job, const Plan& plan, http::Response response,
                                            std::string via);
    boost::asio::awaitable<CaptureEnd> settle_too_large(const store::Job& job, const Plan& plan,
                                                        http::Failure failure, std::string via);
    boost::asio::awaitable<CaptureEnd> put_off(const store::Job& job, const Plan& plan, Setback setback);

    boost::asio::awaitable<CaptureEnd> fetch(store::Job job, std::shared_ptr<const Plan> plan);

    net::Turns turns_; ///< of each origin: what one request learns of a host, the next one must know
    AskRobots robots_{client_, writer_, reading_, archive_, clock_, log_};
};

} // namespace cdtd::pipeline
