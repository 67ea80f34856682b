// From a request's target to what answers it: one table of routes.
#pragma once

#include "api/query.hpp"

#include <cdtd/api/answer.hpp>
#include <cdtd/api/server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::api {

/// What a handler is asked. `name` is the decoded {…} of the route.
struct Ask {
    store::Connection& db;
    const Context& context;
    const std::string& name;
    Query& query;
};

Answer get_status(Ask& ask);
Answer list_feeds(Ask& ask);
Answer get_feed(Ask& ask);
Answer list_articles(Ask& ask);
Answer get_article(Ask& ask);
Answer get_wacz(Ask& ask);
Answer search_articles(Ask& ask);
Answer get_content(Ask& ask);
Answer get_content_text(Ask& ask);
Answer get_content_markdown(Ask& ask);
Answer get_capture(Ask& ask);
Answer look_up(Ask& ask);
Answer list_sources(Ask& ask);
Answer get_survival(Ask& ask);
Answer list_events(Ask& ask);
Answer list_deliveries(Ask& ask);
Answer list_webhooks(Ask& ask);
Answer get_health(Ask& ask);
Answer get_readiness(Ask& ask);

/// What is asked of the running program by POST. `name` is the decoded {…} of the route.
struct Order {
    Control& control;
    const std::string& name;
    std::string_view body;
    base::Time now;
};

/// What was accepted, for the answer; the error says why not (usage: the body is wrong).
using Ordered = boost::asio::awaitable<base::Result<boost::json::object>>;
Ordered order_poll(Order order);
Ordered order_release(Order order);
Ordered order_enable(Order order);
Ordered order_backfill(Order order);
Ordered order_test(Order order);
Ordered order_enable_endpoint(Order order);
Ordered order_replay(Order order);
/// The body of an order. An empty one says nothing, so it asks for nothing special.
base::Result<boost::json::object> read_body(std::string_view body,
                                            std::initializer_list<std::string_view> known);

enum class Action { read, healthz, readyz, order };

struct Route {
    std::string_view pattern; ///< "{}" stands for any one segment
    Action action;
    Answer (*read)(Ask&);                 ///< null for a route that takes POST only
    Ordered (*order)(Order) = nullptr;    ///< of those
    std::string_view allow = "GET, HEAD"; ///< as the Allow header has it
};

struct Target {
    std::vector<std::string> segments; ///< decoded
    Query query;
};
base::Result<Target> read_target(std::string_view target);

struct Found {
    const Route* route;
    std::string name;
};
std::optional<Found> find_route(const Target& target);

Answer not_found(std::string_view what);
Answer wrong_method(const Route& route);
Answer json_answer(const boost::json::object& object, int status = 200);
/// {"items": …, "next": …}
Answer list_answer(boost::json::array items, const std::optional<std::string>& next);

} // namespace cdtd::api
