#include <cdtd/schedule/rhythm.hpp>
#include <cdtd/schedule/starts.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace cdtd::schedule {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

const base::Time start{sys_days{year(2026) / 11 / 24}};

std::vector<base::Time> every(base::Duration gap, int count) {
    std::vector<base::Time> times;
    for (int i = 0; i < count; ++i)
        times.push_back(start - i * gap);
    return times;
}

TEST(Rhythm, too_few_entries_tell_nothing) {
    EXPECT_FALSE(unusual_silence({}));
    EXPECT_FALSE(unusual_silence(every(1h, 5)));
    EXPECT_TRUE(unusual_silence(every(1h, 6)));
}

TEST(Rhythm, eight_usual_gaps_but_a_day_at_least_and_ninety_at_most) {
    EXPECT_EQ(unusual_silence(every(1h, 20)), days(1));
    EXPECT_EQ(unusual_silence(every(12h, 20)), days(4));
    EXPECT_EQ(unusual_silence(every(days(60), 20)), days(90));
    EXPECT_EQ(unusual_silence(std::vector<base::Time>(20, start)), days(1)) << "all of one moment";
}

TEST(Rhythm, a_feed_that_rests_is_given_its_rest) {
    auto times = every(1h, 20);
    times.push_back(start + days(4)); // a long weekend
    EXPECT_EQ(unusual_silence(times), days(6));
}

TEST(Rhythm, the_order_of_the_entries_does_not_matter) {
    auto times = every(12h, 9);
    std::ranges::reverse(times);
    std::swap(times[2], times[6]);
    EXPECT_EQ(unusual_silence(times), days(4));
}

TEST(Starts, latecomers_stand_in_line_and_the_first_does_not_wait) {
    Starts starts(500ms);
    EXPECT_EQ(starts.take(start), start);
    EXPECT_EQ(starts.take(start), start + 500ms);
    EXPECT_EQ(starts.take(start), start + 1s);
    EXPECT_EQ(starts.take(start + 10s), start + 10s) << "the line has run out";
    EXPECT_EQ(starts.take(start + 10s), start + 10s + 500ms);
}

} // namespace
} // namespace cdtd::schedule
