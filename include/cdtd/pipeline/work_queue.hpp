// Rows that are due, worked off a bounded number at a time. The database is the queue: a row is taken when it
// is due, and gone or put off when its work is done. Loop thread only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/log.hpp>
#include <cdtd/net/tasks.hpp>
#include <cdtd/net/wake.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cdtd::pipeline {

template <class Item>
class WorkQueue {
  public:
    struct Source {
        std::string what; ///< for the log: "capture"
        std::size_t at_once;
        /// Due at `now`, `at_once` of them where there are so many: those in flight are among them. None of
        /// `full` lanes.
        std::function<std::vector<Item>(store::Connection&, base::Time now, std::size_t at_once,
                                        const std::vector<std::string>& full)>
            due;
        std::function<std::optional<base::Time>(store::Connection&, base::Time after)> next_due;
        std::function<std::int64_t(const Item&)> id;
        /// A host that is asked one thing after the other must not take all the places: no more than
        /// `at_once_a_lane` of one lane. Null: there are no lanes.
        std::function<std::string(const Item&)> lane = nullptr;
        std::size_t at_once_a_lane = 4;
    };
    /// Throws where its result could not be stored: the row is taken again after a pause.
    using Work = std::function<boost::asio::awaitable<void>(Item)>;

    WorkQueue(boost::asio::any_io_executor loop, Source source, Work work, store::Writer& writer,
              const base::Clock& clock, base::Log& log)
        : source_(std::move(source)), work_(std::move(work)), writer_(writer), clock_(clock), log_(log),
          tasks_(loop, [](std::exception_ptr error) { std::rethrow_exception(error); }), bell_(loop) {}

    /// Until stop: sleeps while nothing is due.
    boost::asio::awaitable<void> run() {
        while (!stopping_) {
            std::optional<base::Duration> pause = co_await start_and_look_ahead();
            if (std::exchange(broken_, false))
                pause = own_fault_wait;
            if (!stopping_)
                co_await bell_.wait(pause);
        }
        co_await tasks_.wait_below(1);
    }

    /// Until nothing that is due is untried; what was put off is left for later.
    boost::asio::awaitable<void> once() {
        while (!stopping_ && !broken_) {
            // What ends while the rows are read frees its lane: they are read again.
            const bool idle = in_flight_.empty();
            const std::size_t started = co_await start_due();
            if (started == 0 && idle)
                break;
            co_await tasks_.wait_below(source_.at_once);
            if (started == 0)
                co_await bell_.wait(std::nullopt);
        }
        co_await tasks_.wait_below(1);
    }

    void wake() { bell_.ring(); }
    void stop() {
        stopping_ = true;
        bell_.ring();
    }

  private:
    /// After an error of our own machine (disk full, database locked): wait, then try again.
    static constexpr base::Duration own_fault_wait = std::chrono::seconds(30);

    boost::asio::awaitable<void> work_off(Item item) {
        const std::int64_t id = source_.id(item);
        const std::string lane = lane_of(item);
        try {
            co_await work_(std::move(item));
        } catch (const std::exception& e) {
            log_.error("a result could not be stored; it is tried again",
                       {{"job", source_.what}, {"error", e.what()}});
            broken_ = true;
        }
        in_flight_.erase(id);
        if (--lanes_[lane] == 0)
            lanes_.erase(lane);
        bell_.ring();
    }

    std::string lane_of(const Item& item) const { return source_.lane ? source_.lane(item) : std::string(); }
    bool is_full(const std::string& lane) const {
        const auto found = lanes_.find(lane);
        return source_.lane && found != lanes_.end() && found->second >= source_.at_once_a_lane;
    }

    /// Starts what is due and fits; how many.
    boost::asio::awaitable<std::size_t> start_due() {
        std::size_t all = 0;
        bool more = true; // behind those of a lane that was full there may be others
        while (more && in_flight_.size() < source_.at_once && !stopping_) {
            std::vector<std::string> full;
            for (const auto& [lane, count] : lanes_)
                if (is_full(lane))
                    full.push_back(lane);
            auto ask = [this, &full, now = clock_.now()](store::Connection& db) {
                return source_.due(db, now, source_.at_once, full);
            };
            std::size_t started = 0;
            more = false;
            for (Item& item : co_await writer_.run(ask)) {
                if (in_flight_.size() == source_.at_once || in_flight_.contains(source_.id(item)))
                    continue;
                if (const std::string lane = lane_of(item); is_full(lane)) {
                    more = true;
                } else {
                    ++started;
                    ++lanes_[lane];
                    in_flight_.insert(source_.id(item));
                    tasks_.spawn(work_off(std::move(item)));
                }
            }
            all += started;
            more = more && started > 0;
        }
        co_return all;
    }

    boost::asio::awaitable<std::optional<base::Duration>> start_and_look_ahead() {
        std::exception_ptr fault;
        try {
            co_await start_due();
            const base::Time now = clock_.now();
            auto ask = [this, now](store::Connection& db) { return source_.next_due(db, now); };
            if (const auto next = co_await writer_.run(ask))
                co_return *next - now;
        } catch (const std::exception&) {
            fault = std::current_exception();
        }
        if (fault) {
            log_.error("the queue could not be read",
                       {{"job", source_.what}, {"error", net::what_of(fault)}});
            broken_ = true;
        }
        co_return std::nullopt;
    }

    Source source_;
    Work work_;
    store::Writer& writer_;
    const base::Clock& clock_;
    base::Log& log_;
    net::Tasks tasks_;
    net::Bell bell_;
    std::set<std::int64_t> in_flight_;
    std::map<std::string, std::size_t> lanes_; ///< how many of each are in flight
    bool stopping_ = false;
    bool broken_ = false; ///< the database failed: pause before the next look
};

} // namespace cdtd::pipeline
