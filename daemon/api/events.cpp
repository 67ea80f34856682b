#include "api/router.hpp"

#include <cdtd/base/time.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/events.hpp>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace cdtd::api {

namespace {

constexpr base::Duration longest_wait = std::chrono::seconds(60);

struct Wish {
    std::string after; ///< "" = from the first one on
    int limit = default_limit;
    base::Duration wait{};
    bool stream = false;
};

/// The same question, behind the event with this id.
std::string target_of(const Wish& wish, const std::string& after) {
    return fmt::format("/api/v1/events?limit={}{}{}", wish.limit, after.empty() ? "" : "&after=" + after,
                       wish.wait.count() > 0 ? "&wait=" + base::format_duration(wish.wait) : "");
}

// `after` is an event's id, or "latest": behind what is there now. `cursor` is the same, so that this list
// pages like every other. Where a stream was broken off, its reader's last event says more than the URL.
Wish read_wish(Ask& ask) {
    Wish wish;
    const auto after = ask.query.text("after");
    const auto cursor = ask.query.text("cursor");
    wish.limit = ask.query.limit();
    const auto wait = ask.query.duration("wait", longest_wait);
    wish.stream = ask.context.stream;
    if (after && cursor)
        ask.query.fail("\"after\" and \"cursor\" say the same here; give one of them");
    if (wait && wish.stream)
        ask.query.fail("a stream waits by itself; leave out \"wait\"");
    wish.wait = wait.value_or(base::Duration::zero());
    wish.after = after ? *after : cursor.value_or("");
    if (wish.stream && !ask.context.last_event_id.empty())
        wish.after = ask.context.last_event_id;
    if (wish.after == "latest")
        wish.after = store::newest_event(ask.db).value_or("");
    return wish;
}

/// https://html.spec.whatwg.org/multipage/server-sent-events.html
Answer stream_of(const Wish& wish, const std::vector<model::Event>& events) {
    Answer answer;
    answer.type = "text/event-stream";
    for (const auto& event : events)
        answer.body += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.id, event.type,
                                   boost::json::serialize(model::to_json(event)));
    answer.sequel = Sequel{target_of(wish, events.empty() ? wish.after : events.back().id), {}, true};
    return answer;
}

} // namespace

Answer list_events(Ask& ask) {
    const Wish wish = read_wish(ask);
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    // One more than asked for shows whether there is a next page.
    auto events = store::list_events(ask.db, wish.after, wish.limit + 1);
    if (!events)
        return problem(400, "the parameter \"after\" is no event's id");
    std::optional<std::string> next;
    if (events->size() > static_cast<std::size_t>(wish.limit)) {
        events->pop_back();
        next = events->back().id;
    }
    if (wish.stream)
        return stream_of(wish, *events);
    boost::json::array items;
    items.reserve(events->size());
    for (const auto& event : *events)
        items.push_back(model::to_json(event));
    Answer answer = list_answer(std::move(items), next);
    if (events->empty() && wish.wait.count() > 0)
        answer.sequel = Sequel{target_of(wish, wish.after), wish.wait};
    return answer;
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
