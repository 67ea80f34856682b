#include "pipeline/verdict.hpp"

#include <cdtd/schedule/retry.hpp>

#include <algorithm>

namespace cdtd::pipeline {

namespace {

constexpr int attempts_at_a_no = 3; // a 4xx fails for good at the third

} // namespace

Verdict judge(const notify::Reply& reply, const Made& made, const DeliverySettings& settings) {
    Verdict verdict;
    verdict.attempt.at = made.began;
    verdict.attempt.ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(made.ended - made.began).count();
    verdict.attempt.status = reply.status;
    if (!reply.answer.empty() || reply.status)
        verdict.attempt.answer = reply.answer;
    if (!reply.error.empty())
        verdict.attempt.error = reply.error;
    if (reply.meaning == schedule::Answer::delivered) {
        verdict.state = model::DeliveryState::delivered;
        return verdict;
    }
    verdict.endpoint_is_gone = reply.meaning == schedule::Answer::stop;
    const auto seed = made.seed * 31 + static_cast<std::uint64_t>(made.attempts);
    const auto wait = schedule::wait_or_give_up(settings.retry, made.attempts, seed);
    const auto asked = reply.slow_down ? reply.retry_after : std::nullopt;
    if (reply.slow_down) // where it does not say how long, no longer than others wait for this one anyway
        verdict.paused_until =
            made.ended + asked.value_or(std::min(wait.value_or(settings.order_wait), settings.order_wait));
    const bool for_good = reply.meaning == schedule::Answer::again_twice && made.attempts >= attempts_at_a_no;
    // A test has its answer: yes or no.
    if (made.kind == model::DeliveryKind::test || verdict.endpoint_is_gone || for_good || !wait) {
        verdict.state = model::DeliveryState::failed;
        return verdict;
    }
    verdict.next = made.ended + std::max(*wait, asked.value_or(base::Duration{}));
    return verdict;
}

} // namespace cdtd::pipeline
