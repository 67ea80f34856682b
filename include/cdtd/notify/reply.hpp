// What an endpoint answered to one attempt, whatever way it went. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/notify/endpoint.hpp>
#include <cdtd/schedule/retry.hpp>

#include <optional>
#include <string>

namespace cdtd::notify {

struct Reply {
    schedule::Answer meaning = schedule::Answer::again;
    std::optional<int> status; ///< HTTP status, SMTP reply code, exit status
    std::string answer;        ///< its first kilobyte, without secrets
    std::string error;         ///< one line for people, without secrets; "" where there is nothing to say
    std::optional<base::Duration> retry_after; ///< asked for, bounded
    bool slow_down = false;                    ///< not this delivery alone but the whole endpoint
    bool cancelled = false;                    ///< by us: nothing was said
};

/// An answer longer than we read, or broken behind its head, is an answer all the same: its status came.
/// Retry-After is taken from the header, else from where the service writes it in the body.
Reply reply_of(const Endpoint& endpoint, const http::Outcome& outcome, base::Time now);

/// Bytes that may be kept as an answer: the first kilobyte as UTF-8, without secrets.
std::string kept_answer(const Endpoint& endpoint, std::string_view bytes);

} // namespace cdtd::notify
