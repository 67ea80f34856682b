#include <cdtd/wayback/pacing.hpp>

#include <gtest/gtest.h>

#include <deque>

namespace cdtd::wayback {
namespace {

using namespace std::chrono_literals;

const PaceSettings settings;
const base::Time begin{10000h};

TEST(Pacing, NoMinuteHoldsMoreThanTheLimit) {
    for (const int limit : {1, 6, 24, 30, 600}) {
        std::deque<base::Time> starts;
        base::Time now = begin, free_at = begin;
        for (int i = 0; i < 3 * limit + 10; ++i) {
            if (const auto wait = wait_until({}, free_at, now))
                now = *wait;
            starts.push_back(now);
            free_at = now + spacing_of(limit);
            while (starts.front() <= now - 1min)
                starts.pop_front();
            EXPECT_LE(starts.size(), static_cast<std::size_t>(limit));
        }
        EXPECT_LE(now - begin, spacing_of(limit) * (3 * limit + 10));
    }
}

TEST(Pacing, WhatTookLongCountsFromItsEnd) {
    EXPECT_EQ(counted_start(begin, begin + 200ms), begin);
    EXPECT_EQ(counted_start(begin, begin + 1s), begin);
    EXPECT_EQ(counted_start(begin, begin + 40s), begin + 39s);
    EXPECT_EQ(counted_start(begin, begin - 1h), begin); // the clock was set back
    // However late each request arrives before its answer: no minute of the server holds one too many.
    for (const auto late : {0s, 1s, 5s, 30s}) {
        std::deque<base::Time> arrivals;
        base::Time now = begin, free_at = begin;
        for (int i = 0; i < 100; ++i) {
            now = std::max(now, free_at);
            const base::Time end = now + (i % 7 == 0 ? late : 0s);
            arrivals.push_back(end);
            free_at = counted_start(now, end) + spacing_of(24);
            now = end;
            while (arrivals.front() <= arrivals.back() - 1min)
                arrivals.pop_front();
            EXPECT_LE(arrivals.size(), 24u);
        }
    }
}

TEST(Pacing, PausesDoubleAndAnAnswerEndsThem) {
    HostPace host;
    base::Time now = begin;
    for (const auto wait : {60s, 120s, 240s, 480s}) {
        host = heard(host, Contact::throttled, now, settings);
        EXPECT_EQ(wait_until(host, now, now), now + wait);
        now += wait;
        EXPECT_EQ(wait_until(host, now, now), std::nullopt);
        host = started(host, now);
    }
    host = heard(host, Contact::answered, now, settings);
    EXPECT_EQ(host, HostPace{});
    host = heard(host, Contact::throttled, now, settings, 600s);
    EXPECT_EQ(wait_until(host, now, now), now + 600s);
    host = heard({}, Contact::throttled, now, settings, 10s); // less than our own is no help
    EXPECT_EQ(wait_until(host, now, now), now + 60s);
    host = heard({}, Contact::throttled, now, settings, 24h * 365);
    EXPECT_EQ(wait_until(host, now, now), now + 24h);
    EXPECT_NE(host.reason, "");
}

TEST(Pacing, ARefusedConnectionOpensTheCircuitForAnHourAndMore) {
    base::Time now = begin;
    HostPace host = heard({}, Contact::throttled, now, settings);
    for (const auto wait : {1h, 2h, 4h, 8h, 16h, 24h, 24h}) {
        host = heard(host, Contact::refused, now, settings);
        EXPECT_EQ(wait_until(host, now, now), now + wait);
        now += wait;
    }
    EXPECT_EQ(heard(host, Contact::answered, now, settings), HostPace{});
}

TEST(Pacing, NobodyGoesOnWaitingForAHostThatGivesNoAnswer) {
    HostPace host;
    base::Time now = begin;
    for (const auto wait : {0s, 0s, 60s, 120s, 240s}) {
        host = heard(started(host, now), Contact::silent, now, settings);
        EXPECT_EQ(wait_until(host, now, now), wait == 0s ? std::nullopt : std::optional(now + wait));
        now += wait;
    }
    for (int i = 0; i < 20; ++i)
        host = heard(host, Contact::silent, now, settings);
    EXPECT_EQ(wait_until(host, now, now), now + 1h);
    host = heard(host, Contact::failed, now + 2h, settings); // a 503 is an answer
    host = heard(host, Contact::silent, now + 2h, settings);
    EXPECT_EQ(wait_until(host, now, now + 2h), std::nullopt);
}

TEST(Pacing, AFailureChangesNothing) {
    const HostPace host = heard({}, Contact::throttled, begin, settings);
    EXPECT_EQ(heard(started(host, begin), Contact::failed, begin, settings), host);
}

TEST(Pacing, ARequestThatWasOutWhenTheRunEndedMayHaveBeenA429) {
    EXPECT_EQ(recovered({}, settings), HostPace{});
    const HostPace host = recovered(started({}, begin), settings);
    EXPECT_EQ(wait_until(host, begin, begin + 1s), begin + 60s);
    EXPECT_EQ(host.in_flight, std::nullopt);
    HostPace twice =
        heard(heard({}, Contact::throttled, begin, settings), Contact::throttled, begin, settings);
    twice = recovered(started(twice, begin + 120s), settings);
    EXPECT_EQ(wait_until(twice, begin, begin + 121s), begin + 120s + 240s);
}

TEST(Pacing, AClockThatWasSetBackClosesNothingForYears) {
    HostPace host = heard({}, Contact::throttled, begin, settings);
    const base::Time past{1h};
    EXPECT_EQ(wait_until(host, past, past), past + 24h);
    EXPECT_EQ(wait_until({}, begin, past), past + 2min);
}

} // namespace
} // namespace cdtd::wayback
