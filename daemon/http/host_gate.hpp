// The line in front of every host. At most so many transfers at once in all; for each host the pace that
// schedule::Pacer allows; first come, first served within a host, and hosts that may start take turns. Loop
// thread only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/schedule/pacer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace cdtd::http {

class HostGate : public std::enable_shared_from_this<HostGate> {
    struct Host;

  public:
    struct Limits {
        std::size_t in_all = 16;
        std::size_t per_host = 1;
        base::Duration delay{};
    };

    /// The right to one transfer; given back when destroyed.
    class Ticket {
      public:
        Ticket(std::shared_ptr<HostGate> gate, Host* host) : gate_(std::move(gate)), host_(host) {}
        Ticket(Ticket&&) noexcept = default;
        Ticket& operator=(Ticket&&) = delete;
        ~Ticket() {
            if (gate_)
                gate_->leave(host_);
        }

      private:
        std::shared_ptr<HostGate> gate_;
        Host* host_;
    };

    HostGate(boost::asio::any_io_executor executor, const base::Clock& clock, Limits limits);
    ~HostGate();

    /// Waits for its turn; nullopt: stopped, cancelled, or the host is closed. Not polite: only the limit in
    /// all counts.
    boost::asio::awaitable<std::optional<Ticket>> enter(std::string origin, bool polite);
    void close(const std::string& origin, base::Time until); ///< those in its line are turned away
    std::optional<base::Time> closed_until(const std::string& origin) const;
    void stop();
    std::size_t hosts() const { return hosts_.size(); }

  private:
    using Done = std::move_only_function<void(bool)>;
    using Line = std::list<Done>;
    struct Host {
        Host(std::string name, const Limits& limits)
            : origin(std::move(name)), pacer(limits.per_host, limits.delay) {}
        std::string origin;
        schedule::Pacer pacer;
        Line line;
        bool ready = false;                                              ///< stands in ready_
        std::optional<std::multimap<base::Time, Host*>::iterator> timed; ///< stands in timed_
    };

    Host& host_of(const std::string& origin);
    bool start_at_once(Host* host);
    void place(Host& host);
    void wake_timed();
    void pump();
    bool start_impolite();
    bool start_polite();
    void start(Line& line);
    void leave(Host* host);
    void arm_timer();
    void forget_idle_hosts();

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    const base::Clock& clock_;
    Limits limits_;
    std::unordered_map<std::string, std::unique_ptr<Host>> hosts_;
    std::deque<Host*> ready_;
    std::multimap<base::Time, Host*> timed_; ///< hosts whose pause ends then
    Line impolite_;
    std::size_t running_ = 0;
    std::size_t forget_past_ = 64;
    std::optional<base::Time> armed_;
    bool impolite_next_ = true;
    bool stopped_ = false;
};

} // namespace cdtd::http
