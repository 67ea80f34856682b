// Telling the endpoints: one coroutine each works its part of the outbox off, in order. Loop thread only.
// At least once, under one id; schedule and health as facts of Standard Webhooks say.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/log.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/net/tasks.hpp>
#include <cdtd/notify/carrier.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/replay_order.hpp>
#include <cdtd/store/writer.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace cdtd::pipeline {

struct DeliveryRound {
    std::size_t delivered = 0, put_off = 0, failed = 0;
};

class Courier {
  public:
    Courier(boost::asio::any_io_executor loop, notify::Carrier& carrier, store::Writer& writer,
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

    /// Sends a test.ping to this endpoint alone, past everything that waits, also where it is disabled. The
    /// event's id. Errors: not_found; conflict where the configuration has it off.
    boost::asio::awaitable<base::Result<std::string>> test(std::string endpoint);
    /// A disabled or failing endpoint is told again at once. not_found; conflict: neither.
    boost::asio::awaitable<base::Result<void>> enable(std::string endpoint);
    /// Every event since then that the endpoint wants, under its old id; how many. not_found, conflict.
    boost::asio::awaitable<base::Result<std::int64_t>> replay(ReplayOrder order);

  private:
    class Line;
    struct Shared;
    static boost::asio::awaitable<void> follow(std::shared_ptr<Line> line);
    static boost::asio::awaitable<void> drain(std::shared_ptr<Line> line);
    base::Result<std::shared_ptr<Line>> line_of(const std::string& endpoint) const;

    boost::asio::any_io_executor loop_;
    std::shared_ptr<Shared> shared_; ///< what the lines need of it
    std::shared_ptr<const Plan> plan_;
    std::map<std::string, std::shared_ptr<Line>> lines_;
    net::Tasks tasks_;
    bool started_ = false;
};

} // namespace cdtd::pipeline
