// Endpoints and deliveries as people read them.
#include "app/json_view.hpp"

#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;

std::string state_of(const json::object& endpoint) {
    return is_true(endpoint, "enabled") ? text_of(endpoint, "state") : "off";
}

/// Since when it is behind or failing; "" where all is well.
std::string since_of(const json::object& endpoint) {
    for (const char* key : {"disabled_at", "failing_since", "oldest_waiting_at"})
        if (const std::string time = short_time(text_of(endpoint, key)); !time.empty())
            return time;
    return {};
}

std::string next_of(const json::object& endpoint) {
    if (!is_true(endpoint, "enabled"))
        return "nothing: enabled = false";
    if (text_of(endpoint, "state") == "disabled")
        return fmt::format("nothing before: cdtd webhooks enable {}", text_of(endpoint, "name"));
    if (const std::string paused = short_time(text_of(endpoint, "paused_until")); !paused.empty())
        return fmt::format("asked us to wait until {}", paused);
    if (number_of(endpoint, "waiting") == 0)
        return {};
    const auto limit = number_of(endpoint, "max_per_hour");
    if (limit > 0 && number_of(endpoint, "told_last_hour") >= limit)
        return fmt::format("a digest: over {} in this hour", limit);
    const std::string at = short_time(text_of(endpoint, "next_attempt_at"));
    return text_of(endpoint, "state") == "ok" && !at.empty() ? "is being told" : at;
}

/// What became of the last attempt: "500: the endpoint answered 500".
std::string last_of(const json::array& attempts) {
    if (attempts.empty() || !attempts.back().is_object())
        return {};
    const json::object& last = attempts.back().get_object();
    const std::string error = text_of(last, "error");
    return error.empty() ? fmt::format("{} in {} ms", text_of(last, "status"), number_of(last, "ms")) : error;
}

std::string when_of(const json::array& attempts) {
    return attempts.empty() || !attempts.back().is_object()
               ? std::string{}
               : short_time(text_of(attempts.back().get_object(), "at"));
}

} // namespace

std::string print_webhooks(const json::object& list, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& value : array_of(list, "items"))
        if (const json::object* endpoint = value.if_object())
            rows.push_back({text_of(*endpoint, "name"), text_of(*endpoint, "format"), state_of(*endpoint),
                            text_of(*endpoint, "waiting"), since_of(*endpoint),
                            short_time(text_of(*endpoint, "last_success_at")), next_of(*endpoint),
                            text_of(*endpoint, "last_error")});
    if (rows.empty())
        return "No endpoints: write [[webhook]], [[exec]] or [email] into the configuration.\n";
    return table({{"NAME", 40},
                  {"FORMAT"},
                  {"STATE"},
                  {"WAITING", 0, true},
                  {"SINCE"},
                  {"LAST SUCCESS"},
                  {"NEXT", 60},
                  {"WHY", 0, false, true}},
                 rows, style);
}

std::string print_deliveries(const json::object& list, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& value : array_of(list, "items")) {
        const json::object* delivery = value.if_object();
        if (delivery == nullptr)
            continue;
        const json::array& attempts = array_of(*delivery, "attempts");
        const std::string digest = text_of(*delivery, "digest"), kind = text_of(*delivery, "kind");
        rows.push_back({text_of(*delivery, "id"), text_of(*delivery, "endpoint"), text_of(*delivery, "type"),
                        text_of(*delivery, "state") + (kind == "replay" ? " (replay)" : ""),
                        fmt::format("{}", attempts.size()), when_of(attempts),
                        short_time(text_of(*delivery, "next_attempt_at")),
                        digest.empty() ? last_of(attempts) : "in digest " + digest});
    }
    if (rows.empty())
        return "No deliveries.\n";
    std::string more;
    if (!text_of(list, "next").empty())
        more = "(there is more: --limit)\n";
    return table({{"ID", 0, true},
                  {"ENDPOINT", 40},
                  {"TYPE"},
                  {"STATE"},
                  {"TRIES", 0, true},
                  {"LAST TRY"},
                  {"NEXT TRY"},
                  {"ANSWER", 0, false, true}},
                 rows, style) +
           more;
}

} // namespace cdtd::app
