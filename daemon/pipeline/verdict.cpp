#include "pipeline/verdict.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/schedule/next_poll.hpp>
#include <cdtd/schedule/retry.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace cdtd::pipeline {

namespace {

constexpr std::size_t answer_kept = 1024; // bytes
constexpr int attempts_at_a_no = 3;       // a 4xx fails for good at the third

struct Heard {
    int status;
    std::string_view body;
    std::optional<std::string> retry_after;
};

/// What the endpoint said. An answer longer than we read is an answer all the same: its status came.
std::optional<Heard> heard(const http::Outcome& outcome) {
    if (outcome)
        return Heard{outcome->status, outcome->body(), outcome->header("retry-after")};
    const http::Failure& failure = outcome.error();
    if (failure.error.code != base::Errc::too_large || failure.hops.empty())
        return std::nullopt;
    return Heard{failure.hops.back().status, failure.hops.back().body, std::nullopt};
}

std::string words_for(int status) {
    if (status >= 300 && status < 400)
        return fmt::format("the endpoint answered {}: redirects are not followed, set its final URL", status);
    return fmt::format("the endpoint answered {}", status);
}

} // namespace

Verdict judge(const http::Outcome& outcome, base::Time began, base::Time now, int made,
              const DeliverySettings& settings, std::uint64_t seed) {
    Verdict verdict;
    verdict.attempt.at = began;
    verdict.attempt.ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - began).count();
    const std::optional<Heard> said = heard(outcome);
    schedule::Answer answer = schedule::Answer::again;
    std::optional<base::Duration> asked;
    if (said) {
        verdict.attempt.status = said->status;
        verdict.attempt.answer = base::to_valid_utf8(base::cut_bytes(said->body, answer_kept));
        answer = schedule::judge_delivery(said->status);
        if (said->retry_after)
            asked = schedule::read_retry_after(*said->retry_after, now);
    }
    if (answer == schedule::Answer::delivered) {
        verdict.state = model::DeliveryState::delivered;
        return verdict;
    }
    verdict.attempt.error =
        said ? words_for(said->status) : base::terminal_safe(outcome.error().error.message);
    verdict.endpoint_is_gone = answer == schedule::Answer::stop;
    const auto wait = schedule::wait_or_give_up(settings.retry, made, seed);
    const bool for_good = answer == schedule::Answer::again_twice && made >= attempts_at_a_no;
    if (verdict.endpoint_is_gone || for_good || !wait) {
        verdict.state = model::DeliveryState::failed;
        return verdict;
    }
    verdict.next = now + std::max(*wait, asked.value_or(base::Duration{}));
    return verdict;
}

} // namespace cdtd::pipeline
