#include <cdtd/schedule/pacer.hpp>
#include <cdtd/schedule/retry.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace cdtd::schedule {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using base::Duration;
using base::Time;

TEST(Retry, repeats_the_last_and_only_adds) {
    const std::vector<Duration> waits{5s, 5min, 30min};
    for (std::uint64_t seed = 0; seed < 500; ++seed)
        for (const auto& [attempts, wait] : {std::pair(1, Duration(5s)),
                                             {2, 5min},
                                             {3, 30min},
                                             {4, 30min},
                                             {1'000'000, 30min},
                                             {0, 5s},
                                             {-7, 5s}}) {
            const Duration got = wait_repeating(waits, attempts, seed);
            ASSERT_GE(got, wait) << attempts;
            ASSERT_LE(got, wait + wait / 10) << attempts;
            ASSERT_EQ(got, wait_repeating(waits, attempts, seed));
        }
    EXPECT_NE(wait_repeating(waits, 3, 1), wait_repeating(waits, 3, 2));
    EXPECT_GE(wait_repeating({}, 1, 0), 1min);
}

TEST(Retry, gives_up_past_the_end) {
    const std::vector<Duration> waits{5s, 5min};
    EXPECT_TRUE(wait_or_give_up(waits, 1, 0));
    EXPECT_GE(wait_or_give_up(waits, 2, 0).value(), 5min);
    EXPECT_FALSE(wait_or_give_up(waits, 3, 0));
    EXPECT_FALSE(wait_or_give_up({}, 1, 0));
}

TEST(Retry, backoff_doubles_up_to_its_longest) {
    const std::pair<int, Duration> rows[] = {
        {-1, 1min}, {0, 1min},  {1, 1min}, {2, 2min},
        {3, 4min},  {6, 32min}, {7, 1h},   {std::numeric_limits<int>::max(), 1h}};
    for (const auto& [failures, wait] : rows)
        EXPECT_EQ(backoff(1min, failures, 1h), wait) << failures;
    EXPECT_EQ(backoff(2h, 1, 1h), 1h);
    EXPECT_EQ(backoff(0s, std::numeric_limits<int>::max(), 1h), 0s);
    EXPECT_EQ(backoff(1min, 200, Duration::max()), Duration::max());
}

TEST(Retry, answers_of_a_webhook) {
    for (const int status : {200, 202, 204, 299})
        EXPECT_EQ(judge_delivery(status), Answer::delivered) << status;
    for (const int status : {400, 401, 403, 404, 422, 499})
        EXPECT_EQ(judge_delivery(status), Answer::again_twice) << status;
    for (const int status : {408, 425, 429, 500, 502, 503, 301, 100, 0, 600, -1})
        EXPECT_EQ(judge_delivery(status), Answer::again) << status;
    EXPECT_EQ(judge_delivery(410), Answer::stop);
}

constexpr Time now = sys_days(2025y / January / 22) + 12h;

TEST(Pacer, one_at_once_with_a_pause_between_starts) {
    Pacer pacer(1, 2s);
    EXPECT_EQ(pacer.next_start(now), now);
    EXPECT_TRUE(pacer.idle(now));
    pacer.started(now);
    EXPECT_EQ(pacer.next_start(now + 5s), std::nullopt);
    EXPECT_FALSE(pacer.idle(now + 1h));
    pacer.ended();
    EXPECT_EQ(pacer.next_start(now + 1s), now + 2s);
    EXPECT_FALSE(pacer.idle(now + 1s));
    EXPECT_EQ(pacer.next_start(now + 3s), now + 3s);
    EXPECT_TRUE(pacer.idle(now + 2s));
}

TEST(Pacer, several_at_once_still_start_apart) {
    Pacer pacer(2, 2s);
    pacer.started(now);
    EXPECT_EQ(pacer.next_start(now), now + 2s);
    pacer.started(now + 2s);
    EXPECT_EQ(pacer.running(), 2U);
    EXPECT_FALSE(pacer.next_start(now + 9s));
    pacer.ended();
    EXPECT_EQ(pacer.next_start(now + 9s), now + 9s);
    pacer.ended();
    pacer.ended(); // one too many must not open the gate wider
    EXPECT_EQ(pacer.running(), 0U);
}

TEST(Pacer, closing_is_never_shortened) {
    Pacer pacer(1, 2s);
    pacer.close_until(now + 1h);
    pacer.close_until(now + 1min);
    EXPECT_EQ(pacer.closed_until(), now + 1h);
    EXPECT_EQ(pacer.next_start(now), now + 1h);
    EXPECT_FALSE(pacer.idle(now + 59min));
    EXPECT_TRUE(pacer.idle(now + 1h));
}

TEST(Pacer, a_clock_set_back_does_not_undo_a_start) {
    Pacer pacer(1, 2s);
    pacer.started(now);
    pacer.ended();
    pacer.started(now - 1h);
    pacer.ended();
    EXPECT_EQ(pacer.next_start(now - 1h), now + 2s);
}

} // namespace
} // namespace cdtd::schedule
