// Endpoints and deliveries: lists, and what the running daemon is asked about them.
#include "app/command_line.hpp"
#include "app/json_view.hpp"

#include <cdtd/api/answer.hpp>
#include <cdtd/app/commands.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace cdtd::app {
namespace {

namespace json = boost::json;

constexpr auto look_every = std::chrono::milliseconds(100);
constexpr base::Duration patience = std::chrono::seconds(5); // beside the endpoint's own time limit

/// The answer's body; the error is what stands against it.
base::Result<json::object> send(const Config& config, const std::string& target, const json::object& body) {
    const auto answer = post(config.api, target, json::serialize(body));
    if (!answer)
        return std::unexpected(answer.error());
    if (answer->status != 202)
        return base::fail(base::Errc::refused, detail_of(*answer));
    boost::system::error_code error;
    const json::value value = json::parse(answer->body, error);
    if (error || !value.is_object())
        return base::fail(base::Errc::bad_data, "the daemon's answer can't be read");
    return value.get_object();
}

std::string path_of(const std::string& endpoint, std::string_view what) {
    return fmt::format("/api/v1/webhooks/{}/{}", base::percent_encode(endpoint), what);
}

/// The delivery of this event to this endpoint as the API gives it; empty: it is not there.
json::object find_delivery(store::Connection& db, const std::string& endpoint, const std::string& event) {
    const auto answer =
        api::answer(db, target_of("/api/v1/deliveries", {{"endpoint", endpoint}, {"limit", "500"}}), {});
    if (answer.status != 200)
        return {};
    for (const json::value& item : json::parse(answer.body).as_object().at("items").as_array())
        if (text_of(item.as_object(), "event_id") == event)
            return item.as_object();
    return {};
}

/// "delivered: 204 in 12 ms", and the exit status.
int put_outcome(const std::string& endpoint, const json::object& delivery) {
    const auto& attempts = array_of(delivery, "attempts");
    if (text_of(delivery, "state") == "pending" || attempts.empty())
        return complain(
            fmt::format("{}: no answer yet; see `cdtd deliveries --endpoint {}`", endpoint, endpoint),
            exit_failed);
    const json::object& last = attempts.back().as_object();
    const std::string status = text_of(last, "status"), error = text_of(last, "error");
    if (text_of(delivery, "state") != "delivered")
        return complain(fmt::format("{}: {} ({} ms)", endpoint, error, number_of(last, "ms")), exit_failed);
    return put(base::terminal_safe(fmt::format("{}: delivered: {} in {} ms{}{}\n", endpoint, status,
                                               number_of(last, "ms"), error.empty() ? "" : "; ", error),
                                   true),
               exit_done);
}

} // namespace

int command_webhooks(const Options& options) {
    return ask(options, "/api/v1/webhooks?limit=500", print_webhooks);
}

int command_deliveries(const Options& options) {
    return ask(options, target_of("/api/v1/deliveries", options.filters), print_deliveries);
}

int command_webhook_test(const Options& options) {
    const std::optional<Config> config = configuration(options);
    if (!config)
        return exit_configuration;
    const auto sent = send(*config, path_of(options.reference, "test"), {});
    if (!sent)
        return complain(fmt::format("{}: {}", options.reference, sent.error().message), exit_failed);
    base::Duration limit = patience;
    for (const auto& endpoint : config->endpoints)
        if (endpoint.name == options.reference)
            limit += endpoint.timeout;
    const auto until = std::chrono::steady_clock::now() + limit;
    return with_database(options, [&](store::Connection& db, const Config&) {
        json::object delivery;
        do {
            std::this_thread::sleep_for(look_every);
            delivery = find_delivery(db, options.reference, text_of(*sent, "event_id"));
        } while ((delivery.empty() || text_of(delivery, "state") == "pending") &&
                 std::chrono::steady_clock::now() < until);
        return put_outcome(options.reference, delivery);
    });
}

int command_webhook_enable(const Options& options) {
    const std::optional<Config> config = configuration(options);
    if (!config)
        return exit_configuration;
    const auto done = send(*config, path_of(options.reference, "enable"), {});
    if (!done)
        return complain(fmt::format("{}: {}", options.reference, done.error().message), exit_failed);
    return put(base::terminal_safe(options.reference) + ": accepted\n", exit_done);
}

int command_replay(const Options& options) {
    const std::optional<Config> config = configuration(options);
    if (!config)
        return exit_configuration;
    const auto since = base::parse_user_time(options.since, base::system_clock().now());
    if (!since)
        return complain(fmt::format("--since {}: write RFC 3339, a date, or 7d, 12h (ago)", options.since),
                        exit_usage);
    json::object body{{"endpoint", options.endpoint}, {"since", base::format_rfc3339(*since)}};
    if (!options.type.empty())
        body["type"] = options.type;
    const auto done = send(*config, "/api/v1/deliveries/replay", body);
    if (!done)
        return complain(fmt::format("{}: {}", options.endpoint, done.error().message), exit_failed);
    return put(base::terminal_safe(fmt::format("{}: {} events are told again\n", options.endpoint,
                                               number_of(*done, "deliveries")),
                                   true),
               exit_done);
}

} // namespace cdtd::app
