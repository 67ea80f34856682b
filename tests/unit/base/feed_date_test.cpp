// The dates of feeds: our own table, and the rows of other readers' tests, each of which is settled.
#include <cdtd/base/time.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace cdtd::base {
namespace {

using namespace std::chrono;

struct Row {
    const char* text;
    const char* utc; // "" = unreadable
};

std::string shown(const std::optional<Time>& time) {
    return time ? format_warc_date(*time) : "";
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
        {"二〇二四年五月二十八日", "2024-05-27T16:00:00.000000Z"},
        {"2024年十二月三十一日二十三点五十九分", "2024-12-31T15:59:00.000000Z"},
        {"２０２４年５月２８日　１５：０９", "2024-05-28T07:09:00.000000Z"},
        {"2024-05-28 下午 3:09", "2024-05-28T07:09:00.000000Z"},
        {"2024/5/28（星期二）15時09分", "2024-05-28T07:09:00.000000Z"},
        {"2024年5月28号 晚上8点半", "2024-05-28T12:30:00.000000Z"},
        {"2024年5月28日 中午12:10", "2024-05-28T04:10:00.000000Z"},
        {"2024年05月28日01:31", "2024-05-27T17:31:00.000000Z"},
        {"2024年05月28日 15:09 UTC+8", "2024-05-28T07:09:00.000000Z"},
        {"2024年05月28日 15:09:01 GMT", "2024-05-28T15:09:01.000000Z"},
        {"2024-05-28 15:09（北京时间）", "2024-05-28T07:09:00.000000Z"},
        {"2024年 5월 28일 오후 3:09", "2024-05-28T06:09:00.000000Z"},
        {"11 Ιούλ 2004 12:00 GMT", "2004-07-11T12:00:00.000000Z"},
        {"2004-július-13T9:15-05:00", "2004-07-13T14:15:00.000000Z"},
        {"20250122", "2025-01-22T00:00:00.000000Z"},
        {"25-01-22", "2025-01-22T00:00:00.000000Z"},
        {"22-01-2025", "2025-01-22T00:00:00.000000Z"},
        {"22 Jan 2025 11:52:20 +0100 CET", "2025-01-22T10:52:20.000000Z"},
        {"2006-01-02 15:04:05", "2006-01-02T15:04:05.000000Z"},
        {"2020-11-08T16:20:00-05:00Z", "2020-11-08T21:20:00.000000Z"},
        {"2020-11-08T16:20:00-99:00", "2020-11-08T16:20:00.000000Z"},
        {"1520932969", "2018-03-13T09:22:49.000000Z"},
        {"1520932969123", "2018-03-13T09:22:49.123000Z"},
        {"2024年13月28日", ""},
        {"2024年5月28日 x", ""},
        {"2024年5月", ""},
        {"5月28日", ""},
        {"昨天 15:30", ""},
        {"3小时前", ""},
        {"2025-01-22T11:52:20+01:00 extra", ""},
        {"20251322", ""},
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

std::string seconds_of(const std::optional<Time>& time) {
    return time ? format_rfc3339(floor<seconds>(*time)).substr(0, 19) + "Z" : "";
}

/// Rows by their number, whose answer is not ours: what we read, and why.
struct Other {
    std::size_t row;
    const char* utc;
    const char* reason;
};

TEST(FeedDate, corpus_with_known_answers) {
    const auto rows = corpus("dates.jsonl");
    if (rows.empty())
        GTEST_SKIP() << "no corpus of dates here";
    const Other others[] = {
        {6, "", "a year of two digits and a month without a dash may be anything: the text is kept"},
        {7, "", "six digits may be a date, a time or a number: the text is kept"},
        {9, "", "a year of two digits behind a dash may be anything: the text is kept"},
        {10, "", "five digits are nobody's date: the text is kept"},
        {12, "", "a month of three digits is an error, and guessing which digit is too much is not reading"},
        {59, "9999-12-31T23:59:59Z", "an offset out of range is taken for UTC, as in every other date"},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string text = text_of(rows[i]);
        const auto& utc = rows[i].at("utc");
        const auto* other = std::ranges::find(others, i + 1, &Other::row);
        const std::string wanted = other != std::end(others) ? other->utc
                                   : utc.is_null()           ? ""
                                                             : std::string(utc.as_string());
        EXPECT_EQ(seconds_of(parse_feed_date(text)), wanted) << i + 1 << ": " << text;
    }
    EXPECT_EQ(rows.size(), 76U);
}

TEST(FeedDate, corpus_of_odd_forms) {
    const auto rows = corpus("dates_more.jsonl");
    if (rows.empty())
        GTEST_SKIP() << "no corpus of dates here";
    // Most rows say only that they can be read; what they mean is written here. The first is blank: never
    // "now".
    const char* const answers[] = {"",
                                   "2023-04-01T03:19:00Z",
                                   "2003-06-03T09:39:21Z",
                                   "2018-12-26T18:00:54Z",
                                   "2021-02-11T03:46:00Z",
                                   "2018-10-28T12:48:00Z",
                                   "2017-12-17T18:55:00Z",
                                   "2016-12-09T12:00:00Z",
                                   "2017-12-22T15:09:00Z",
                                   "2017-12-08T15:07:00Z",
                                   "2016-02-24T23:00:00Z",
                                   "2018-04-09T16:04:00Z",
                                   "2018-01-22T23:00:00Z",
                                   "2018-03-28T22:00:00Z",
                                   "2018-04-08T22:00:00Z",
                                   "2018-03-13T09:22:49Z",
                                   "2016-02-17T03:16:00Z",
                                   "2016-02-17T03:16:00Z",
                                   "2016-02-17T03:16:00Z",
                                   "2020-03-30T19:02:38Z",
                                   "2020-03-30T19:53:00Z",
                                   "2020-03-30T19:19:00Z",
                                   "2018-12-12T12:12:00Z",
                                   "2020-11-08T21:20:00Z",
                                   "2020-11-16T10:57:00Z",
                                   "2020-11-06T00:00:00Z",
                                   "2020-11-17T04:12:00Z",
                                   "2020-11-16T15:54:00Z",
                                   "2020-11-12T17:00:00Z",
                                   "2020-04-11T07:51:49Z",
                                   "2020-11-16T13:16:28Z",
                                   "2020-11-01T00:00:00Z",
                                   "2020-07-03T15:09:58Z",
                                   "2020-06-26T00:00:00Z",
                                   "2020-10-29T14:36:03Z",
                                   "2020-04-01T22:00:00Z",
                                   "2016-01-04T12:37:00Z",
                                   "2018-10-23T04:07:42Z",
                                   "2019-08-05T00:00:00Z",
                                   "2020-12-01T16:11:02Z",
                                   "2020-10-15T00:00:39Z",
                                   "2020-11-19T00:00:39Z",
                                   "2022-09-26T00:00:00Z",
                                   "2023-06-22T17:11:00Z",
                                   "2023-04-16T08:01:00Z",
                                   "2023-06-23T19:00:00Z",
                                   "2014-09-16T00:20:00Z",
                                   "2023-06-23T09:32:20Z",
                                   "2023-10-28T20:28:28Z",
                                   "2023-10-06T16:29:00Z",
                                   "2023-10-30T21:55:58Z",
                                   "2023-10-30T00:00:00Z"};
    ASSERT_EQ(rows.size(), std::size(answers));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto time = parse_feed_date(text_of(rows[i]));
        EXPECT_EQ(seconds_of(time), answers[i]) << i + 1 << ": " << text_of(rows[i]);
        if (i != 0 && rows[i].at("epoch").is_int64())
            EXPECT_EQ(floor<seconds>(*time).time_since_epoch().count(), rows[i].at("epoch").as_int64());
    }
}

} // namespace
} // namespace cdtd::base
