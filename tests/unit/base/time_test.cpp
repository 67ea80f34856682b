#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <gtest/gtest.h>

namespace cdtd::base {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr Time noon = sys_days(2025y / January / 22) + 11h + 52min + 20s + 123456us;

TEST(Format, writes_each_form) {
    EXPECT_EQ(format_rfc3339(noon), "2025-01-22T11:52:20.123Z");
    EXPECT_EQ(format_warc_date(noon), "2025-01-22T11:52:20.123456Z");
    EXPECT_EQ(format_http_date(noon), "Wed, 22 Jan 2025 11:52:20 GMT");
    EXPECT_EQ(format_timestamp14(noon), "20250122115220");
}

TEST(Format, before_1970_and_outside_four_digits) {
    EXPECT_EQ(format_rfc3339(Time(-1us)), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(format_rfc3339(Time::min()), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(format_rfc3339(Time::max()), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(format_http_date(Time::max()), "Fri, 31 Dec 9999 23:59:59 GMT");
}

struct Row {
    const char* text;
    const char* utc; // "" = unreadable
};

std::string shown(const std::optional<Time>& time) {
    return time ? format_warc_date(*time) : "";
}

TEST(Rfc3339, table) {
    const Row rows[] = {
        {"2025", "2025-01-01T00:00:00.000000Z"},
        {"2025-01", "2025-01-01T00:00:00.000000Z"},
        {"2025-01-22", "2025-01-22T00:00:00.000000Z"},
        {"2025-01-22T11:52", "2025-01-22T11:52:00.000000Z"},
        {"2025-01-22T11:52:20Z", "2025-01-22T11:52:20.000000Z"},
        {"2025-01-22t11:52:20z", "2025-01-22T11:52:20.000000Z"},
        {" 2025-01-22 11:52:20+08:00 ", "2025-01-22T03:52:20.000000Z"},
        {"2025-01-22T11:52:20.1234567-0530", "2025-01-22T17:22:20.123456Z"},
        {"2024-02-29T24:00:00Z", "2024-03-01T00:00:00.000000Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"},
        {"2025-02-29", ""},
        {"2025-13-01", ""},
        {"2025-01-22T", ""},
        {"2025-01-22T25:00:00Z", ""},
        {"2025-01-22T24:00:01Z", ""},
        {"2025-01-22T11:60:00Z", ""},
        {"2025-01-22T11:52:61Z", ""},
        {"2025-01-22T11:52:20+99:00", ""},
        {"2025-01-22T11:52:20+08:00x", ""},
        {"2025-01-22T11:52:20 Europe", ""},
        {"20250122", ""},
        {"0000-01-01", ""},
        {"", ""},
    };
    for (const Row& row : rows)
        EXPECT_EQ(shown(parse_rfc3339(row.text)), row.utc) << row.text;
}

TEST(HttpDate, three_forms_and_nothing_else) {
    for (const char* text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
        EXPECT_EQ(shown(parse_http_date(text)), "1994-11-06T08:49:37.000000Z") << text;
    for (const char* text : {"0", "-1", "", "3600", "06 Nov 1994", "Sun, 06 Nov 1994 99:49:37 GMT"})
        EXPECT_FALSE(parse_http_date(text)) << text;
    EXPECT_EQ(parse_http_date(format_http_date(noon)), floor<seconds>(noon));
}

TEST(UserTime, dates_and_ages) {
    EXPECT_EQ(parse_user_time("7d", noon), noon - days(7));
    EXPECT_EQ(parse_user_time("12h", noon), noon - 12h);
    EXPECT_EQ(shown(parse_user_time("2025-01-01", noon)), "2025-01-01T00:00:00.000000Z");
    for (const char* text : {"", "seven", "-7d", "7", "Wed, 22 Jan 2025 11:52:20 GMT"})
        EXPECT_FALSE(parse_user_time(text, noon)) << text;
}

TEST(Durations, read_and_written) {
    const std::pair<const char*, Duration> rows[] = {{"90s", 90s},    {"15m", 15min},   {"12h", 12h},
                                                     {"7d", days(7)}, {"250ms", 250ms}, {"1h30m", 90min},
                                                     {"0s", 0s},      {" 5m ", 5min}};
    for (const auto& [text, duration] : rows)
        EXPECT_EQ(parse_duration(text).value(), duration) << text;
    const std::pair<Duration, const char*> written[] = {{90s, "90s"}, {90min, "90m"},     {60s, "1m"},
                                                        {24h, "1d"},  {36h, "36h"},       {250ms, "250ms"},
                                                        {0s, "0s"},   {1500ms, "1500ms"}, {-60s, "-1m"}};
    for (const auto& [duration, text] : written)
        EXPECT_EQ(format_duration(duration), text);
}

TEST(Durations, faults_are_named) {
    for (const char* text : {"", "90", "s", "-5s", "1.5h", "5x", "5M", "30m1h", "1h1h",
                             "99999999999999999999d", "9223372036854775807d", "36501d", "5 m"})
        EXPECT_EQ(parse_duration(text).error().code, Errc::usage) << text;
    EXPECT_NE(parse_duration("90").error().message.find("no unit"), std::string::npos);
    EXPECT_NE(parse_duration("5x").error().message.find("\"x\""), std::string::npos);
    EXPECT_EQ(parse_duration("\x1B[2Jx").error().message.find('\x1B'), std::string::npos);
}

TEST(Sizes, read) {
    const std::pair<const char*, std::uint64_t> rows[] = {
        {"16MiB", 16777216},     {"1GB", 1000000000}, {"512KiB", 524288}, {"100", 100}, {"0", 0},
        {"2 TiB", 2199023255552}};
    for (const auto& [text, size] : rows)
        EXPECT_EQ(parse_size(text).value(), size) << text;
    for (const char* text : {"", "MiB", "-1", "1.5GB", "5 apples", "99999999TiB", "18446744073709551616"})
        EXPECT_EQ(parse_size(text).error().code, Errc::usage) << text;
}

} // namespace
} // namespace cdtd::base
