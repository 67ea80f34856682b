#include "http/body_room.hpp"
#include "http/engine.hpp"
#include "http/host_gate.hpp"
#include "http/journey.hpp"
#include "http/transfer.hpp"
#include "http/url.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/http/engine.hpp>
#include <cdtd/schedule/next_poll.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace cdtd::http {

namespace asio = boost::asio;

namespace {

/// For 429 answers that do not say how long.
constexpr base::Duration closed_without_retry_after = std::chrono::minutes(10);

std::optional<std::string> first_value(const Headers& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (base::iequals(key, name))
            return value;
    return std::nullopt;
}

net::AddressPolicy make_policy(const std::vector<std::string>& allow_private) {
    std::vector<net::Network> networks;
    for (const auto& text : allow_private) {
        const auto network = net::parse_network(text);
        if (!network)
            throw std::invalid_argument(network.error().message);
        networks.push_back(*network);
    }
    return net::AddressPolicy(std::move(networks));
}

// What fetches share. A suspended fetch keeps it alive, so that its end can come after the client's.
struct Core {
    Core(const asio::any_io_executor& loop, Settings given, const base::Clock& the_clock)
        : settings(std::move(given)), clock(the_clock), policy(make_policy(settings.allow_private)),
          gate(std::make_shared<HostGate>(
              loop, clock,
              HostGate::Limits{settings.connections, settings.connections_per_host, settings.host_delay})),
          engine(std::make_shared<Engine>(loop, settings)), room(std::make_shared<BodyRoom>()) {}

    Settings settings;
    const base::Clock& clock;
    net::AddressPolicy policy;
    std::shared_ptr<HostGate> gate;
    std::shared_ptr<Engine> engine;
    std::shared_ptr<BodyRoom> room;
    bool stopped = false;
};

// One fetch: its journey, and what it has brought so far.
class Fetch {
  public:
    Fetch(std::shared_ptr<Core> core, Request request)
        : core_(std::move(core)), journey_(std::move(request), core_->settings.max_redirects),
          proxy_(journey_.request().proxy.value_or(core_->settings.proxy)),
          timeout_(journey_.request().timeout.value_or(core_->settings.timeout)) {}

    asio::awaitable<Outcome> run() {
        if (auto error = journey_.check())
            co_return failed(std::move(*error));
        for (;;) {
            if (auto error = co_await refuse_before_sending())
                co_return failed(std::move(*error));
            const auto ticket = co_await core_->gate->enter(journey_.origin(), is_polite());
            if (!ticket || core_->stopped)
                co_return failed(turned_away());
            if (auto error = co_await exchange())
                co_return failed(std::move(*error));
            close_if_asked(); // while we hold the ticket: nobody starts in between
            const auto more = journey_.follow(hops_);
            if (!more)
                co_return failed(more.error());
            if (!*more)
                co_return response();
            places_.clear(); // who waits for the next host keeps nobody waiting for room
        }
    }

  private:
    asio::awaitable<std::optional<base::Error>> exchange() {
        const Headers headers = journey_.headers();
        const Ask ask{.method = journey_.method(),
                      .url = journey_.url(),
                      .headers = &headers,
                      .hidden = &journey_.configured(),
                      .body = journey_.body(),
                      .proxy = proxy_,
                      .timeout = std::max<base::Duration>(timeout_ - took_, std::chrono::milliseconds(1)),
                      .max_body = journey_.request().max_body.value_or(core_->settings.max_body),
                      .trusted = trusted_here(),
                      .once = journey_.request().once,
                      .policy = core_->policy};
        Transfer transfer(ask, core_->clock.now(), *core_->room);
        co_await core_->engine->run(transfer);
        took_ += transfer.took();
        auto error = transfer.verdict();
        refused_ = error && transfer.refused();
        if (!error)
            decoded_ = transfer.take_decoded();
        if (transfer.has_hop())
            hops_.push_back(transfer.take_hop());
        for (auto& place : transfer.take_places())
            places_.push_back(std::move(place));
        co_return error;
    }

    // The operator vouches for the origin that he gave, not for where it redirects to.
    bool trusted_here() const { return journey_.request().trusted && journey_.at_first_origin(); }

    asio::awaitable<std::optional<base::Error>> refuse_before_sending() const {
        if (core_->stopped)
            co_return stopped_error();
        if (const auto& may_fetch = journey_.request().may_fetch)
            if (auto allowed = co_await may_fetch(journey_.url()); !allowed)
                co_return std::move(allowed).error();
        if (!proxy_.empty() && !trusted_here() && names_refused_address(journey_.url(), core_->policy))
            co_return base::Error{
                base::Errc::forbidden,
                fmt::format("{}: a private address is not asked for through the proxy; if it shall be, "
                            "add its network to allow_private in [http]",
                            without_userinfo(journey_.url()))};
        co_return std::nullopt;
    }

    /// 429 is about the whole host (RFC 6585 4), whoever asked.
    void close_if_asked() {
        if (hops_.back().status != 429 || !journey_.request().polite)
            return;
        const base::Time now = core_->clock.now();
        std::optional<base::Duration> asked;
        if (const auto header = first_value(hops_.back().headers, "retry-after"))
            asked = schedule::read_retry_after(*header, now);
        if (const auto header = first_value(hops_.back().headers, "cache-control"))
            if (const auto age = schedule::read_max_age(*header)) // some say it so
                asked = std::max(asked.value_or(*age), *age);
        core_->gate->close(journey_.origin(), now + asked.value_or(closed_without_retry_after));
    }

    /// On a closed host nobody starts, so there is no pace to keep for who may pass.
    bool is_polite() const {
        const bool passes = journey_.request().forced && core_->gate->closed_until(journey_.origin());
        return journey_.request().polite && !passes;
    }

    base::Error turned_away() const {
        const auto until = core_->gate->closed_until(journey_.origin());
        if (core_->stopped || !until)
            return stopped_error();
        return {base::Errc::refused, fmt::format("{} asked us to stay away until {}", journey_.origin(),
                                                 base::format_rfc3339(*until))};
    }

    base::Error stopped_error() const {
        return {base::Errc::cancelled, fmt::format("{}: stopped by us", without_userinfo(journey_.url()))};
    }

    std::unexpected<Failure> failed(base::Error error) {
        Failure failure;
        failure.closed_until = core_->gate->closed_until(journey_.origin());
        if (failure.closed_until && error.code == base::Errc::refused)
            failure.closed_origin = journey_.origin();
        else
            failure.closed_until.reset();
        failure.error = std::move(error);
        failure.connection_refused = refused_;
        failure.hops = std::move(hops_);
        failure.room = keep_room();
        return std::unexpected(std::move(failure));
    }

    Response response() {
        Response response;
        response.status = hops_.back().status;
        response.url = hops_.back().url;
        response.decoded = std::move(decoded_);
        response.took = took_;
        response.hops = std::move(hops_);
        response.room = keep_room();
        return response;
    }

    std::shared_ptr<void> keep_room() {
        return places_.empty() ? nullptr : std::make_shared<std::vector<BodyRoom::Place>>(std::move(places_));
    }

    std::shared_ptr<Core> core_;
    Journey journey_;
    std::string proxy_;
    base::Duration timeout_; ///< for all hops together, without waiting at the gate
    std::vector<Hop> hops_;
    std::vector<BodyRoom::Place> places_;
    std::optional<std::string> decoded_;
    base::Duration took_{};
    bool refused_ = false; ///< the last exchange: by the server
};

asio::awaitable<Outcome> run_fetch(std::shared_ptr<Core> core, Request request) {
    Fetch fetch(std::move(core), std::move(request));
    co_return co_await fetch.run();
}

class CurlClient final : public Client {
  public:
    CurlClient(const asio::any_io_executor& loop, Settings settings, const base::Clock& clock)
        : core_(std::make_shared<Core>(loop, std::move(settings), clock)) {}
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;
    // A suspended frame, its handler and the core hold each other: only stopping parts them.
    ~CurlClient() override { halt(); }

    asio::awaitable<Outcome> fetch(Request request) override { return run_fetch(core_, std::move(request)); }
    void close_host(const std::string& origin, base::Time until) override {
        core_->gate->close(origin, until);
    }
    std::optional<base::Time> closed_until(const std::string& origin) const override {
        return core_->gate->closed_until(origin);
    }
    void stop() override { halt(); }

  private:
    void halt() {
        core_->stopped = true;
        core_->gate->stop();
        core_->engine->stop();
    }

    std::shared_ptr<Core> core_;
};

} // namespace

std::optional<std::string> Response::header(std::string_view name) const {
    if (hops.empty())
        return std::nullopt;
    return first_value(hops.back().headers, name);
}

std::unique_ptr<Client> make_client(asio::any_io_executor loop, Settings settings, const base::Clock& clock) {
    return std::make_unique<CurlClient>(loop, std::move(settings), clock);
}

} // namespace cdtd::http
