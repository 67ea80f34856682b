// What is asked of the running program by POST: bodies are read whole, a key that is not known is a fault.
#include "api/router.hpp"

#include <cdtd/base/time.hpp>

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>

namespace cdtd::api {
namespace {

namespace json = boost::json;

constexpr int usual_pages = 10;
constexpr int most_pages = 100'000;

base::Result<bool> read_force(const json::object& body) {
    const auto* given = body.if_contains("force");
    if (given == nullptr)
        return false;
    if (!given->is_bool())
        return base::fail(base::Errc::usage, "\"force\" must be true or false");
    return given->get_bool();
}

/// null means the same as a key that is not there.
base::Result<pipeline::BackfillOrder> read_backfill(const json::object& body, base::Time now) {
    pipeline::BackfillOrder order;
    if (const auto* pages = body.if_contains("pages"); pages != nullptr && !pages->is_null()) {
        if (!pages->is_int64() || pages->get_int64() < 1 || pages->get_int64() > most_pages)
            return base::fail(base::Errc::usage,
                              fmt::format("\"pages\" must be a number from 1 to {}", most_pages));
        order.pages = static_cast<int>(pages->get_int64());
    }
    if (const auto* until = body.if_contains("until"); until != nullptr && !until->is_null()) {
        if (until->is_string())
            order.until = base::parse_user_time(until->get_string(), now);
        if (!order.until)
            return base::fail(base::Errc::usage,
                              "\"until\" must be a time: RFC 3339, a date, or \"7d\", \"12h\" (ago)");
    }
    if (!order.pages && !order.until)
        order.pages = usual_pages;
    return order;
}

base::Result<json::object> answer_of(const base::Result<void>& done, json::object accepted) {
    if (!done)
        return std::unexpected(done.error());
    return accepted;
}

} // namespace

base::Result<json::object> read_body(std::string_view body, std::initializer_list<std::string_view> known) {
    if (body.empty())
        return json::object{};
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 4;
    const auto value = json::parse(body, error, {}, options);
    if (error || !value.is_object())
        return base::fail(base::Errc::usage, "the body must be a JSON object, or empty");
    for (const auto& [key, given] : value.get_object())
        if (std::ranges::find(known, std::string_view(key)) == known.end())
            return base::fail(base::Errc::usage, known.size() == 0
                                                     ? "the body knows no keys: {}"
                                                     : fmt::format("the body knows no other keys than: {}",
                                                                   fmt::join(known, ", ")));
    return value.get_object();
}

Ordered order_poll(Order order) {
    const auto body = read_body(order.body, {"force"});
    if (!body)
        co_return std::unexpected(body.error());
    const auto force = read_force(*body);
    if (!force)
        co_return std::unexpected(force.error());
    co_return answer_of(order.control.poll(order.name, *force), {{"feed", order.name}, {"force", *force}});
}

Ordered order_release(Order order) {
    if (const auto body = read_body(order.body, {}); !body)
        co_return std::unexpected(body.error());
    co_return answer_of(order.control.release(order.name), {{"feed", order.name}});
}

Ordered order_enable(Order order) {
    if (const auto body = read_body(order.body, {}); !body)
        co_return std::unexpected(body.error());
    co_return answer_of(order.control.enable(order.name), {{"feed", order.name}});
}

Ordered order_backfill(Order order) {
    const auto body = read_body(order.body, {"pages", "until"});
    if (!body)
        co_return std::unexpected(body.error());
    const auto wanted = read_backfill(*body, order.now);
    if (!wanted)
        co_return std::unexpected(wanted.error());
    json::object accepted{{"feed", order.name}, {"pages", nullptr}, {"until", nullptr}};
    if (wanted->pages)
        accepted["pages"] = *wanted->pages;
    if (wanted->until)
        accepted["until"] = base::format_rfc3339(*wanted->until);
    co_return answer_of(order.control.backfill(order.name, *wanted), std::move(accepted));
}

} // namespace cdtd::api
