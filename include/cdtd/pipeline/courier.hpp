// Telling the endpoints: one coroutine each works its part of the outbox off, in order. Loop thread only.
// At least once, under one id; schedule and health as facts of Standard Webhooks say.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/log.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/net/tasks.hpp>
#include <cdtd/net/wake.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/writer.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>

namespace cdtd::pipeline {

struct DeliveryRound {
    std::size_t delivered = 0, put_off = 0, failed = 0;
};

class Courier {
  public:
    Courier(boost::asio::any_io_executor loop, http::Client& client, store::Writer& writer,
            const base::Clock& clock, base::Log& log);
    ~Courier();

    /// Endpoints come and go with the plan; what waits for one that went is kept.
    void configure(std::shared_ptr<const Plan> plan);
    void start();
    /// Until nothing is due for any endpoint.
    boost::asio::awaitable<DeliveryRound> once();
    void wake(); ///< something was added to the outbox
    void stop();
    boost::asio::awaitable<void> wait();

  private:
    struct Line;
    boost::asio::awaitable<void> follow(std::shared_ptr<Line> line);
    boost::asio::awaitable<void> drain(std::shared_ptr<Line> line);
    boost::asio::awaitable<bool> step(Line& line, std::optional<base::Duration>& pause);
    boost::asio::awaitable<bool> attempt(Line& line, store::Due due);

    boost::asio::any_io_executor loop_;
    http::Client& client_;
    store::Writer& writer_;
    const base::Clock& clock_;
    base::Log& log_;
    std::shared_ptr<const Plan> plan_;
    std::map<std::string, std::shared_ptr<Line>> lines_;
    net::Tasks tasks_;
    DeliveryRound round_;
    bool started_ = false;
    bool stopping_ = false;
};

} // namespace cdtd::pipeline
