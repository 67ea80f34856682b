#include <cdtd/base/text.hpp>
#include <cdtd/notify/reply.hpp>
#include <cdtd/schedule/next_poll.hpp>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cdtd::notify {
namespace {

namespace json = boost::json;

constexpr std::size_t answer_kept = 1024; // bytes

std::optional<double> number_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_number())
        return std::nullopt;
    const double number = value->to_number<double>();
    return std::isfinite(number) && number >= 0 ? std::optional(number) : std::nullopt;
}

/// Telegram: parameters.retry_after in seconds; Discord: retry_after in seconds; Matrix: retry_after_ms.
std::optional<base::Duration> asked_in_body(const std::string& format, std::string_view body) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 8;
    const json::value value = json::parse(body, error, {}, options);
    if (error || !value.is_object())
        return std::nullopt;
    const json::object& object = value.get_object();
    std::optional<double> seconds;
    if (format == "telegram") {
        const json::value* parameters = object.if_contains("parameters");
        if (parameters != nullptr && parameters->is_object())
            seconds = number_in(parameters->get_object(), "retry_after");
    } else if (format == "discord") {
        seconds = number_in(object, "retry_after");
    } else if (format == "matrix") {
        seconds = number_in(object, "retry_after_ms");
        if (seconds)
            *seconds /= 1000;
    }
    constexpr double most = 86400;
    if (!seconds)
        return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(std::chrono::duration<double>(std::min(*seconds, most)));
}

std::optional<base::Duration> asked(const Endpoint& endpoint, const http::Headers& headers,
                                    std::string_view body, base::Time now) {
    std::optional<base::Duration> wait;
    const auto header = std::ranges::find_if(
        headers, [](const auto& pair) { return base::iequals(pair.first, "retry-after"); });
    if (header != headers.end())
        wait = schedule::read_retry_after(header->second, now);
    if (!wait)
        wait = asked_in_body(endpoint.format, body);
    return wait ? std::optional(std::min(*wait, schedule::longest_asked)) : std::nullopt;
}

std::string words_for(int status) {
    if (status >= 300 && status < 400)
        return fmt::format("the endpoint answered {}: redirects are not followed, set its final URL", status);
    return fmt::format("the endpoint answered {}", status);
}

} // namespace

std::string kept_answer(const Endpoint& endpoint, std::string_view bytes) {
    // Taken out before it is cut, so that no half of a secret is left at the end.
    const std::string text = without_secrets(endpoint, base::to_valid_utf8(bytes.substr(0, 4 * answer_kept)));
    return std::string(base::cut_bytes(text, answer_kept));
}

namespace {

/// A status came, with so much of a body.
Reply answered(const Endpoint& endpoint, const http::Hop& hop, std::string_view body, base::Time now) {
    Reply reply;
    reply.status = hop.status;
    reply.answer = kept_answer(endpoint, body);
    reply.meaning = schedule::judge_delivery(hop.status);
    if (reply.meaning == schedule::Answer::delivered)
        return reply;
    reply.error = words_for(hop.status);
    reply.slow_down = schedule::slows_down(hop.status);
    reply.retry_after = asked(endpoint, hop.headers, body, now);
    return reply;
}

} // namespace

Reply reply_of(const Endpoint& endpoint, const http::Outcome& outcome, base::Time now) {
    if (outcome)
        return answered(endpoint, outcome->hops.back(), outcome->body(), now);
    const http::Failure& failure = outcome.error();
    const bool cancelled = failure.error.code == base::Errc::cancelled;
    if (!cancelled && !failure.hops.empty())
        return answered(endpoint, failure.hops.back(), failure.hops.back().body, now);
    Reply reply;
    reply.cancelled = cancelled;
    reply.error = without_secrets(endpoint, base::terminal_safe(failure.error.message));
    return reply;
}

} // namespace cdtd::notify
