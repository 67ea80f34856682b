// Feeds and what is known of their polling, as JSON.
#include "model/json_parts.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>

namespace cdtd::model {
namespace {

namespace json = boost::json;
using detail::json_list;
using detail::json_of;
using detail::list_of;
using detail::name_of;
using detail::state_of;

constexpr std::size_t max_error_bytes = 600;

constexpr std::array<std::string_view, 5> feed_states{"new", "ok", "failing", "gone", "held"};
constexpr std::array<std::string_view, 2> walk_kinds{"gap", "backfill"};
constexpr std::array<std::string_view, 3> walk_states{"walking", "done", "failed"};

json::value seconds_of(const std::optional<base::Duration>& wait) {
    return wait ? json::value(std::chrono::duration_cast<std::chrono::seconds>(*wait).count())
                : json::value(nullptr);
}

std::optional<std::int64_t> number_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

std::optional<base::Duration> wait_at(const json::object& object, std::string_view key) {
    const auto seconds = number_at(object, key);
    return seconds ? std::optional<base::Duration>(std::chrono::seconds(*seconds)) : std::nullopt;
}

/// Validators are opaque bytes (RFC 9110 8.8.3); JSON is UTF-8.
json::value shown(const std::optional<std::string>& bytes) {
    return bytes ? json::value(base::to_valid_utf8(*bytes)) : json::value(nullptr);
}

json::array numbers(const std::vector<int>& list) {
    return json::array(list.begin(), list.end());
}

std::vector<int> numbers_at(const json::object& object, std::string_view key) {
    std::vector<int> list;
    const auto* value = object.if_contains(key);
    if (const auto* array = value ? value->if_array() : nullptr)
        for (const auto& item : *array)
            if (item.is_int64())
                list.push_back(static_cast<int>(item.get_int64()));
    return list;
}

} // namespace

std::string_view to_string(FeedHealth state) {
    return name_of(feed_states, state);
}
std::string_view to_string(WalkKind kind) {
    return name_of(walk_kinds, kind);
}
std::string_view to_string(WalkState state) {
    return name_of(walk_states, state);
}
FeedHealth feed_health(std::string_view text) {
    return state_of<FeedHealth>(feed_states, text, "state of a feed");
}
WalkKind walk_kind(std::string_view text) {
    return state_of<WalkKind>(walk_kinds, text, "kind of a walk");
}
WalkState walk_state(std::string_view text) {
    return state_of<WalkState>(walk_states, text, "state of a walk");
}

json::object to_json(const Bound& bound) {
    return {{"kind", json_of(bound.kind)},
            {"value", json_of(bound.value)},
            {"origin", json_of(bound.origin)},
            {"until", json_of(bound.until)},
            {"won", bound.won}};
}

json::object to_json(const Cadence& cadence) {
    return {{"ttl", seconds_of(cadence.ttl)},
            {"update_period", seconds_of(cadence.update_period)},
            {"skip_hours", numbers(cadence.skip_hours)},
            {"skip_days", numbers(cadence.skip_days)}};
}

Cadence cadence_from_json(const json::object& object) {
    return {wait_at(object, "ttl"), wait_at(object, "update_period"), numbers_at(object, "skip_hours"),
            numbers_at(object, "skip_days")};
}

json::object to_json(const Move& move) {
    return {{"to", json_of(move.to)}, {"since", json_of(move.since)}, {"seen", move.seen}};
}

std::optional<Move> move_from_json(const json::object& object) {
    const auto* to = object.if_contains("to");
    const auto* since = object.if_contains("since");
    const auto seen = number_at(object, "seen");
    if (!to || !to->is_string() || !since || !since->is_string() || !seen)
        return std::nullopt;
    const auto time = base::parse_rfc3339(since->get_string());
    if (!time)
        return std::nullopt;
    return Move{std::string(to->get_string()), *time, static_cast<int>(*seen)};
}

/// Not in the unnamed namespace: list_of finds it by its argument.
static json::object to_json(const Walk& walk) {
    return {{"kind", to_string(walk.kind)},
            {"state", to_string(walk.state)},
            {"started_at", json_of(walk.started_at)},
            {"page", walk.page},
            {"last_page", json_of(walk.last_page)},
            {"until", json_of(walk.until)},
            {"found", walk.found},
            {"next_try_at", walk.state == WalkState::walking ? json_of(walk.due_at) : json::value(nullptr)},
            {"last_error", json_of(walk.last_error)}};
}

json::object to_json(const FeedState& feed) {
    auto error = feed.last_error;
    if (error)
        error = std::string(base::cut_bytes(*error, max_error_bytes));
    return {{"name", json_of(feed.name)},
            {"url", json_of(feed.url)},
            {"enabled", feed.enabled},
            {"state", to_string(feed.state)},
            {"title", json_of(feed.title)},
            {"last_poll_at", json_of(feed.last_poll_at)},
            {"last_status", json_of(feed.last_status)},
            {"last_error", json_of(error)},
            {"error_class", json_of(feed.error_class)},
            {"consecutive_failures", feed.consecutive_failures},
            {"last_change_at", json_of(feed.last_change_at)},
            {"next_poll_at", json_of(feed.next_poll_at)},
            {"bounds", list_of(feed.bounds)},
            {"etag", shown(feed.validators.etag)},
            {"last_modified", shown(feed.validators.last_modified)},
            {"entries", feed.entries},
            {"configured_url", json_of(feed.configured_url)},
            {"former_urls", json_list(feed.former_urls)},
            {"move", feed.move ? json::value(to_json(*feed.move)) : json::value(nullptr)},
            {"cadence", to_json(feed.cadence)},
            {"stale", feed.stale},
            {"unusual_silence", seconds_of(feed.rhythm)},
            {"repairs", json_list(feed.repairs)},
            {"walks", list_of(feed.walks)}};
}

} // namespace cdtd::model
