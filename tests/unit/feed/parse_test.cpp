#include "unit/feed/fixtures.hpp"

#include <cdtd/base/time.hpp>
#include <cdtd/feed/parse.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::feed {
namespace {

using base::Errc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

model::Feed parsed(std::string_view bytes, std::string_view type = "") {
    auto feed = parse(bytes, fixtures::url, type);
    if (!feed) {
        ADD_FAILURE() << feed.error().message;
        return {};
    }
    return *feed;
}

model::Entry only(const std::string& inside) {
    auto feed = parsed(fixtures::item(inside));
    EXPECT_EQ(feed.entries.size(), 1U);
    return feed.entries.empty() ? model::Entry{} : feed.entries[0];
}

TEST(Parse, WordPressChannel) {
    const auto feed = parsed(fixtures::wordpress, "application/rss+xml; charset=UTF-8");
    EXPECT_EQ(feed.format, "rss 2.0");
    EXPECT_EQ(feed.title, "样本时报");
    EXPECT_EQ(feed.link, "https://example.org/chinese/");
    EXPECT_EQ(feed.self, "https://example.org/chinese/feed/");
    EXPECT_EQ(feed.next, "https://example.org/chinese/feed/?paged=2");
    EXPECT_EQ(feed.language, "zh-CN");
    EXPECT_EQ(feed.cadence.ttl, std::chrono::minutes(90));
    EXPECT_EQ(feed.cadence.update_period, std::chrono::minutes(30));
    EXPECT_THAT(feed.cadence.skip_hours, ElementsAre(3, 0));
    EXPECT_THAT(feed.cadence.skip_days, ElementsAre(0, 6));
    EXPECT_THAT(feed.repairs, IsEmpty());
}

TEST(Parse, WordPressItems) {
    const auto feed = parsed(fixtures::wordpress);
    ASSERT_EQ(feed.entries.size(), 2U);
    const auto& first = feed.entries[0];
    EXPECT_EQ(first.title, "【404文库】样本周刊｜河水与堤岸 & 其他");
    EXPECT_EQ(first.guid, "https://example.org/chinese/?p=900001");
    EXPECT_EQ(first.link, "https://example.org/chinese/900001.html");
    EXPECT_EQ(first.author, "编辑甲");
    EXPECT_EQ(first.published, base::parse_rfc3339("2025-01-22T11:52:20Z"));
    EXPECT_THAT(first.categories, ElementsAre("水利", "Level 2 Article"));
    EXPECT_EQ(first.summary, "堤岸上的人在等。 [&#8230;]");
    EXPECT_EQ(first.content, "<p>堤岸上的人在等。</p><pre>a]]>b</pre>");
    const auto& second = feed.entries[1];
    EXPECT_EQ(second.title, "");
    EXPECT_EQ(second.link, "https://example.org/chinese/2020/06/%E6%B2%B3%E6%B0%B4/");
    EXPECT_FALSE(second.published);
    EXPECT_EQ(second.published_raw, "不是日期");
    EXPECT_EQ(second.content, "");
}

TEST(Parse, Atom) {
    const auto feed = parsed(fixtures::atom);
    EXPECT_EQ(feed.format, "atom 1.0");
    EXPECT_EQ(feed.title, "样本 &amp; 时报");
    EXPECT_EQ(feed.link, "https://example.org/");
    EXPECT_EQ(feed.self, "https://example.org/atom.xml");
    EXPECT_EQ(feed.language, "zh-Hans");
    ASSERT_EQ(feed.entries.size(), 2U);
    const auto& first = feed.entries[0];
    EXPECT_EQ(first.guid, "urn:sample:1");
    EXPECT_EQ(first.link, "https://example.org/base/1.html");
    EXPECT_EQ(first.author, "编辑部");
    EXPECT_EQ(first.published, base::parse_rfc3339("2025-01-22T11:52:20Z"));
    EXPECT_EQ(first.updated, base::parse_rfc3339("2025-01-22T16:00:00Z"));
    EXPECT_THAT(first.categories, ElementsAre("河", "bank"));
    EXPECT_EQ(first.summary, "一 &lt; 二");
    EXPECT_EQ(first.content,
              "<p>甲 <b>乙</b> <i>丙</i></p><br><a href=\"https://example.org/base/x?a=1&amp;b=2\"></a>");
    EXPECT_EQ(feed.entries[1].content, "<p>正文</p>");
    EXPECT_EQ(feed.entries[1].author, "记者乙");
    EXPECT_FALSE(feed.entries[1].published);
    EXPECT_TRUE(feed.entries[1].updated);
}

TEST(Parse, NamespacesGoByAddress) {
    const auto feed = parsed(R"(<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"
        xmlns:who="http://purl.org/dc/elements/1.1/" xmlns:content="http://example.org/else"><channel><item>
        <content:encoded>falsch</content:encoded><c:encoded>right</c:encoded><who:creator>甲</who:creator>
        <media:title xmlns:media="http://search.yahoo.com/mrss/">not this</media:title><title>this</title>
        </item></channel></rss>)");
    ASSERT_EQ(feed.entries.size(), 1U);
    EXPECT_EQ(feed.entries[0].content, "right");
    EXPECT_EQ(feed.entries[0].author, "甲");
    EXPECT_EQ(feed.entries[0].title, "this");
    // Declared nowhere: the usual prefixes mean the usual thing.
    EXPECT_EQ(only("<content:encoded>x</content:encoded>").content, "x");
    const auto prefixed = parsed(R"(<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id>
        <a:title>甲</a:title></a:entry></a:feed>)");
    ASSERT_EQ(prefixed.entries.size(), 1U);
    EXPECT_EQ(prefixed.entries[0].title, "甲");
}

TEST(Parse, Links) {
    struct Case {
        std::string item, link;
    };
    for (const auto& [item, link] : std::vector<Case>{
             {"<link>/a</link>", "https://example.org/a"},
             {"<link> javascript:alert(1) </link>", ""},
             {"<guid>https://example.org/g</guid>", "https://example.org/g"},
             {"<guid isPermaLink='false'>https://example.org/g</guid>", ""},
             {"<guid isPermaLink='true'>/g</guid>", "https://example.org/g"},
             {"<guid>abc</guid>", ""},
             {"<atom:link href='/x'/>", "https://example.org/x"},
             {"<atom:link rel='enclosure' href='/x'/>", ""},
             {"<link>https://example.org/?a=1&b=2</link>", "https://example.org/?a=1&b=2"},
             {"<title>t</title>", ""},
         })
        EXPECT_EQ(only(item).link, link) << item;
}

TEST(Parse, Authors) {
    EXPECT_EQ(only("<author>a@example.org (记者甲)</author>").author, "记者甲");
    EXPECT_EQ(only("<author>a@example.org</author>").author, "a@example.org");
    EXPECT_EQ(only("<author>x</author><dc:creator>编辑</dc:creator>").author, "编辑");
    EXPECT_EQ(only("<atom:author><atom:name>甲</atom:name></atom:author>").author, "甲");
}

TEST(Parse, OlderFormats) {
    const auto rdf = parsed(R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://example.org/"><title>旧</title><link>https://example.org/</link></channel>
        <item rdf:about="https://example.org/1"><title>一</title><dc:date>2005-01-02</dc:date></item></rdf:RDF>)");
    EXPECT_EQ(rdf.format, "rss 1.0");
    EXPECT_EQ(rdf.title, "旧");
    ASSERT_EQ(rdf.entries.size(), 1U);
    EXPECT_EQ(rdf.entries[0].guid, "https://example.org/1");
    EXPECT_EQ(rdf.entries[0].link, "https://example.org/1");
    EXPECT_EQ(rdf.entries[0].published, base::parse_rfc3339("2005-01-02"));
    EXPECT_EQ(parsed("<rss version='0.91'><channel><item><title>x</title></item></channel></rss>").format,
              "rss 0.91");
    EXPECT_EQ(parsed("<rss><channel/></rss>").format, "rss");
    const auto old =
        parsed(R"(<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><issued>2005-01-02</issued>
        <content type="text/html" mode="escaped">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>)");
    EXPECT_EQ(old.format, "atom 0.3");
    ASSERT_EQ(old.entries.size(), 1U);
    EXPECT_EQ(old.entries[0].content, "<p>x</p>");
    EXPECT_TRUE(old.entries[0].published);
}

TEST(Parse, WhatIsNoFeed) {
    struct Case {
        std::string bytes;
        Errc code;
        std::string message;
    };
    const std::string feed = fixtures::wordpress;
    for (const auto& [bytes, code, message] : std::vector<Case>{
             {"", Errc::bad_data, "empty"},
             {" \n\t", Errc::bad_data, "empty"},
             {"<!DOCTYPE html><html><head><title>首页</title></head><body>x</body></html>", Errc::refused,
              "首页"},
             {"<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
              Errc::refused, "HTML"},
             {"<html><head><title>Just a moment...</title></head><body><script "
              "src=\"/cdn-cgi/challenge-platform/x\">"
              "</script></body></html>",
              Errc::challenge, "Cloudflare"},
             {"<!doctype html><html><body>请完成人机验证</body></html>", Errc::challenge, "challenge"},
             {"<html><body><div class=\"g-recaptcha\"></div></body></html>", Errc::challenge, "captcha"},
             {"<html><body><form><input type=\"password\"></form></body></html>", Errc::challenge, "login"},
             {"error code: 1020", Errc::refused, "Cloudflare"},
             {"<Error><Code>AccessDenied</Code></Error>", Errc::refused, "access-denied"},
             {"{\"version\":\"https://jsonfeed.org/version/1\"}", Errc::bad_data, "JSON"},
             {"{\"code\":\"rest_forbidden\",\"message\":\"x\"}", Errc::bad_data, "no feed"},
             {"[1, 2]", Errc::bad_data, "JSON"},
             {"{\"version\" \"https://jsonfeed.org/version/1\", \"items\":[]}", Errc::bad_data,
              "broken JSON"},
             {"hello\x1b[31m", Errc::bad_data, "hello"},
             {"<opml version=\"2.0\"><body/></opml>", Errc::bad_data, "<opml>"},
             {"<rss version=\"2.0\"></rss>", Errc::bad_data, "channel"},
             {feed.substr(0, feed.find("</pre>")), Errc::bad_data, "cut off"},
             {feed.substr(0, feed.find("isPermaLink")), Errc::bad_data, "cut off"},
         }) {
        const auto result = parse(bytes, fixtures::url, "");
        ASSERT_FALSE(result) << bytes;
        EXPECT_EQ(result.error().code, code) << result.error().message;
        EXPECT_THAT(result.error().message, HasSubstr(message));
        EXPECT_EQ(result.error().message.find('\x1b'), std::string::npos);
    }
}

TEST(Parse, EveryTruncationGivesTheWholeEntriesOrAnError) {
    for (const auto& feed : {fixtures::wordpress, fixtures::atom, fixtures::json}) {
        const auto whole = parsed(feed);
        std::size_t most = 0;
        for (std::size_t length = 0; length < feed.find_last_not_of("\n"); ++length) {
            const auto cut = parse(std::string_view(feed).substr(0, length), fixtures::url, "");
            if (!cut) {
                EXPECT_EQ(most, 0U) << length << ": " << cut.error().message;
                continue;
            }
            EXPECT_TRUE(cut->cut_off) << length;
            EXPECT_THAT(cut->repairs, testing::Contains(HasSubstr("cut off"))) << length;
            ASSERT_GE(cut->entries.size(), std::max<std::size_t>(most, 1)) << length;
            most = cut->entries.size();
            for (std::size_t i = 0; i < most; ++i) {
                EXPECT_EQ(cut->entries[i].content, whole.entries[i].content) << length;
                EXPECT_EQ(cut->entries[i].link, whole.entries[i].link) << length;
            }
        }
        EXPECT_EQ(most, whole.entries.size());
        EXPECT_FALSE(whole.cut_off);
    }
}

} // namespace
} // namespace cdtd::feed
