#include "http/host_gate.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace cdtd::http {

namespace asio = boost::asio;

HostGate::HostGate(asio::any_io_executor executor, const base::Clock& clock, Limits limits)
    : executor_(std::move(executor)), timer_(executor_), clock_(clock), limits_(limits) {
    limits_.in_all = std::max<std::size_t>(limits_.in_all, 1);
    limits_.per_host = std::max<std::size_t>(limits_.per_host, 1);
}

HostGate::~HostGate() = default;

HostGate::Host& HostGate::host_of(const std::string& origin) {
    const auto known = hosts_.find(origin);
    if (known != hosts_.end())
        return *known->second;
    forget_idle_hosts();
    return *hosts_.emplace(origin, std::make_unique<Host>(origin, limits_)).first->second;
}

// Where nobody is before us there is no need to stand in line: the usual case costs no suspension.
bool HostGate::start_at_once(Host* host) {
    if (running_ >= limits_.in_all || !ready_.empty() || !impolite_.empty())
        return false;
    if (host) {
        const auto now = clock_.now();
        const auto next = host->pacer.next_start(now);
        if (!host->line.empty() || !next || *next > now)
            return false;
        host->pacer.started(now);
    }
    ++running_;
    return true;
}

asio::awaitable<std::optional<HostGate::Ticket>> HostGate::enter(std::string origin, bool polite) {
    const auto self = shared_from_this(); // a frame may outlive the client
    if (stopped_ || (polite && closed_until(origin)))
        co_return std::nullopt;
    Host* host = polite ? &host_of(origin) : nullptr;
    if (start_at_once(host))
        co_return Ticket(self, host);
    auto wait = [this, host](auto handler) {
        Line& line = host ? host->line : impolite_;
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto executor = asio::get_associated_executor(handler, executor_);
        line.emplace_back([handler = std::move(handler), executor, slot](bool may_start) mutable {
            slot.clear();
            asio::post(executor, [handler = std::move(handler), may_start]() mutable {
                std::move(handler)(may_start);
            });
        });
        if (slot.is_connected())
            slot.assign([&line, place = std::prev(line.end())](asio::cancellation_type) {
                Done done = std::move(*place);
                line.erase(place);
                done(false);
            });
        if (host)
            place(*host);
        pump();
    };
    const bool may_start = co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(bool)>(
        std::move(wait), asio::use_awaitable);
    if (!may_start)
        co_return std::nullopt;
    co_return Ticket(self, host);
}

// Puts a host with a line where it belongs: ready, waiting for a time, or (nothing to do) for a transfer's
// end.
void HostGate::place(Host& host) {
    if (host.timed) {
        timed_.erase(*host.timed);
        host.timed.reset();
    }
    if (host.line.empty() || host.ready)
        return;
    const auto now = clock_.now();
    const auto next = host.pacer.next_start(now);
    if (!next)
        return;
    if (*next <= now) {
        host.ready = true;
        ready_.push_back(&host);
    } else {
        host.timed = timed_.emplace(*next, &host);
    }
}

void HostGate::start(Line& line) {
    Done done = std::move(line.front());
    line.pop_front();
    ++running_;
    done(true);
}

bool HostGate::start_impolite() {
    if (impolite_.empty())
        return false;
    start(impolite_);
    return true;
}

bool HostGate::start_polite() {
    while (!ready_.empty()) {
        Host& host = *ready_.front();
        ready_.pop_front();
        host.ready = false;
        const auto now = clock_.now();
        const auto next = host.pacer.next_start(now);
        const bool start_now = !host.line.empty() && next && *next <= now; // it may have been closed since
        if (start_now) {
            host.pacer.started(now);
            start(host.line);
        }
        place(host);
        if (start_now)
            return true;
    }
    return false;
}

void HostGate::wake_timed() {
    const auto now = clock_.now();
    while (!timed_.empty() && timed_.begin()->first <= now)
        place(*timed_.begin()->second); // takes it out; it may have been given a later time meanwhile
}

void HostGate::pump() {
    wake_timed();
    // Deliveries and polls take turns, so that neither can starve the other.
    while (running_ < limits_.in_all) {
        const bool started =
            impolite_next_ ? (start_impolite() || start_polite()) : (start_polite() || start_impolite());
        if (!started)
            break;
        impolite_next_ = !impolite_next_;
    }
    arm_timer();
}

void HostGate::leave(Host* host) {
    --running_;
    if (host) {
        host->pacer.ended();
        place(*host);
    }
    pump();
}

void HostGate::close(const std::string& origin, base::Time until) {
    Host& host = host_of(origin);
    host.pacer.close_until(until);
    Line turned_away = std::exchange(host.line, {});
    place(host);
    arm_timer();
    for (Done& done : turned_away)
        done(false);
}

std::optional<base::Time> HostGate::closed_until(const std::string& origin) const {
    const auto known = hosts_.find(origin);
    if (known == hosts_.end() || known->second->pacer.closed_until() <= clock_.now())
        return std::nullopt;
    return known->second->pacer.closed_until();
}

void HostGate::arm_timer() {
    if (timed_.empty() || stopped_) {
        if (armed_) {
            armed_.reset();
            timer_.cancel();
        }
        return;
    }
    const auto first = timed_.begin()->first;
    if (armed_ && *armed_ == first)
        return;
    armed_ = first;
    const auto wait = std::clamp<base::Duration>(first - clock_.now(), std::chrono::milliseconds(1),
                                                 std::chrono::hours(1)); // a clock that was set is noticed
    timer_.expires_after(wait);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (error || !self)
            return;
        self->armed_.reset();
        self->pump();
    });
}

void HostGate::forget_idle_hosts() {
    if (hosts_.size() < forget_past_)
        return;
    const auto now = clock_.now();
    std::erase_if(hosts_, [now](const auto& entry) {
        const auto& host = entry.second;
        return host->line.empty() && !host->ready && !host->timed && host->pacer.idle(now);
    });
    forget_past_ = std::max<std::size_t>(64, hosts_.size() * 2);
}

void HostGate::stop() {
    stopped_ = true;
    Line all = std::move(impolite_);
    impolite_.clear();
    for (auto& [origin, host] : hosts_) {
        all.splice(all.end(), host->line);
        host->ready = false;
        host->timed.reset();
    }
    ready_.clear();
    timed_.clear();
    arm_timer();
    for (auto& done : all)
        done(false);
}

} // namespace cdtd::http
