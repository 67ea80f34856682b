// What the running parts are told by the configuration: at the start, and when it is read again.
#include "app/runtime.hpp"

#include <cdtd/app/notify_systemd.hpp>
#include <cdtd/store/endpoints.hpp>
#include <cdtd/store/feeds.hpp>

#include <fmt/format.h>

#include <tuple>
#include <utility>

namespace cdtd::app {

namespace asio = boost::asio;

namespace {

/// Between two looks at originals of one host lie so many of the host's own delays: nobody waits for them.
constexpr int looks_are_slower = 5;

/// What is made once at start: a change of it needs a restart.
auto fixed_part(const Config& c) {
    return std::tie(c.state_dir, c.log_format, c.api.listen, c.api.public_url, c.api.token.reveal(),
                    c.http.user_agent, c.http.proxy, c.http.connect_timeout, c.http.timeout, c.http.max_body,
                    c.http.max_redirects, c.http.connections, c.http.connections_per_host, c.http.host_delay,
                    c.http.allow_private, c.http.ca_file, c.archive.warc_size);
}

std::vector<store::FeedSetup> setups_of(const Config& config) {
    std::vector<store::FeedSetup> setups;
    for (const pipeline::FeedSettings& feed : config.feeds)
        setups.push_back({feed.name, feed.url, feed.enabled});
    return setups;
}

std::vector<store::EndpointSetup> endpoints_of(const Config& config) {
    std::vector<store::EndpointSetup> setups;
    for (const notify::Endpoint& endpoint : config.endpoints)
        setups.push_back({endpoint.name, endpoint.format, endpoint.enabled, endpoint.max_per_hour});
    return setups;
}

} // namespace

std::vector<model::FeedState> Runtime::sync(store::Connection& db, const Config& config) {
    store::sync_feeds(db, setups_of(config));
    store::sync_endpoints(db, endpoints_of(config));
    return store::list_feeds(db);
}

std::shared_ptr<const pipeline::Plan> Runtime::plan_of(const Config& config) {
    auto plan = std::make_shared<pipeline::Plan>();
    plan->archive = config.archive;
    plan->schedule = config.schedule;
    plan->delivery = config.delivery;
    plan->wayback = config.wayback;
    plan->watch = config.watch;
    plan->watch.pace = config.http.host_delay * looks_are_slower;
    plan->teller = pipeline::Teller(config.endpoints);
    plan->connections_per_host = config.http.connections_per_host;
    return plan;
}

void Runtime::configure(const Config& config, const std::vector<model::FeedState>& states) {
    const auto plan = plan_of(config);
    courier_.configure(plan);
    captures_.configure(plan);
    sealer_.configure(config.archive.timestamp_url);
    watches_.configure(plan);
    wayback_.configure(plan);
    walks_.configure(config.feeds, plan);
    poller_.configure(config.feeds, states, plan);
    markdown_.configure(config.archive.markdown_dir);
}

asio::awaitable<void> Runtime::reload() {
    systemd::reloading();
    Loaded loaded = load_config(config_path_);
    for (const Fault& fault : loaded.faults)
        log_.error("the configuration is faulty; the running one stays in force",
                   {{"fault", to_string(fault)}});
    if (loaded.config) {
        const Config fresh = std::move(*loaded.config);
        if (fixed_part(fresh) != fixed_part(config_))
            log_.warn("state_dir, [http], [api], log_format and warc_size take effect at the next start");
        auto apply = [&fresh](store::Connection& db) { return sync(db, fresh); };
        const auto states = co_await writer_.run(apply);
        configure(fresh, states);
        config_.feeds = fresh.feeds;
        config_.endpoints = fresh.endpoints;
        log_.info("the configuration was read again", {{"config", config_path_}});
    }
    systemd::ready(fmt::format("{} feeds", config_.feeds.size()));
}

} // namespace cdtd::app
