#include <cdtd/model/json.hpp>
#include <cdtd/pipeline/tell.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/search.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace cdtd::pipeline {

namespace {

void write(store::Connection& db, const std::string& type, base::Time at, const boost::json::object& data,
           std::optional<std::int64_t> article, const std::vector<std::string>& audience) {
    model::Event event;
    event.type = type;
    event.timestamp = at;
    event.data = boost::json::serialize(data);
    event.article = article;
    store::add_event(db, std::move(event), audience);
}

} // namespace

std::vector<std::string> Teller::audience(const std::string& type, const std::vector<std::string>& feeds,
                                          const std::string& except) const {
    std::vector<std::string> names;
    for (const notify::Endpoint& endpoint : endpoints_)
        if (endpoint.enabled && endpoint.name != except && notify::wants(endpoint, type, feeds))
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
    write(db, type, at, data, id, names);
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
    const boost::json::object data{{"feed", model::to_json(feed)}};
    write(db, type, at, data, std::nullopt, audience(type, {feed.name}));
}

void Teller::endpoint_disabled(store::Connection& db, base::Time at, const std::string& name) const {
    for (const model::EndpointState& endpoint : store::list_endpoints(db))
        if (endpoint.name == name) {
            const boost::json::object data{{"endpoint", model::to_json(endpoint)}};
            write(db, "endpoint.disabled", at, data, std::nullopt, audience("endpoint.disabled", {}, name));
        }
}

} // namespace cdtd::pipeline
