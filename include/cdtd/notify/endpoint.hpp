// Endpoints as configured, which events they want, and what is sent. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/base/secret.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/model/event.hpp>
#include <cdtd/store/search_query.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::notify {

struct Endpoint {
    std::string name;
    std::string url;
    std::string format = "standard";
    base::Secret secret;                               ///< standard: whsec_…
    std::vector<std::string> events = {"article.new"}; ///< "*" = all
    std::vector<std::string> feeds;                    ///< only these; empty = all
    std::optional<store::Query> match; ///< of articles only those for which it holds; null = all
    base::Duration timeout = std::chrono::seconds(15);
    http::Headers headers;
    bool enabled = true;
};

/// Does this endpoint want an event of this type about something in these feeds? (An event about no feed:
/// empty.) test.ping and endpoint.disabled of itself are never fanned out.
bool wants(const Endpoint& endpoint, const std::string& type, const std::vector<std::string>& feeds);

/// Body {"type","timestamp","data"} of an event.
std::string body_of(const model::Event& event);

/// The request of one attempt at `now` in the endpoint's format: Standard Webhooks 1.0.0, signed anew each
/// time.
http::Request make_request(const Endpoint& endpoint, const model::Event& event, base::Time now);

} // namespace cdtd::notify
