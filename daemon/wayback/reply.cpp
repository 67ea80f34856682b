#include <cdtd/base/text.hpp>
#include <cdtd/http/decode.hpp>
#include <cdtd/wayback/reply.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cdtd::wayback {
namespace {

/// How the machine says that a site is kept out: in a header, or in the text of a 200.
constexpr std::array exclusions = {"AdministrativeAccessControlException", "RobotAccessControlException",
                                   "Blocked Site Error", "URL has been excluded"};
/// It stands at the beginning; an archived page may well speak of it further down.
constexpr std::size_t looked_at = 4096;

bool says_excluded(std::string_view text) {
    text = text.substr(0, looked_at);
    return std::ranges::any_of(exclusions, [text](const char* mark) { return text.contains(mark); });
}

bool is_too_long(const http::Failure& failure) {
    return failure.error.code == base::Errc::too_large && !failure.hops.empty();
}

} // namespace

std::optional<std::string> Reply::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (!value.empty() && base::iequals(key, name))
            return value;
    return std::nullopt;
}

Reply reply_of(const http::Outcome& outcome, bool connection_refused, std::size_t most_bytes) {
    Reply reply;
    if (outcome) {
        reply.status = outcome->status;
        reply.headers = outcome->hops.empty() ? http::Headers() : outcome->hops.back().headers;
        reply.body = outcome->body();
    } else if (const http::Failure& failure = outcome.error(); is_too_long(failure)) {
        // Archived films and books are long: that they are there is seen at the beginning.
        reply.status = failure.hops.back().status;
        reply.headers = failure.hops.back().headers;
        reply.body = failure.hops.back().body;
    } else {
        reply.problem = base::terminal_safe(base::cut_bytes(failure.error.message, 400));
        reply.refused = connection_refused;
        return reply;
    }
    if (!reply.body.starts_with("\x1f\x8b"))
        return reply;
    auto decoded = http::decode(reply.body, "gzip", most_bytes);
    if (!decoded) {
        reply.status = 0;
        reply.problem = "the answer's gzip body can't be read";
        return reply;
    }
    reply.body = std::move(*decoded);
    return reply;
}

std::string first_words(std::string_view body) {
    return base::terminal_safe(base::tidy(base::to_valid_utf8(base::cut_bytes(body, 160))));
}

std::optional<Problem> common_problem(const Reply& reply, std::string_view what) {
    if (reply.status == 0)
        return Problem{Trouble::failed, fmt::format("{} gave no answer: {}", what, reply.problem)};
    if (reply.status == 429)
        return Problem{Trouble::throttled, fmt::format("{} answered 429: too many requests", what)};
    const auto error = reply.header("X-Archive-Wayback-Runtime-Error");
    const bool archived = reply.header("Memento-Datetime").has_value();
    if (!archived && ((error && says_excluded(*error)) || says_excluded(reply.body)))
        return Problem{Trouble::excluded, "the site is excluded from the Wayback Machine"};
    if (!archived && error)
        return Problem{Trouble::failed,
                       fmt::format("{} answered {}: {}", what, reply.status, first_words(*error))};
    if (!archived && reply.status >= 500)
        return Problem{Trouble::failed, fmt::format("{} answered {}", what, reply.status)};
    return std::nullopt;
}

} // namespace cdtd::wayback
