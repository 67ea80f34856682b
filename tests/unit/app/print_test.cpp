// Tables that know the width of Chinese, and nothing unsafe on a terminal.
#include "app/command_line.hpp"

#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace cdtd::app {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

TEST(Table, ColumnsStandUnderEachOtherInCells) {
    const auto lines = lines_of(table({{"N", 0, true}, {"OUTLET"}, {"TITLE"}},
                                      {{"7", "纸上新闻", "一"}, {"123", "ab", "二"}}, Style{false, 80}));
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0], "  N  OUTLET    TITLE");
    EXPECT_EQ(lines[1], "  7  纸上新闻  一");
    EXPECT_EQ(lines[2], "123  ab        二");
}

TEST(Table, IsCutToTheWidthOfTheTerminal) {
    std::string title;
    for (int i = 0; i < 60; ++i)
        title += "字";
    for (const std::size_t width : {40u, 41u, 80u}) {
        const auto lines =
            lines_of(table({{"ID"}, {"TITLE", 0, false, true}}, {{"1", title}}, Style{false, width}));
        EXPECT_LE(base::display_width(lines[1]), width);
        EXPECT_GE(base::display_width(lines[1]), width - 1);
        EXPECT_THAT(lines[1], HasSubstr("…"));
    }
}

TEST(Table, CellsAreMadeSafeAndEmptyOnesShown) {
    const std::string text = table({{"A"}, {"B"}}, {{"x\x1b[31my", ""}, {"1\n2"}}, Style{false, 80});
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_EQ(lines_of(text).size(), 3u);
    EXPECT_THAT(lines_of(text)[1], HasSubstr("-"));
}

TEST(Table, ColourOnlyWhereAsked) {
    EXPECT_THAT(table({{"STATE"}}, {{"failing"}}, Style{true, 80}), HasSubstr("\x1b[31mfailing"));
    EXPECT_THAT(table({{"STATE"}}, {{"failing"}}, Style{false, 80}), Not(HasSubstr("\x1b")));
}

TEST(HumanBytes, Table) {
    EXPECT_EQ(human_bytes(0), "0 B");
    EXPECT_EQ(human_bytes(999), "999 B");
    EXPECT_EQ(human_bytes(1000), "1.0 kB");
    EXPECT_EQ(human_bytes(999'999), "1.0 MB");
    EXPECT_EQ(human_bytes(1'234'567'890), "1.2 GB");
}

TEST(PrintArticle, SaysWhatIsKnownAndNothingUnsafe) {
    const auto article = boost::json::parse(R"({"id":17,"url":"https://chinadigitaltimes.net/chinese/1.html",
        "title":"【404文库】某报｜\u001b[2J题\u202e目","columns":["404文库"],"outlet":"某报","headline":"题目",
        "published_at":"2025-01-22T11:52:20.000Z","state":"archived","silent":true,"revision":2,
        "page":{"state":"refused","reason":"403","next_try_at":null},
        "images":[{"url":"a","capture":3,"error":null},{"url":"b","capture":null,"error":"404"}],
        "card":{"author":"某人","topics":["甲","乙"],"kind":"reprint"},
        "sources":[{"id":1,"url":"https://mp.weixin.qq.com/s/x","link":"https://web.archive.org/web/x","name":"号",
        "platform":"weixin","wayback":{"state":"unchecked"},"liveness":{"state":"unchecked"}}]})");
    const std::string text = print_article(article.as_object(), "第一段\n\n第\x07二段", Style{false, 80});
    for (const char* expected :
         {"【404文库】某报｜", "2025-01-22 11:52Z", "archived, stored silently", "refused (403)",
          "1 of 2 held", "甲, 乙", "某人", "号, weixin", "https://mp.weixin.qq.com/s/x",
          "https://web.archive.org/web/x", "not looked up yet", "第一段\n\n第"})
        EXPECT_THAT(text, HasSubstr(expected));
    for (const char* unsafe : {"\x1b", "\xe2\x80\xae", "\x07"})
        EXPECT_THAT(text, Not(HasSubstr(unsafe)));
}

TEST(PrintLists, TakeWhatTheApiGives) {
    const Style style{false, 120};
    const auto feeds =
        boost::json::parse(R"({"items":[{"name":"cdt","url":"https://x.example/","enabled":true,
        "state":"failing","last_error":"no answer","entries":20}],"next":null})");
    EXPECT_THAT(print_feeds(feeds.as_object(), style), HasSubstr("no answer"));
    const auto articles = boost::json::parse(R"({"items":[{"id":5,"columns":["404文库"],"headline":"题",
        "outlet":null,"published_at":null,"first_seen_at":"2025-01-22T11:52:20.000Z","state":"stored"}],"next":"c"})");
    const std::string listed = print_articles(articles.as_object(), style);
    EXPECT_THAT(listed, HasSubstr("5  2025-01-22 11:52Z  stored"));
    EXPECT_THAT(listed, HasSubstr("【404文库】题"));
    EXPECT_THAT(listed, HasSubstr("there is more"));
    const auto status =
        boost::json::parse(R"({"version":"0.1.0","running":false,"feeds":{"total":2,"enabled":2,
        "failing":0},"queue":{"capture":{"waiting":3,"due":1,"oldest_due_at":null},"deliver":{}},"events":4})");
    const std::string shown = print_status(status.as_object(), style);
    EXPECT_THAT(shown, HasSubstr("not running"));
    EXPECT_THAT(shown, HasSubstr("2 (2 enabled)"));
    EXPECT_THAT(shown, HasSubstr("capture        3    1"));
}

TEST(PrintLookup, InWords) {
    const auto lookup =
        boost::json::parse(R"({"url":"https://x.example/a","canonical_url":"https://x.example/a",
        "kind":"source","article":null,"source":{"id":9,"url":"https://x.example/a","platform":"web","held":31,
        "wayback":{"state":"unknown","reason":"429"},"liveness":{"state":"deleted","reason":"not_found",
        "since":"2026-11-20T10:00:00.000Z","checked_at":"2026-11-20T11:00:00.000Z","confirmed":false},
        "looks":[{"at":"2026-11-20T11:00:00.000Z","state":"deleted","reason":"not_found","words":"410","capture":33},
        {"at":"2026-11-20T10:00:00.000Z","state":"deleted","reason":"not_found","words":"404","capture":32},
        {"at":"2026-11-19T10:00:00.000Z","state":"alive","reason":null,"words":"题\u202e","capture":31}]},"cited_by":[{"id":1,"title":"题","url":"https://y/"}],
        "captures":[],"wayback":{"state":"unknown","reason":"429"},"liveness":{"state":"unchecked"}})");
    const std::string text = print_lookup(lookup.as_object(), Style{false, 80});
    EXPECT_THAT(text, HasSubstr("cited by 1 article\n"));
    EXPECT_THAT(text, HasSubstr("could not tell (429)"));
    EXPECT_THAT(text, HasSubstr("no capture of it"));
    EXPECT_THAT(text, HasSubstr("deleted (not_found), since 2026-11-20 10:00Z, to be confirmed, looked at"));
    EXPECT_THAT(text,
                HasSubstr("capture 31, from while it stood; no snapshot of the Wayback Machine is known"));
    EXPECT_THAT(text, HasSubstr("2026-11-20 11:00Z  deleted (not_found) ×2: 410 [capture 33]"));
    EXPECT_THAT(text, HasSubstr("2026-11-19 10:00Z  alive: 题 [capture 31]"));
}

TEST(PrintLookup, WhatTheWaybackMachineHas) {
    const auto lookup =
        boost::json::parse(R"({"url":"https://x.example/a","canonical_url":"https://x.example/a",
        "kind":"source","article":null,"cited_by":[],"captures":[],"source":{"id":9,"url":"https://x.example/a",
        "platform":"web","liveness":{"state":"unchecked"},"alternates":[{"url":"https://archive.ph/W\u202e1","archive":
        "archive_today"}],"wayback":{"state":"archived","snapshot_at":"2026-11-17T08:00:00.000Z","snapshot_url":"https://w/1",
        "snapshots":3,"first_at":"2026-11-16T08:00:00.000Z","newest_at":"2026-11-20T08:00:00.000Z","newest_url":
        "https://w/2","capture":7,"save":{"state":"failed","job_id":null,"at":"2026-11-21T08:00:00.000Z","error":"gone",
        "next_try_at":"2026-11-28T08:00:00.000Z"}}}})");
    const std::string text = print_lookup(lookup.as_object(), Style{false, 80});
    EXPECT_THAT(text, HasSubstr("archived 2026-11-17 08:00Z https://w/1 [capture 7]\n"));
    EXPECT_THAT(
        text,
        HasSubstr("3 snapshots, the first of 2026-11-16 08:00Z, the newest 2026-11-20 08:00Z https://w/2\n"));
    EXPECT_THAT(text, HasSubstr("failed 2026-11-21 08:00Z: gone, again from 2026-11-28 08:00Z on\n"));
    EXPECT_THAT(text, HasSubstr("https://archive.ph/W1\n"));
}

TEST(PrintSurvival, SpansInWords) {
    const auto survival =
        boost::json::parse(R"({"all":{"sources":3,"alive":1,"deleted":2,"censored":0,"reported":1,
        "lived":{"count":2,"quarter_seconds":7200,"median_seconds":216000,"three_quarters_seconds":8640000},
        "reported_after":{"count":0,"median_seconds":null},"gone_after":{"count":2,"median_seconds":216000}},
        "by_platform":[{"platform":"weixin","sources":3}],"by_outlet":[{"outlet":"渡口周刊","sources":3}]})");
    const std::string text = print_survival(survival.as_object(), Style{false, 160});
    for (const char* expected : {"weixin", "渡口周刊", "2 h", "2.5 d", "100 d"})
        EXPECT_THAT(text, HasSubstr(expected));
}

TEST(PrintWebhooks, SaysWhoIsBehindSinceWhenWhyAndWhatComesNext) {
    const auto list = boost::json::parse(R"({"items":[
        {"name":"fine","format":"standard","enabled":true,"state":"ok","waiting":0,
         "last_success_at":"2026-11-24T08:00:00.000Z","max_per_hour":60,"told_last_hour":60},
        {"name":"slow","format":"slack","enabled":true,"state":"failing","waiting":3,
         "failing_since":"2026-11-24T09:00:00.000Z","oldest_waiting_at":"2026-11-24T08:59:00.000Z",
         "next_attempt_at":"2026-11-24T11:00:00.000Z","last_error":"the endpoint answered 500"},
        {"name":"gone","format":"standard","enabled":true,"state":"disabled","waiting":9,
         "disabled_at":"2026-11-23T09:00:00.000Z","last_error":"410 Gone"},
        {"name":"busy","format":"telegram","enabled":true,"state":"failing","waiting":1,
         "paused_until":"2026-11-24T12:00:00.000Z","next_attempt_at":"2026-11-24T12:00:00.000Z"},
        {"name":"full","format":"ntfy","enabled":true,"state":"ok","waiting":80,"max_per_hour":60,
         "told_last_hour":60,"next_attempt_at":"2026-11-24T12:00:00.000Z"},
        {"name":"off","format":"exec","enabled":false,"state":"ok","waiting":2}],"next":null})");
    const std::string text = print_webhooks(list.as_object(), {false, 200});
    for (const char* words : {"slow  slack     failing         3  2026-11-24 09:00Z", "2026-11-24 11:00Z",
                              "the endpoint answered 500", "nothing before: cdtd webhooks enable gone",
                              "asked us to wait until 2026-11-24 12:00Z", "a digest: over 60 in this hour",
                              "nothing: enabled = false"})
        EXPECT_THAT(text, testing::HasSubstr(words)) << text;
    EXPECT_THAT(print_webhooks({}, {}), testing::HasSubstr("[[webhook]]"));
}

TEST(PrintDeliveries, SaysWhatTheLastAnswerWas) {
    const auto list = boost::json::parse(R"({"items":[
        {"id":7,"event_id":"evt_b","type":"article.new","endpoint":"slow","state":"pending","kind":"event",
         "digest":null,"next_attempt_at":"2026-11-24T11:00:00.000Z","attempts":[
           {"at":"2026-11-24T09:00:00.000Z","status":200,"ms":4,"error":null,"answer":"x"},
           {"at":"2026-11-24T09:05:00.000Z","status":500,"ms":4,"error":"answered\u001b[31m 500","answer":"x"}]},
        {"id":6,"event_id":"evt_a","type":"article.new","endpoint":"fine","state":"delivered","kind":"replay",
         "digest":null,"next_attempt_at":null,"attempts":[
           {"at":"2026-11-24T09:00:00.000Z","status":204,"ms":12,"error":null,"answer":""}]},
        {"id":5,"event_id":"evt_9","type":"article.new","endpoint":"chat","state":"pending","kind":"event",
         "digest":"evt_d","next_attempt_at":"2026-11-24T11:00:00.000Z","attempts":[]}],"next":"d5"})");
    const std::string text = print_deliveries(list.as_object(), {false, 200});
    for (const char* words : {"7  slow", "2026-11-24 09:05Z  2026-11-24 11:00Z", "204 in 12 ms",
                              "delivered (replay)", "in digest evt_d", "there is more"})
        EXPECT_THAT(text, testing::HasSubstr(words)) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(print_deliveries({}, {}), "No deliveries.\n");
}

TEST(JsonForTerminal, IsTheSameValueAndHarmless) {
    const std::string raw = "{\"t\":\"中\xc2\x9b\xe2\x80\xae\x7f😀\"}";
    const std::string safe = json_for_terminal(raw);
    EXPECT_EQ(safe, "{\"t\":\"中\\u009b\\u202e\\u007f😀\"}");
    EXPECT_EQ(boost::json::parse(safe), boost::json::parse(raw));
}

} // namespace
} // namespace cdtd::app
