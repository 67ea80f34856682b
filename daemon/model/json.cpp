// Events, deliveries, endpoints and the status as JSON.
#include "model/json_parts.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <map>
#include <stdexcept>

namespace cdtd::model {

// Not in the unnamed namespace: list_of finds them by their argument.
static boost::json::object to_json(const Attempt& attempt) {
    return {{"at", detail::json_of(attempt.at)},
            {"status", detail::json_of(attempt.status)},
            {"ms", attempt.ms},
            {"error", detail::json_of(attempt.error)},
            {"answer", detail::json_of(attempt.answer)}};
}

static boost::json::object to_json(const QueueDepth& depth) {
    return {{"waiting", depth.waiting},
            {"due", depth.due},
            {"oldest_due_at", detail::json_of(depth.oldest_due_at)}};
}

static boost::json::object to_json(const HostPause& pause) {
    return {{"host", detail::json_of(pause.host)},
            {"until", detail::json_of(pause.until)},
            {"reason", detail::json_of(pause.reason)}};
}

namespace {

namespace json = boost::json;
using detail::json_of;
using detail::list_of;
using detail::name_of;
using detail::state_of;

/// The known names in their documented order, 0 where nothing was counted.
json::object counts(const std::map<std::string, std::int64_t>& numbers,
                    std::initializer_list<const char*> names) {
    json::object object;
    for (const char* name : names) {
        const auto found = numbers.find(name);
        object.emplace(name, found == numbers.end() ? 0 : found->second);
    }
    return object;
}

json::object queue(const std::map<std::string, QueueDepth>& depths) {
    json::object object;
    for (const char* kind : {"capture", "resolve_source", "save_page", "watch_source", "deliver"}) {
        const auto found = depths.find(kind);
        object.emplace(kind, to_json(found == depths.end() ? QueueDepth{} : found->second));
    }
    return object;
}

json::value markdown_of(const Status& s) {
    if (!s.markdown)
        return nullptr;
    return json::object{{"folder", json_of(s.markdown->folder)},
                        {"waiting", s.markdown->waiting},
                        {"error", json_of(s.markdown->error)}};
}

using Names = std::array<std::string_view, 5>;
constexpr Names article_states{"seen", "stored", "archived", "failed", "gone"};
constexpr Names page_states{"captured", "pending", "refused", "failed", "off"};
constexpr std::array<std::string_view, 3> delivery_states{"pending", "delivered", "failed"};
constexpr std::array<std::string_view, 4> delivery_kinds{"event", "replay", "test", "digest"};
constexpr std::array<std::string_view, 6> save_states{"waiting",  "submitting", "submitted",
                                                      "captured", "verified",   "failed"};

} // namespace

std::string_view to_string(ArticleState state) {
    return name_of(article_states, state);
}
std::string_view to_string(PageState state) {
    return name_of(page_states, state);
}
std::string_view to_string(DeliveryState state) {
    return name_of(delivery_states, state);
}
std::string_view to_string(DeliveryKind kind) {
    return name_of(delivery_kinds, kind);
}
std::string_view to_string(SaveJob::State state) {
    return name_of(save_states, state);
}

ArticleState article_state(std::string_view text) {
    return state_of<ArticleState>(article_states, text, "state of an article");
}
PageState page_state(std::string_view text) {
    return state_of<PageState>(page_states, text, "state of a page");
}
DeliveryState delivery_state(std::string_view text) {
    return state_of<DeliveryState>(delivery_states, text, "state of a delivery");
}
DeliveryKind delivery_kind(std::string_view text) {
    return state_of<DeliveryKind>(delivery_kinds, text, "kind of a delivery");
}
SaveJob::State save_state(std::string_view text) {
    return state_of<SaveJob::State>(save_states, text, "state of a save");
}

json::object to_json(const Event& event) {
    boost::system::error_code error;
    auto data = json::parse(event.data, error);
    if (error || !data.is_object()) // we wrote it ourselves: a bug, or a damaged database
        throw std::runtime_error(fmt::format(
            "event {}: its stored data is no JSON object; `cdtd verify` checks the database", event.id));
    return {{"id", json_of(event.id)},
            {"type", json_of(event.type)},
            {"timestamp", json_of(event.timestamp)},
            {"data", std::move(data)}};
}

json::object to_json(const Delivery& delivery) {
    return {{"id", delivery.id},
            {"event_id", json_of(delivery.event_id)},
            {"type", json_of(delivery.type)},
            {"endpoint", json_of(delivery.endpoint)},
            {"state", to_string(delivery.state)},
            {"attempts", list_of(delivery.attempts)},
            {"next_attempt_at", json_of(delivery.next_attempt_at)},
            {"kind", to_string(delivery.kind)},
            {"digest", json_of(delivery.digest)}};
}

json::object to_json(const EndpointState& endpoint) {
    return {{"name", json_of(endpoint.name)},
            {"state", json_of(endpoint.state)},
            {"waiting", endpoint.waiting},
            {"last_success_at", json_of(endpoint.last_success_at)},
            {"last_error", json_of(endpoint.last_error)},
            {"format", json_of(endpoint.format)},
            {"enabled", endpoint.enabled},
            {"failing_since", json_of(endpoint.failing_since)},
            {"disabled_at", json_of(endpoint.disabled_at)},
            {"oldest_waiting_at", json_of(endpoint.oldest_waiting_at)},
            {"next_attempt_at", json_of(endpoint.next_attempt_at)},
            {"paused_until", json_of(endpoint.paused_until)},
            {"max_per_hour", endpoint.max_per_hour},
            {"told_last_hour", endpoint.told_last_hour}};
}

namespace {

json::object manifests(const Status& s) {
    json::value head;
    if (!s.manifest_sha256.empty())
        head = json::object{{"day", json_of(s.manifest_day)},
                            {"sha256", json_of(s.manifest_sha256)},
                            {"stamped_at", json_of(s.manifest_stamped_at)}};
    return {{"total", s.manifests_total},
            {"head", std::move(head)},
            {"stamps_waiting", s.stamps_waiting},
            {"stamp_error", json_of(s.stamp_error)}};
}

} // namespace

json::object to_json(const Status& s) {
    json::array endpoints; // list_of would find only the overloads above it
    for (const auto& endpoint : s.endpoints)
        endpoints.emplace_back(to_json(endpoint));
    return {{"version", json_of(s.version)},
            {"schema", s.schema},
            {"started_at", json_of(s.started_at)},
            {"now", json_of(s.now)},
            {"running", s.running},
            {"feeds", json::object{{"total", s.feeds_total},
                                   {"enabled", s.feeds_enabled},
                                   {"failing", s.feeds_failing},
                                   {"gone", s.feeds_gone}}},
            {"articles",
             counts(s.articles, {"total", "seen", "stored", "archived", "failed", "gone", "censored"})},
            {"sources",
             json::object{
                 {"total", s.sources_total},
                 {"wayback", counts(s.sources_wayback, {"archived", "not_archived", "unknown", "unchecked"})},
                 {"liveness", counts(s.sources_liveness, {"alive", "deleted", "censored", "challenged",
                                                          "unreachable", "unknown", "unchecked"})}}},
            {"captures", json::object{{"total", s.captures_total}, {"bytes", s.captures_bytes}}},
            {"events", s.events},
            {"queue", queue(s.queue)},
            {"endpoints", std::move(endpoints)},
            {"paused", list_of(s.paused)},
            {"manifests", manifests(s)},
            {"disk", json::object{{"database_bytes", s.database_bytes},
                                  {"warc_bytes", s.warc_bytes},
                                  {"free_bytes", s.free_bytes}}},
            {"markdown", markdown_of(s)}};
}

} // namespace cdtd::model
