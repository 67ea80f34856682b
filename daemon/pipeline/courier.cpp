#include "pipeline/courier_line.hpp"

#include <cdtd/pipeline/courier.hpp>

#include <exception>
#include <utility>

namespace cdtd::pipeline {

Courier::Courier(boost::asio::any_io_executor loop, notify::Carrier& carrier, store::Writer& writer,
                 const base::Clock& clock, base::Log& log)
    : loop_(loop), shared_(std::make_shared<Shared>(carrier, writer, clock, log)),
      tasks_(loop, [](std::exception_ptr error) { std::rethrow_exception(error); }) {
    shared_->wake_all = [this] { wake(); };
}

Courier::~Courier() = default;

void Courier::configure(std::shared_ptr<const Plan> plan) {
    plan_ = shared_->plan = std::move(plan);
    std::map<std::string, std::shared_ptr<Line>> before;
    before.swap(lines_);
    for (const notify::Endpoint& endpoint : plan_->teller.endpoints()) {
        if (!endpoint.enabled)
            continue;
        std::shared_ptr<Line> line;
        if (auto known = before.extract(endpoint.name); !known.empty()) {
            line = known.mapped();
            line->endpoint = endpoint;
        } else {
            line = std::make_shared<Line>(loop_, endpoint, shared_);
            if (started_)
                tasks_.spawn(follow(line));
        }
        line->bell.ring();
        lines_.emplace(endpoint.name, line);
    }
    for (auto& [name, line] : before) {
        line->removed = true;
        line->bell.ring();
    }
}

boost::asio::awaitable<void> Courier::follow(std::shared_ptr<Line> line) {
    co_await line->follow();
}

boost::asio::awaitable<void> Courier::drain(std::shared_ptr<Line> line) {
    co_await line->drain();
}

void Courier::start() {
    started_ = true;
    for (auto& [name, line] : lines_)
        tasks_.spawn(follow(line));
}

boost::asio::awaitable<DeliveryRound> Courier::once() {
    for (auto& [name, line] : lines_)
        tasks_.spawn(drain(line));
    co_await tasks_.wait_below(1);
    co_return shared_->round;
}

void Courier::wake() {
    for (auto& [name, line] : lines_)
        line->bell.ring();
}

void Courier::stop() {
    shared_->stopping = true;
    wake();
}

boost::asio::awaitable<void> Courier::wait() {
    co_await tasks_.wait_below(1);
}

} // namespace cdtd::pipeline
