// Endpoints and their health, and what is asked about them by POST.
#include "api/router.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/notify/event_types.hpp>
#include <cdtd/store/endpoints.hpp>

#include <fmt/format.h>

namespace cdtd::api {

namespace json = boost::json;

// By name; the cursor is the name of the last one shown.
Answer list_webhooks(Ask& ask) {
    const auto limit = static_cast<std::size_t>(ask.query.limit());
    const auto cursor = ask.query.text("cursor");
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    json::array items;
    std::string last;
    for (const auto& endpoint : store::list_endpoints(ask.db, ask.context.now)) {
        if (cursor && endpoint.name <= *cursor)
            continue;
        if (items.size() == limit)
            return list_answer(std::move(items), last);
        items.push_back(model::to_json(endpoint));
        last = endpoint.name;
    }
    return list_answer(std::move(items), std::nullopt);
}

Ordered order_test(Order order) {
    if (const auto body = read_body(order.body, {}); !body)
        co_return std::unexpected(body.error());
    const auto id = co_await order.control.test(order.name);
    if (!id)
        co_return std::unexpected(id.error());
    co_return json::object{{"endpoint", order.name}, {"event_id", *id}};
}

Ordered order_enable_endpoint(Order order) {
    if (const auto body = read_body(order.body, {}); !body)
        co_return std::unexpected(body.error());
    const auto done = co_await order.control.enable_endpoint(order.name);
    if (!done)
        co_return std::unexpected(done.error());
    co_return json::object{{"endpoint", order.name}};
}

namespace {

base::Result<pipeline::ReplayOrder> read_replay(const json::object& body, base::Time now) {
    pipeline::ReplayOrder wanted;
    const auto* endpoint = body.if_contains("endpoint");
    if (endpoint == nullptr || !endpoint->is_string() || endpoint->get_string().empty())
        return base::fail(base::Errc::usage, "\"endpoint\" must be the name of one");
    wanted.endpoint = endpoint->get_string();
    std::optional<base::Time> since;
    if (const auto* given = body.if_contains("since"); given != nullptr && given->is_string())
        since = base::parse_user_time(given->get_string(), now);
    if (!since)
        return base::fail(base::Errc::usage,
                          "\"since\" must be a time: RFC 3339, a date, or \"7d\", \"12h\" (ago)");
    wanted.since = *since;
    if (const auto* type = body.if_contains("type"); type != nullptr && !type->is_null()) {
        if (!type->is_string() || !notify::is_event_pattern(type->get_string()))
            return base::fail(base::Errc::usage,
                              "\"type\" must be a type of event, as \"article.new\", or \"article.*\"");
        wanted.type = type->get_string();
    }
    return wanted;
}

} // namespace

Ordered order_replay(Order order) {
    const auto body = read_body(order.body, {"endpoint", "since", "type"});
    if (!body)
        co_return std::unexpected(body.error());
    const auto wanted = read_replay(*body, order.now);
    if (!wanted)
        co_return std::unexpected(wanted.error());
    const auto told = co_await order.control.replay(*wanted);
    if (!told)
        co_return std::unexpected(told.error());
    co_return json::object{{"endpoint", wanted->endpoint},
                           {"since", base::format_rfc3339(wanted->since)},
                           {"type", wanted->type},
                           {"deliveries", *told}};
}

} // namespace cdtd::api
