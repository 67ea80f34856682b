#include "notify/formats.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/notify/endpoint.hpp>
#include <cdtd/notify/signature.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <stdexcept>

namespace cdtd::notify {
namespace {

/// Only the first kilobyte of an answer is kept; one that is longer than this is not worth its transfer.
constexpr std::uint64_t max_answer = 64u << 10;
/// What is shorter may stand in any text by chance.
constexpr std::size_t shortest_secret = 4;
constexpr std::string_view hidden = "…";

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

/// Standard Webhooks 1.0.0. While secrets are changed both sign, the new one first.
http::Request standard_request(const Endpoint& endpoint, const model::Event& event, base::Time now) {
    http::Request request = json_post(endpoint.url, body_of(event));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    std::string signatures;
    for (const base::Secret* secret : {&endpoint.secret, &endpoint.old_secret}) {
        if (secret == &endpoint.old_secret && secret->empty())
            continue;
        const auto key = key_of(*secret);
        if (!key) // the configuration is refused before it comes to this
            throw std::invalid_argument(fmt::format("endpoint {}: {}", endpoint.name, key.error().message));
        signatures += (signatures.empty() ? "" : " ") + sign(*key, event.id, seconds, request.body);
    }
    request.headers.emplace_back("webhook-id", event.id);
    request.headers.emplace_back("webhook-timestamp", fmt::to_string(seconds));
    request.headers.emplace_back("webhook-signature", std::move(signatures));
    return request;
}

http::Request formatted(const Endpoint& endpoint, const model::Event& event, base::Time now) {
    if (endpoint.format == "standard")
        return standard_request(endpoint, event, now);
    const Note note = note_of(event, endpoint.public_url);
    if (endpoint.format == "slack")
        return slack_request(endpoint, note);
    if (endpoint.format == "discord")
        return discord_request(endpoint, note);
    if (endpoint.format == "telegram")
        return telegram_request(endpoint, note);
    if (endpoint.format == "ntfy")
        return ntfy_request(endpoint, note);
    if (endpoint.format == "matrix")
        return matrix_request(endpoint, note, event.id);
    throw std::invalid_argument(
        fmt::format("endpoint {}: unknown format {}", endpoint.name, endpoint.format));
}

} // namespace

bool type_matches(std::string_view pattern, std::string_view type) {
    if (pattern == "*")
        return true;
    return pattern.ends_with(".*") ? type.starts_with(pattern.substr(0, pattern.size() - 1))
                                   : pattern == type;
}

bool wants(const Endpoint& endpoint, const std::string& type, const std::vector<std::string>& feeds) {
    if (!endpoint.enabled || type == "test.ping" || type == "digest")
        return false;
    if (std::ranges::none_of(endpoint.events, [&](const auto& wish) { return type_matches(wish, type); }))
        return false;
    // What is about no feed (an endpoint that was switched off) is not narrowed by feeds.
    return endpoint.feeds.empty() || feeds.empty() || std::ranges::any_of(feeds, [&](const auto& feed) {
               return std::ranges::find(endpoint.feeds, feed) != endpoint.feeds.end();
           });
}

std::string body_of(const model::Event& event) {
    // `data` is JSON that we wrote ourselves; it goes out byte for byte as it was stored.
    return fmt::format(R"({{"type":{},"timestamp":"{}","data":{}}})",
                       boost::json::serialize(boost::json::string(event.type)),
                       base::format_rfc3339(event.timestamp), event.data.empty() ? "{}" : event.data);
}

http::Request json_post(std::string url, std::string body) {
    http::Request request(std::move(url));
    request.method = "POST";
    request.body = std::move(body);
    request.headers.emplace_back("Content-Type", "application/json");
    return request;
}

http::Request make_request(const Endpoint& endpoint, const model::Event& event, base::Time now) {
    http::Request request = formatted(endpoint, event, now);
    std::copy_if(endpoint.headers.begin(), endpoint.headers.end(), std::back_inserter(request.headers),
                 may_send);
    request.timeout = endpoint.timeout;
    request.max_body = max_answer;
    request.follow_redirects =
        false; // 3xx is a failure (Standard Webhooks 1.0.0), and a way past the address policy
    request.polite = false;
    return request;
}

std::string without_secrets(const Endpoint& endpoint, std::string text) {
    std::vector<std::string> secrets{endpoint.secret.reveal(), endpoint.old_secret.reveal(),
                                     endpoint.mail.password.reveal()};
    for (const auto& [name, value] : endpoint.headers)
        secrets.push_back(value);
    // A webhook's URL is often all that one needs to post to it: only its origin is told.
    if (const auto parts = base::split_url(endpoint.url)) {
        secrets.push_back(parts->query);
        if (parts->path.size() > 1)
            secrets.push_back(parts->path);
    }
    // The longest first: one may hold another.
    std::ranges::sort(secrets, std::ranges::greater(), &std::string::size);
    for (const std::string& secret : secrets) {
        if (secret.size() < shortest_secret)
            continue;
        for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += hidden.size())
            text.replace(at, secret.size(), hidden);
    }
    return text;
}

} // namespace cdtd::notify
