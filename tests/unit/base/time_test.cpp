#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

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

TEST(FeedDate, table) {
    const Row rows[] = {
        {"Wed, 22 Jan 2025 11:52:20 +0000", "2025-01-22T11:52:20.000000Z"},
        {"22 Jan 25 11:52 GMT", "2025-01-22T11:52:00.000000Z"},
        {"22 Jan 99 11:52:20 Z", "1999-01-22T11:52:20.000000Z"},
        {"Jan 22 2025 11:52:20 +08:00", "2025-01-22T03:52:20.000000Z"},
        {"Sunday, December 7th, 2025 - 3:09pm", "2025-12-07T15:09:00.000000Z"},
        {"Nov. 16, 2020, 12:57 a.m.", "2020-11-16T00:57:00.000000Z"},
        {"mar., 01 déc. 2020 16:11:02 +0000", "2020-12-01T16:11:02.000000Z"},
        {"Thu Nov 12 2020 17:00:00 GMT+0100 (Somewhere)", "2020-11-12T16:00:00.000000Z"},
        {"03/30/2020 19:19", "2020-03-30T19:19:00.000000Z"},
        {"26/06/2020", "2020-06-26T00:00:00.000000Z"},
        {"30.10.23", "2023-10-30T00:00:00.000000Z"},
        {"Nov. 2020", "2020-11-01T00:00:00.000000Z"},
        {"Fri, 31 Mar 2023 20:19:00 America/Los_Angeles", "2023-04-01T03:19:00.000000Z"},
        {"Fri, 31 Mar 2023 20:19:00 Nowhere/Land", "2023-03-31T20:19:00.000000Z"},
        {"2024年05月28日 01:31", "2024-05-27T17:31:00.000000Z"},
        {"2024年5月28日", "2024-05-27T16:00:00.000000Z"},
        {"2024年5月28日 星期二 下午3:09", "2024-05-28T07:09:00.000000Z"},
        {"2024年5月28日 15时09分", "2024-05-28T07:09:00.000000Z"},
        {"2024年5月28日 01:31:15 +0000", "2024-05-28T01:31:15.000000Z"},
        {"2006-01-02 15:04:05", "2006-01-02T15:04:05.000000Z"},
        {"2020-11-08T16:20:00-05:00Z", "2020-11-08T21:20:00.000000Z"},
        {"2020-11-08T16:20:00-99:00", "2020-11-08T16:20:00.000000Z"},
        {"1520932969", "2018-03-13T09:22:49.000000Z"},
        {"1520932969123", "2018-03-13T09:22:49.123000Z"},
        {"2024年13月28日", ""},
        {"2024年5月28日 x", ""},
        {"yesterday", ""},
        {"12", ""},
        {"Mon", ""},
        {"16 Dec", ""},
        {"31 Apr 2020 00:00 GMT", ""},
        {"16 Dec 2012 16 Dec 2012", ""},
        {"99999999999999999999", ""},
    };
    for (const Row& row : rows)
        EXPECT_EQ(shown(parse_feed_date(row.text)), row.utc) << row.text;
    EXPECT_FALSE(parse_feed_date(std::string(100'000, '1')));
    EXPECT_FALSE(parse_feed_date(std::string(190, '(')));
}

std::vector<boost::json::object> corpus(const char* name) {
    std::vector<boost::json::object> rows;
    std::ifstream in(std::filesystem::path(CDTD_SOURCE_DIR) / "../shared/corpus/feeds" / name);
    for (std::string line; std::getline(in, line);)
        if (!line.empty())
            rows.push_back(boost::json::parse(line).as_object());
    return rows;
}

std::string text_of(const boost::json::object& row) {
    return std::string(row.at("input").as_string());
}

// Rows that are not meant to be met: other calendars' words, and years and days we do not guess at.
bool is_foreign(const boost::json::object& row) {
    const auto parser = row.contains("parser") ? row.at("parser").as_string() : boost::json::string("");
    return parser == "greek" || parser == "hungarian" || parser == "nate" || parser == "onblog" ||
           parser == "iso8601";
}

TEST(FeedDate, corpus_with_known_answers) {
    const auto rows = corpus("dates.jsonl");
    if (rows.empty())
        GTEST_SKIP() << "no corpus of dates here";
    int read = 0;
    for (const auto& row : rows) {
        const std::string text = text_of(row);
        if (is_foreign(row) || text == "9999-12-31T23:59:59-99:99" ||
            text == "2013-01-28T11:30:00-06:00Textra")
            continue;
        const auto time = parse_feed_date(text);
        if (row.at("epoch").is_null()) {
            EXPECT_FALSE(time) << text;
            continue;
        }
        ++read;
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(floor<seconds>(*time).time_since_epoch().count(), row.at("epoch").as_int64()) << text;
    }
    EXPECT_GT(read, 35);
}

TEST(FeedDate, corpus_of_odd_forms) {
    const auto rows = corpus("dates_more.jsonl");
    if (rows.empty())
        GTEST_SKIP() << "no corpus of dates here";
    for (const auto& row : rows) {
        const std::string text = text_of(row);
        if (trim(text).empty())
            continue;
        const auto time = parse_feed_date(text);
        ASSERT_TRUE(time) << text;
        if (row.at("epoch").is_int64())
            EXPECT_EQ(floor<seconds>(*time).time_since_epoch().count(), row.at("epoch").as_int64()) << text;
    }
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
