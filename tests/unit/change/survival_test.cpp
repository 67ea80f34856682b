#include <cdtd/base/time.hpp>
#include <cdtd/change/survival.hpp>

#include <gtest/gtest.h>

namespace cdtd::change {
namespace {

using std::chrono::hours;

Life life(std::string platform, std::string state, std::optional<int> reported, std::optional<int> gone) {
    Life one;
    one.platform = std::move(platform);
    one.outlet = "渡口周刊";
    one.state = std::move(state);
    one.looked_at = true;
    one.published = base::Time(hours(0));
    if (reported)
        one.reported = base::Time(hours(*reported));
    if (gone)
        one.gone = base::Time(hours(*gone));
    return one;
}

TEST(Survival, byPlatformAndOutlet) {
    std::vector<Life> lives = {life("weixin", "censored", 10, 4), life("weixin", "deleted", {}, 8),
                               life("weixin", "alive", {}, {}), life("weibo", "", 20, {}),
                               life("weixin", "deleted", -5, -3)};
    lives[3].outlet.clear();
    lives[2].looked_at = false;
    const auto found = survey_lives(lives);
    EXPECT_EQ(found.all.sources, 5);
    EXPECT_EQ(found.all.looked_at, 4);
    EXPECT_EQ(found.all.reported, 3);
    ASSERT_EQ(found.by_platform.size(), 2U);
    const auto& weixin = found.by_platform[0];
    EXPECT_EQ(weixin.name, "weixin");
    EXPECT_EQ(weixin.sources, 4);
    EXPECT_EQ(weixin.alive, 1);
    EXPECT_EQ(weixin.deleted, 2);
    EXPECT_EQ(weixin.censored, 1);
    EXPECT_EQ(weixin.lived.count, 2) << "ends before beginnings are not counted";
    EXPECT_EQ(weixin.lived.shortest, hours(4));
    EXPECT_EQ(weixin.lived.median, hours(4));
    EXPECT_EQ(weixin.lived.longest, hours(8));
    EXPECT_EQ(weixin.reported_after.median, hours(10));
    EXPECT_EQ(weixin.gone_after.count, 2);
    ASSERT_EQ(found.by_outlet.size(), 1U);
    EXPECT_EQ(found.by_outlet[0].sources, 4);
    EXPECT_EQ(survey_lives({}).all.lived.count, 0);
    EXPECT_FALSE(survey_lives({}).all.lived.median);
}

TEST(Survival, quartilesByNearestRank) {
    std::vector<Life> lives;
    for (const int n : {5, 1, 3, 2, 4, 7, 6, 8})
        lives.push_back(life("weixin", "deleted", {}, n));
    const auto lived = survey_lives(lives).all.lived;
    EXPECT_EQ(lived.quarter, hours(2));
    EXPECT_EQ(lived.median, hours(4));
    EXPECT_EQ(lived.three_quarters, hours(6));
}

TEST(Survival, aDateIsADayInBeijing) {
    EXPECT_EQ(day_in_beijing("2025-01-22"), base::parse_rfc3339("2025-01-21T16:00:00Z"));
    EXPECT_FALSE(day_in_beijing("2025-01"));
    EXPECT_FALSE(day_in_beijing("2025-13-40"));
    EXPECT_FALSE(day_in_beijing(""));
}

} // namespace
} // namespace cdtd::change
