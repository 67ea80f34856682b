#include "api/router.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/store/feeds.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::api {
namespace {

bool is_feed_name(const std::string& text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

} // namespace

// By name; the cursor is the name of the last one shown.
Answer list_feeds(Ask& ask) {
    const auto limit = static_cast<std::size_t>(ask.query.limit());
    const auto cursor = ask.query.text("cursor");
    if (cursor && !is_feed_name(*cursor))
        ask.query.fail("the parameter \"cursor\" is not one that this list gave");
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    boost::json::array items;
    std::string last;
    for (const auto& feed : store::list_feeds(ask.db)) {
        if (cursor && feed.name <= *cursor)
            continue;
        if (items.size() == limit)
            return list_answer(std::move(items), last);
        items.push_back(model::to_json(feed));
        last = feed.name;
    }
    return list_answer(std::move(items), std::nullopt);
}

Answer get_feed(Ask& ask) {
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    const auto feed = is_feed_name(ask.name) ? store::find_feed(ask.db, ask.name) : std::nullopt;
    if (!feed)
        return not_found("feed of this name");
    return json_answer(model::to_json(*feed));
}

} // namespace cdtd::api
