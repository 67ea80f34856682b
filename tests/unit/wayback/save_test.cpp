#include "unit/wayback/replies.hpp"

#include <cdtd/wayback/save.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::wayback {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using State = SaveJob::State;

const base::Time now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 10h};
const SaveSettings settings{6s, {10min, 1h, 12h}};

TEST(Save, ClassesOfErrors) {
    for (const char* word :
         {"error:bad-gateway", "error:too-many-requests", "error:user-session-limit", "celery"})
        EXPECT_EQ(class_of(word), SaveClass::transient) << word;
    for (const char* word : {"error:too-many-daily-captures", "error:max-daily-bandwidth-host"})
        EXPECT_EQ(class_of(word), SaveClass::tomorrow) << word;
    for (const char* word : {"error:not-found", "error:invalid-host-resolution", "error:blocked"})
        EXPECT_EQ(class_of(word), SaveClass::source) << word;
    for (const char* word : {"error:blocked-url", "error:no-such-word-yet", "", "error:"})
        EXPECT_EQ(class_of(word), SaveClass::permanent) << word;
}

TEST(Save, WhatASubmissionIsAnswered) {
    const auto taken = read_submission(reply(200, R"({"url":"https://example.org/","job_id":"spn2-00ff"})"));
    ASSERT_TRUE(taken && std::holds_alternative<Accepted>(*taken));
    EXPECT_EQ(std::get<Accepted>(*taken).job_id, "spn2-00ff");
    const auto there = read_submission(reply(
        200, R"({"url":"x","job_id":null,"message":"The same snapshot had been made 177 hours ago."})"));
    EXPECT_TRUE(there && std::holds_alternative<AlreadyThere>(*there));
    const auto error = read_submission(reply(
        200, R"({"status":"error","status_ext":"error:too-many-daily-captures","message":"5 times today"})"));
    ASSERT_TRUE(error && std::holds_alternative<SaveError>(*error));
    EXPECT_EQ(std::get<SaveError>(*error).kind, SaveClass::tomorrow);
    const auto busy =
        read_submission(reply(200, R"({"message":"You have already reached the limit of active sessions"})"));
    ASSERT_TRUE(busy && std::holds_alternative<SaveError>(*busy));
    EXPECT_EQ(std::get<SaveError>(*busy).kind, SaveClass::transient);
    EXPECT_THAT(read_submission(reply(401, R"({"message":"You need to be logged in"})")).error().reason,
                HasSubstr("access_key_file"));
    EXPECT_EQ(read_submission(reply(429, "<html>")).error().trouble, Trouble::throttled);
    for (const auto& bad :
         {reply(200, ""), reply(200, "<html>"), reply(200, "{}"), reply(200, R"({"job_id":"../x"})"),
          reply(200, R"({"job_id":7.5})"), reply(502, "")})
        EXPECT_FALSE(read_submission(bad)) << bad.body;
    EXPECT_EQ(submission_form("https://example.org/a?b=1", 24h),
              "url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1&if_not_archived_within=86400");
}

TEST(Save, WhatIsSaidOfAJob) {
    EXPECT_TRUE(
        std::holds_alternative<Pending>(*read_job(reply(200, R"({"status":"pending","resources":[]})"))));
    const auto saved = read_job(reply(
        200, R"({"status":"success","timestamp":"20260827142259","original_url":"https://example.org/"})"));
    ASSERT_TRUE(saved && std::holds_alternative<Saved>(*saved));
    EXPECT_EQ(std::get<Saved>(*saved).timestamp, "20260827142259");
    const auto error =
        read_job(reply(200, R"({"status":"error","status_ext":"error:not-found","message":"gone"})"));
    ASSERT_TRUE(error && std::holds_alternative<SaveError>(*error));
    EXPECT_EQ(std::get<SaveError>(*error).kind, SaveClass::source);
    for (const auto& bad : {reply(200, R"({"status":"success"})"), reply(200, R"({"status":"new word"})"),
                            reply(200, "[]"), reply(504, "")})
        EXPECT_FALSE(read_job(bad)) << bad.body;
}

TEST(Save, TheQuotaIsNeverOverrunAndATenthIsKeptForTheYoung) {
    const auto quota = read_quota(
        reply(200, R"({"available":3,"processing":0,"daily_captures":49,"daily_captures_limit":100})"));
    ASSERT_TRUE(quota);
    EXPECT_TRUE(may_submit(*quota, false, 0));
    EXPECT_TRUE(may_submit(*quota, false, 89));
    EXPECT_FALSE(may_submit(*quota, false, 90)); // what we know of counts, though they do not count it yet
    EXPECT_TRUE(may_submit(*quota, true, 99));
    EXPECT_FALSE(may_submit(*quota, true, 100));
    EXPECT_FALSE(may_submit({0, 3, 0, 100}, true, 0));
    EXPECT_FALSE(may_submit({3, 0, 0, 0}, true, 0));
    EXPECT_FALSE(read_quota(reply(200, R"({"available":3})")));
}

TEST(Save, FromWaitingToVerified) {
    SaveJob job = submitting({}, now);
    EXPECT_EQ(job.state, State::submitting);
    job = heard_submission(job, Submission(Accepted{"spn2-1"}), true, now, settings);
    EXPECT_EQ(job.state, State::submitted);
    EXPECT_EQ(job.due, now + 6s);
    job = heard_job(job, JobAnswer(Pending{}), now + 6s, settings);
    EXPECT_EQ(job.due, now + 12s);
    job = heard_job(job, JobAnswer(Saved{"20261120100030", "x"}), now + 30s, settings);
    EXPECT_EQ(job.state, State::captured);
    EXPECT_EQ(job.due, now + 30s + 10min);
    for (const auto wait : {1h, 12h, 48h}) { // it is not listed yet
        job = looked_for(job, false, *job.due, settings);
        EXPECT_EQ(job.due, now + 30s + wait);
        EXPECT_EQ(job.state, State::captured);
    }
    EXPECT_EQ(looked_for(job, std::nullopt, now, settings).due, now + 10min); // no look at all
    EXPECT_EQ(looked_for(job, false, now, settings).state, State::waiting);   // it never was
    job = looked_for(job, true, now, settings);
    EXPECT_EQ(job.state, State::verified);
    EXPECT_EQ(job.due, std::nullopt);
}

TEST(Save, WhatNobodyAnsweredIsNotSubmittedAgain) {
    const SaveJob job = submitting({}, now);
    for (const SaveJob& lost :
         {recovered(job, now), heard_submission(job, std::unexpected(Problem{}), false, now, settings)}) {
        EXPECT_EQ(lost.state, State::captured); // the index will tell
        EXPECT_EQ(lost.due, now + 10min);
    }
    const SaveJob open = heard_submission(job, Submission(Accepted{"spn2-1"}), true, now, settings);
    EXPECT_EQ(recovered(open, now), open);
    SaveJob forgotten = heard_job(open, std::unexpected(Problem{}), now + 1h, settings);
    EXPECT_EQ(forgotten.due, now + 1h + 10min); // asked now and then, never given up at once
    EXPECT_EQ(heard_job(open, JobAnswer(Pending{}), now + 25h, settings).state, State::captured);
}

TEST(Save, ErrorsWaitByTheirClass) {
    const auto after = [](SaveClass kind) {
        return heard_job(submitting({}, now), JobAnswer(SaveError{kind, "words"}), now, settings);
    };
    EXPECT_EQ(after(SaveClass::transient).state, State::waiting);
    EXPECT_GE(after(SaveClass::transient).due, now + 10min);
    EXPECT_EQ(after(SaveClass::tomorrow).due, now + 14h + 10min);
    for (const auto kind : {SaveClass::source, SaveClass::permanent}) {
        EXPECT_EQ(after(kind).state, State::failed);
        EXPECT_GE(after(kind).due, now + 7 * 24h); // never hot
        EXPECT_EQ(after(kind).error, "words");
    }
}

} // namespace
} // namespace cdtd::wayback
