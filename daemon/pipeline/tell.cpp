#include "pipeline/bounded.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/notify/digest.hpp>
#include <cdtd/pipeline/tell.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/endpoints.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/search.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace cdtd::pipeline {

namespace {

model::Event write(store::Connection& db, const std::string& type, base::Time at, boost::json::object data,
                   std::optional<std::int64_t> article, const std::vector<std::string>& audience) {
    model::Event event;
    event.type = type;
    event.timestamp = at;
    event.data = bounded(std::move(data));
    event.article = article;
    return store::add_event(db, std::move(event), audience);
}

/// The feeds that an event was about, by what it says itself.
std::vector<std::string> feeds_of(const model::Event& event) {
    std::vector<std::string> feeds;
    const auto data = boost::json::parse(event.data).as_object();
    if (const auto* article = data.if_contains("article"))
        for (const auto& feed : article->as_object().at("feeds").as_array())
            feeds.emplace_back(feed.as_string());
    if (const auto* feed = data.if_contains("feed"))
        feeds.emplace_back(feed->as_object().at("name").as_string());
    return feeds;
}

} // namespace

std::vector<std::string> Teller::audience(const std::string& type, const std::vector<std::string>& feeds,
                                          const std::string& except) const {
    std::vector<std::string> names;
    for (const notify::Endpoint& endpoint : endpoints_)
        if (endpoint.name != except && notify::wants(endpoint, type, feeds))
            names.push_back(endpoint.name);
    return names;
}

void Teller::article(store::Connection& db, const std::string& type, base::Time at, std::int64_t id,
                     boost::json::object more) const {
    const auto article = store::get_article(db, id, false);
    if (!article)
        return;
    boost::json::object data{{"article", model::to_json(*article, false)}};
    for (auto& [key, value] : more)
        data[key] = value;
    auto names = audience(type, article->feeds);
    keep_matching(db, id, names);
    write(db, type, at, std::move(data), id, names);
}

void Teller::keep_matching(store::Connection& db, std::int64_t article,
                           std::vector<std::string>& names) const {
    std::erase_if(names, [&](const std::string& name) {
        const auto endpoint = std::ranges::find(endpoints_, name, &notify::Endpoint::name);
        if (endpoint == endpoints_.end() || !endpoint->match)
            return false;
        store::index_article(db, article); // one from before the index may not be in it yet
        return !store::matches(db, article, *endpoint->match);
    });
}

void Teller::feed(store::Connection& db, const std::string& type, base::Time at,
                  const model::FeedState& feed) const {
    write(db, type, at, {{"feed", model::to_json(feed)}}, std::nullopt, audience(type, {feed.name}));
}

void Teller::endpoint_disabled(store::Connection& db, base::Time at, const std::string& name) const {
    const auto endpoint = store::find_endpoint(db, name, at);
    if (!endpoint)
        return;
    write(db, "endpoint.disabled", at, {{"endpoint", model::to_json(*endpoint)}}, std::nullopt,
          audience("endpoint.disabled", {}, name));
}

void Teller::digest(store::Connection& db, base::Time at, const std::string& endpoint) const {
    const store::Held held = store::held_back(db, endpoint, notify::most_in_digest);
    store::put_in_digest(
        db, endpoint,
        write(db, "digest", at, notify::digest_data(held.events, held.total), std::nullopt, {}));
}

std::string Teller::test(store::Connection& db, base::Time at, const std::string& endpoint) {
    const model::Event event = write(db, "test.ping", at, {}, std::nullopt, {});
    store::add_delivery(db, event.seq, endpoint, model::DeliveryKind::test, at);
    return event.id;
}

bool Teller::wants(store::Connection& db, const std::string& endpoint, const model::Event& event) const {
    const auto found = std::ranges::find(endpoints_, endpoint, &notify::Endpoint::name);
    if (found == endpoints_.end() || !notify::wants(*found, event.type, feeds_of(event)))
        return false;
    std::vector<std::string> names{endpoint};
    if (event.article)
        keep_matching(db, *event.article, names);
    return !names.empty();
}

} // namespace cdtd::pipeline
