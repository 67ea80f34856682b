#include "api/router.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/store/events.hpp>

#include <stdexcept>
#include <utility>

namespace cdtd::api {

// In order. `after` is an event's id; `cursor` the same, so that this list pages like every other.
Answer list_events(Ask& ask) {
    const auto after = ask.query.text("after");
    const auto cursor = ask.query.text("cursor");
    const int limit = ask.query.limit();
    if (after && cursor)
        ask.query.fail("\"after\" and \"cursor\" say the same here; give one of them");
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    // One more than asked for shows whether there is a next page.
    auto events = store::list_events(ask.db, after ? *after : cursor.value_or(""), limit + 1);
    if (!events)
        return problem(400, "the parameter \"after\" is no event's id");
    std::optional<std::string> next;
    if (events->size() > static_cast<std::size_t>(limit)) {
        events->pop_back();
        next = events->back().id;
    }
    boost::json::array items;
    items.reserve(events->size());
    for (const auto& event : *events)
        items.push_back(model::to_json(event));
    return list_answer(std::move(items), next);
}

Answer list_deliveries(Ask& ask) {
    store::DeliveryFilter filter;
    filter.endpoints = ask.query.list("endpoint");
    filter.states = ask.query.list_of("state", {"pending", "delivered", "failed"});
    filter.since = ask.query.time("since", ask.context.now);
    filter.cursor = ask.query.text("cursor").value_or("");
    filter.limit = ask.query.limit();
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    store::DeliveryPage page;
    try {
        page = store::list_deliveries(ask.db, filter);
    } catch (const std::invalid_argument&) {
        return problem(400, "the parameter \"cursor\" is not one that this list gave");
    }
    boost::json::array items;
    items.reserve(page.items.size());
    for (const auto& delivery : page.items)
        items.push_back(model::to_json(delivery));
    return list_answer(std::move(items), page.next);
}

} // namespace cdtd::api
