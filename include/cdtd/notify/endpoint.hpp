// Endpoints as configured, which events they want, and what is sent. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/secret.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/http/mailer.hpp>
#include <cdtd/model/event.hpp>
#include <cdtd/store/search_query.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::notify {

/// [[webhook]], [[exec]] (format "exec") or [email] (format "email").
struct Endpoint {
    std::string name;
    std::string url;
    std::string format = "standard"; ///< standard | slack | discord | telegram | ntfy | matrix | exec | email
    base::Secret secret;             ///< standard: whsec_…; telegram: bot token; matrix, ntfy: access token
    base::Secret old_secret;         ///< standard, while secrets are changed: signs too; empty = none
    std::string to;                  ///< telegram: chat id; matrix: room id
    std::vector<std::string> events = {"article.new"}; ///< "*" = all; "source.*" = those of one kind
    std::vector<std::string> feeds;                    ///< only these; empty = all
    std::optional<store::Query> match; ///< of articles only those for which it holds; null = all
    base::Duration timeout = std::chrono::seconds(15);
    std::int64_t max_per_hour = 60; ///< messages; past it, one digest; 0 = no limit
    http::Headers headers;
    std::vector<std::string> command; ///< of exec: program and arguments
    http::MailAccount mail;           ///< of email
    std::vector<std::string> mail_to; ///< of email
    std::string public_url;           ///< [api]; for links into the archive; "" = none
    bool enabled = true;
};

/// Does this endpoint want an event of this type about something in these feeds? (An event about no feed:
/// empty.) test.ping and digests are sent to whom they are for, never fanned out.
bool wants(const Endpoint& endpoint, const std::string& type, const std::vector<std::string>& feeds);
/// "*", "article.new", "article.*".
bool type_matches(std::string_view pattern, std::string_view type);

/// Body {"type","timestamp","data"} of an event.
std::string body_of(const model::Event& event);

/// The request of one attempt at `now` in the endpoint's format (not of exec and email). Standard Webhooks
/// 1.0.0 is signed anew each time.
http::Request make_request(const Endpoint& endpoint, const model::Event& event, base::Time now);

/// The same text without anything that only the operator and the endpoint may know: secrets, a URL beyond its
/// host, the values of configured headers.
std::string without_secrets(const Endpoint& endpoint, std::string text);

} // namespace cdtd::notify
