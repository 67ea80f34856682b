#include "pipeline/verdict.hpp"

#include <gtest/gtest.h>

namespace cdtd::pipeline {
namespace {

using namespace std::chrono_literals;
using schedule::Answer;

const base::Time now{std::chrono::sys_days{std::chrono::year(2026) / 11 / 24}};

notify::Reply reply(Answer meaning, int status) {
    notify::Reply r;
    r.meaning = meaning;
    r.status = status;
    if (meaning != Answer::delivered)
        r.error = "the endpoint answered " + std::to_string(status);
    r.slow_down = schedule::slows_down(status);
    return r;
}

notify::Reply answered(int status) {
    return reply(schedule::judge_delivery(status), status);
}

DeliverySettings settings() {
    DeliverySettings s;
    s.retry = {5s, 5min};
    return s;
}

Verdict judged(const notify::Reply& r, int attempts, const DeliverySettings& s = settings()) {
    return judge(r, {now - 40ms, now, attempts, model::DeliveryKind::event, 1}, s);
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
    EXPECT_GE(*first.next, now + 5s); // jitter only adds
    EXPECT_LE(*first.next, now + 6s);
    EXPECT_FALSE(first.paused_until);
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
    const auto at = [&](int made) { return judged(answered(404), made, patient).state; };
    EXPECT_EQ(at(1), model::DeliveryState::pending);
    EXPECT_EQ(at(2), model::DeliveryState::pending);
    EXPECT_EQ(at(3), model::DeliveryState::failed);
}

TEST(Verdict, GoneDisablesTheEndpoint) {
    const Verdict v = judged(answered(410), 1);
    EXPECT_TRUE(v.endpoint_is_gone);
    EXPECT_EQ(v.state, model::DeliveryState::failed);
}

TEST(Verdict, WhoAsksUsToSlowDownIsLeftAloneAsAWhole) {
    for (const int status : {429, 502, 503, 504}) {
        notify::Reply r = answered(status);
        r.retry_after = 3h;
        const Verdict v = judged(r, 1);
        EXPECT_EQ(v.next, now + 3h) << status;
        EXPECT_EQ(v.paused_until, now + 3h) << status;
        r.retry_after = 1s;
        EXPECT_GE(*judged(r, 1).next, now + 5s) << status; // it only lengthens
    }
    // Without a word about how long: no longer than later events wait for this one anyway.
    DeliverySettings s = settings();
    s.retry = {5s, 2h};
    EXPECT_LE(*judged(answered(503), 1, s).paused_until, now + 6s);
    EXPECT_EQ(judged(answered(503), 2, s).paused_until, now + 1h);
    EXPECT_EQ(judged(answered(503), 3, s).paused_until,
              now + 1h); // it failed for good, they wait all the same
    notify::Reply other = answered(500);
    other.retry_after = 3h;
    EXPECT_LE(*judged(other, 1).next, now + 6s); // only those four are asking
}

TEST(Verdict, ATestIsAnsweredByOneAttempt) {
    const Verdict v = judge(answered(500), {now, now, 1, model::DeliveryKind::test, 1}, settings());
    EXPECT_EQ(v.state, model::DeliveryState::failed);
    EXPECT_FALSE(v.next);
}

TEST(Verdict, NoAnswerKeepsTheReason) {
    notify::Reply r;
    r.error = "no answer in 15s";
    const Verdict v = judged(r, 1);
    EXPECT_FALSE(v.attempt.status);
    EXPECT_FALSE(v.attempt.answer);
    EXPECT_EQ(v.attempt.error, "no answer in 15s");
    EXPECT_TRUE(v.next);
}

TEST(Verdict, ADeliveryInPartIsOneWithAWordAboutIt) {
    notify::Reply r = reply(Answer::delivered, 250);
    r.error = "not taken for everyone: 550 nobody";
    const Verdict v = judged(r, 1);
    EXPECT_EQ(v.state, model::DeliveryState::delivered);
    EXPECT_EQ(v.attempt.error, r.error);
}

} // namespace
} // namespace cdtd::pipeline
