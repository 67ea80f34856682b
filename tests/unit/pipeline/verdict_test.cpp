#include "pipeline/verdict.hpp"

#include <gtest/gtest.h>

namespace cdtd::pipeline {
namespace {

using namespace std::chrono_literals;

const base::Time now{std::chrono::sys_days{std::chrono::year(2026) / 11 / 24}};

http::Outcome answered(int status, http::Headers headers = {}) {
    http::Response response;
    response.status = status;
    http::Hop hop;
    hop.status = status;
    hop.headers = std::move(headers);
    response.hops.push_back(hop);
    return response;
}

DeliverySettings settings() {
    DeliverySettings s;
    s.retry = {5s, 5min};
    return s;
}

Verdict judged(const http::Outcome& outcome, int made) {
    return judge(outcome, now - 40ms, now, made, settings(), 1);
}

TEST(Verdict, SuccessIsFinal) {
    const Verdict v = judged(answered(204), 1);
    EXPECT_EQ(v.state, model::DeliveryState::delivered);
    EXPECT_FALSE(v.next);
    EXPECT_EQ(v.attempt.status, 204);
    EXPECT_EQ(v.attempt.ms, 40);
    EXPECT_FALSE(v.attempt.error);
}

TEST(Verdict, AServerErrorIsTriedAgainByTheScheduleAndThenFails) {
    const Verdict first = judged(answered(500), 1);
    ASSERT_TRUE(first.next);
    EXPECT_GE(*first.next, now + 5s);
    EXPECT_LE(*first.next, now + 6s);
    const Verdict second = judged(answered(500), 2);
    ASSERT_TRUE(second.next);
    EXPECT_GE(*second.next, now + 5min);
    const Verdict third = judged(answered(500), 3);
    EXPECT_EQ(third.state, model::DeliveryState::failed);
    EXPECT_FALSE(third.next);
}

TEST(Verdict, ANoIsFinalAtTheThirdAttempt) {
    DeliverySettings patient = settings();
    patient.retry = {5s, 5s, 5s, 5s};
    const auto at = [&](int made) { return judge(answered(404), now, now, made, patient, 1).state; };
    EXPECT_EQ(at(1), model::DeliveryState::pending);
    EXPECT_EQ(at(2), model::DeliveryState::pending);
    EXPECT_EQ(at(3), model::DeliveryState::failed);
}

TEST(Verdict, GoneDisablesTheEndpoint) {
    const Verdict v = judged(answered(410), 1);
    EXPECT_TRUE(v.endpoint_is_gone);
    EXPECT_EQ(v.state, model::DeliveryState::failed);
}

TEST(Verdict, RetryAfterOnlyLengthens) {
    EXPECT_GE(*judged(answered(429, {{"Retry-After", "3600"}}), 1).next, now + 1h);
    EXPECT_GE(*judged(answered(429, {{"Retry-After", "1"}}), 1).next, now + 5s);
}

TEST(Verdict, ARedirectIsAFailureThatSaysWhatToDo) {
    const Verdict v = judged(answered(302), 1);
    EXPECT_EQ(v.state, model::DeliveryState::pending);
    EXPECT_NE(v.attempt.error->find("not followed"), std::string::npos);
}

TEST(Verdict, AnAnswerThatIsTooLongIsAnAnswer) {
    http::Hop hop;
    hop.status = 200;
    hop.body = std::string(5000, 'x');
    const http::Outcome outcome = std::unexpected(
        http::Failure{{base::Errc::too_large, "over 1 MiB"}, {hop}, std::nullopt, "", nullptr});
    const Verdict v = judged(outcome, 1);
    EXPECT_EQ(v.state, model::DeliveryState::delivered);
    EXPECT_EQ(v.attempt.answer->size(), 1024u);
}

TEST(Verdict, NoAnswerKeepsTheReason) {
    http::Outcome outcome = std::unexpected(
        http::Failure{{base::Errc::timeout, "no answer\x1b[31m in 15s"}, {}, std::nullopt, "", nullptr});
    const Verdict v = judged(outcome, 1);
    EXPECT_FALSE(v.attempt.status);
    EXPECT_EQ(v.attempt.error->find('\x1b'), std::string::npos);
    EXPECT_TRUE(v.next);
}

} // namespace
} // namespace cdtd::pipeline
