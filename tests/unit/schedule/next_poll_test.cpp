#include <cdtd/base/time.hpp>
#include <cdtd/schedule/next_poll.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cdtd::schedule {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

// A Wednesday.
constexpr base::Time last = sys_days(2025y / January / 22) + 11h + 52min + 20s;

PollFacts facts() {
    PollFacts f;
    f.last_poll = last;
    f.interval = 1h;
    f.jitter = 0;
    f.backoff_max = 24h;
    return f;
}

const model::Bound& winner(const PollPlan& plan) {
    EXPECT_EQ(std::ranges::count(plan.bounds, true, &model::Bound::won), 1);
    return *std::ranges::find(plan.bounds, true, &model::Bound::won);
}

struct Row {
    const char* what;
    void (*set)(PollFacts&);
    base::Duration next;
    const char* won;
};

TEST(NextPoll, every_bound) {
    const Row rows[] = {
        {"nothing said", [](PollFacts&) {}, 1h, "interval"},
        {"ttl longer", [](PollFacts& f) { f.cadence.ttl = 2h; }, 2h, "ttl"},
        {"ttl shorter", [](PollFacts& f) { f.cadence.ttl = 5min; }, 1h, "interval"},
        {"sy", [](PollFacts& f) { f.cadence.update_period = 24h; }, 24h, "sy"},
        {"sy of a year is bounded", [](PollFacts& f) { f.cadence.update_period = days(365); }, days(7), "sy"},
        {"max-age", [](PollFacts& f) { f.cache_control = "public, max-age=7200"; }, 2h, "max-age"},
        {"max-age endless", [](PollFacts& f) { f.cache_control = "max-age=99999999999999999999"; }, days(7),
         "max-age"},
        {"no-cache frees", [](PollFacts& f) { f.cache_control = "no-cache, max-age=7200"; }, 1h, "interval"},
        {"max-age beats Expires",
         [](PollFacts& f) {
             f.cache_control = "max-age=60";
             f.expires = "Thu, 23 Jan 2025 11:52:20 GMT";
         },
         1h, "interval"},
        {"Expires without Date", [](PollFacts& f) { f.expires = "Wed, 22 Jan 2025 13:52:20 GMT"; }, 2h,
         "expires"},
        {"Expires against a Date that is a year off",
         [](PollFacts& f) {
             f.expires = "Mon, 22 Jan 2024 14:52:20 GMT";
             f.date = "Mon, 22 Jan 2024 11:52:20 GMT";
         },
         3h, "expires"},
        {"Expires in the past", [](PollFacts& f) { f.expires = "Wed, 22 Jan 2020 13:52:20 GMT"; }, 1h,
         "interval"},
        {"Expires 0", [](PollFacts& f) { f.expires = "0"; }, 1h, "interval"},
        {"Retry-After in seconds", [](PollFacts& f) { f.retry_after = "172800"; }, 48h, "retry-after"},
        {"Retry-After counts from the answer",
         [](PollFacts& f) {
             f.retry_after = "7200";
             f.date = "Wed, 22 Jan 2025 11:52:50 GMT";
         },
         2h + 30s, "retry-after"},
        {"Retry-After as a date", [](PollFacts& f) { f.retry_after = "Wed, 22 Jan 2025 15:52:20 GMT"; }, 4h,
         "retry-after"},
        {"Retry-After longer than backoff_max", [](PollFacts& f) { f.retry_after = "259200"; }, 72h,
         "retry-after"},
        {"one failure", [](PollFacts& f) { f.consecutive_failures = 1; }, 1h, "interval"},
        {"three failures", [](PollFacts& f) { f.consecutive_failures = 3; }, 4h, "backoff"},
        {"a thousand failures", [](PollFacts& f) { f.consecutive_failures = 1000; }, 24h, "backoff"},
        {"skipHours", [](PollFacts& f) { f.cadence.skip_hours = {12, 13, 24}; }, 2h + 7min + 40s,
         "skip-hours"},
        {"skipHours now too", [](PollFacts& f) { f.cadence.skip_hours = {11, 12}; }, 1h + 7min + 40s,
         "skip-hours"},
        {"skipDays", [](PollFacts& f) { f.cadence.skip_days = {3}; }, 12h + 7min + 40s, "skip-days"},
        {"skipDays, then skipHours",
         [](PollFacts& f) {
             f.cadence.skip_days = {3};
             f.cadence.skip_hours = {0, 1};
         },
         14h + 7min + 40s, "skip-hours"},
        {"all hours skipped is a mistake",
         [](PollFacts& f) {
             for (int h = 0; h < 24; ++h)
                 f.cadence.skip_hours.push_back(h);
             f.cadence.skip_days = {0, 1, 2, 3, 4, 5, 6, 77, -1};
         },
         1h, "interval"},
        {"unreadable headers",
         [](PollFacts& f) {
             f.retry_after = "soon";
             f.cache_control = "max-age=\"x";
             f.date = "???";
         },
         1h, "interval"},
    };
    for (const Row& row : rows) {
        PollFacts f = facts();
        row.set(f);
        const PollPlan plan = plan_next_poll(f);
        EXPECT_EQ(plan.next - last, row.next) << row.what << ": " << base::format_rfc3339(plan.next);
        EXPECT_EQ(winner(plan).kind, row.won) << row.what;
        EXPECT_EQ(winner(plan).until, plan.next) << row.what;
    }
}

TEST(NextPoll, bounds_say_where_they_come_from) {
    PollFacts f = facts();
    f.cadence.ttl = 30min;
    f.cache_control = "max-age=600";
    f.retry_after = "60";
    f.consecutive_failures = 2;
    const PollPlan plan = plan_next_poll(f);
    std::vector<std::string> lines;
    for (const auto& bound : plan.bounds)
        lines.push_back(bound.kind + " " + bound.value + " " + bound.origin);
    EXPECT_EQ(lines,
              (std::vector<std::string>{"interval 1h configuration", "backoff 2 failed in a row state",
                                        "ttl 30 feed", "max-age 600 response", "retry-after 60 response"}));
}

TEST(NextPoll, jitter_stays_inside_and_under_no_server_bound) {
    PollFacts f = facts();
    f.jitter = 0.1;
    bool early = false, late = false;
    for (f.seed = 0; f.seed < 2000; ++f.seed) {
        const PollPlan plan = plan_next_poll(f);
        ASSERT_GE(plan.next - last, 54min);
        ASSERT_LE(plan.next - last, 66min);
        ASSERT_EQ(plan.next, plan_next_poll(f).next);
        early = early || plan.next - last < 56min;
        late = late || plan.next - last > 64min;
        PollFacts bound = f;
        bound.cadence.ttl = 1h;
        ASSERT_GE(plan_next_poll(bound).next - last, 1h);
        PollFacts failing = f;
        failing.consecutive_failures = 2;
        ASSERT_GE(plan_next_poll(failing).next - last, 2h);
    }
    EXPECT_TRUE(early && late);
}

TEST(NextPoll, senseless_numbers_do_no_harm) {
    PollFacts f = facts();
    f.interval = base::Duration::max();
    f.jitter = std::nan("");
    f.backoff_max = base::Duration::max();
    f.consecutive_failures = 2'000'000'000;
    f.cadence.ttl = base::Duration::max();
    f.cadence.update_period = base::Duration::min();
    EXPECT_LE(plan_next_poll(f).next, last + days(400));
    f.interval = -1h;
    EXPECT_GE(plan_next_poll(f).next, last);
}

TEST(RetryAfter, table) {
    const std::pair<const char*, std::optional<base::Duration>> rows[] = {
        {"120", 120s},
        {" 120 ", 120s},
        {"0", 0s},
        {"99999999999999999999999", days(7)},
        {"Wed, 22 Jan 2025 11:53:20 GMT", 60s},
        {"Wed, 22 Jan 2035 11:53:20 GMT", days(7)},
        {"Wed, 22 Jan 2025 11:52:20 GMT", std::nullopt},
        {"-1", std::nullopt},
        {"1.5", std::nullopt},
        {"", std::nullopt},
        {"soon", std::nullopt}};
    for (const auto& [value, wait] : rows)
        EXPECT_EQ(read_retry_after(value, last), wait) << value;
}

TEST(MaxAge, table) {
    const std::pair<const char*, std::optional<base::Duration>> rows[] = {
        {"max-age=300", 300s},
        {"public , Max-Age = \"300\"", 300s},
        {"ext=\"a, max-age=5\", max-age=300", 300s},
        {"ext=\"a\\\", max-age=5\", max-age=300", 300s},
        {"no-cache=\"Set-Cookie\", max-age=300", 300s},
        {"s-maxage=10", std::nullopt},
        {"max-age=300, no-store", std::nullopt},
        {"NO-CACHE", std::nullopt},
        {"max-age=300, max-age=5", 300s},
        {"max-age=x", 0s},
        {"max-age", 0s},
        {"max-age=99999999999999999999", days(7)},
        {"", std::nullopt},
        {",,;\"", std::nullopt}};
    for (const auto& [value, age] : rows)
        EXPECT_EQ(read_max_age(value), age) << value;
}

} // namespace
} // namespace cdtd::schedule
