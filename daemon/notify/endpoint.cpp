#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/notify/endpoint.hpp>
#include <cdtd/notify/signature.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cdtd::notify {
namespace {

/// Only the first kilobyte of an answer is kept; one that is longer than this is not worth its transfer.
constexpr std::uint64_t max_answer = 1u << 20;

/// Configured headers may add to a delivery, but neither forge what a receiver checks nor end the head early.
bool may_send(const std::pair<std::string, std::string>& header) {
    constexpr auto own =
        std::to_array<std::string_view>({"webhook-id", "webhook-timestamp", "webhook-signature",
                                         "content-type", "content-length", "transfer-encoding"});
    const auto& [name, value] = header;
    const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    return !name.empty() && std::none_of(name.begin(), name.end(), breaks) &&
           std::none_of(value.begin(), value.end(), breaks) &&
           std::none_of(own.begin(), own.end(),
                        [&](std::string_view mine) { return base::iequals(mine, name); });
}

} // namespace

bool wants(const Endpoint& endpoint, const std::string& type, const std::vector<std::string>& feeds) {
    if (!endpoint.enabled || type == "test.ping")
        return false;
    const auto holds = [](const std::vector<std::string>& list, const std::string& word) {
        return std::find(list.begin(), list.end(), word) != list.end();
    };
    if (!holds(endpoint.events, "*") && !holds(endpoint.events, type))
        return false;
    // What is about no feed (an endpoint that was switched off) is not narrowed by feeds.
    return endpoint.feeds.empty() || feeds.empty() ||
           std::any_of(feeds.begin(), feeds.end(),
                       [&](const auto& feed) { return holds(endpoint.feeds, feed); });
}

std::string body_of(const model::Event& event) {
    // `data` is JSON that we wrote ourselves; it goes out byte for byte as it was stored.
    return fmt::format(R"({{"type":{},"timestamp":"{}","data":{}}})",
                       boost::json::serialize(boost::json::string(event.type)),
                       base::format_rfc3339(event.timestamp), event.data.empty() ? "{}" : event.data);
}

http::Request make_request(const Endpoint& endpoint, const model::Event& event, base::Time now) {
    const auto key = key_of(endpoint.secret);
    if (endpoint.format != "standard" || !key) // the configuration is refused before it comes to this
        throw std::invalid_argument(
            fmt::format("endpoint {}: {}", endpoint.name,
                        key ? "unknown format " + endpoint.format : key.error().message));
    http::Request request(endpoint.url);
    request.method = "POST";
    request.body = body_of(event);
    std::copy_if(endpoint.headers.begin(), endpoint.headers.end(), std::back_inserter(request.headers),
                 may_send);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("webhook-id", event.id);
    request.headers.emplace_back("webhook-timestamp", fmt::to_string(seconds));
    request.headers.emplace_back("webhook-signature", sign(*key, event.id, seconds, request.body));
    request.timeout = endpoint.timeout;
    request.max_body = max_answer;
    request.follow_redirects =
        false; // 3xx is a failure (Standard Webhooks 1.0.0), and a way past the address policy
    request.polite = false;
    return request;
}

} // namespace cdtd::notify
