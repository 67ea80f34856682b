#include "unit/feed/fixtures.hpp"

#include <cdtd/base/time.hpp>
#include <cdtd/feed/parse.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::feed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

model::Feed parsed(const std::string& bytes, std::string_view type = "") {
    auto feed = parse(bytes, fixtures::url, type);
    if (!feed) {
        ADD_FAILURE() << feed.error().message;
        return {};
    }
    return *feed;
}

model::Entry item(const std::string& members) {
    auto feed = parsed(R"({"items":[{)" + members + "}]}");
    EXPECT_EQ(feed.entries.size(), 1U);
    return feed.entries.empty() ? model::Entry{} : feed.entries[0];
}

TEST(JsonFeed, Feed) {
    // By its content, whatever the server calls it.
    for (const char* type :
         {"", "application/feed+json", "text/html; charset=utf-8", "application/rss+xml"}) {
        const auto feed = parsed(fixtures::json, type);
        EXPECT_EQ(feed.format, "json feed 1.1");
        EXPECT_EQ(feed.title, "样本时报");
        EXPECT_EQ(feed.link, "https://example.org/");
        EXPECT_EQ(feed.self, "https://example.org/feed.json");
        EXPECT_EQ(feed.next, "https://example.org/feed.json?page=2");
        EXPECT_EQ(feed.language, "zh-Hans");
        EXPECT_EQ(feed.generator, "");
        EXPECT_THAT(feed.repairs, IsEmpty());
        EXPECT_EQ(feed.entries.size(), 2U);
    }
}

TEST(JsonFeed, Items) {
    const auto feed = parsed(fixtures::json);
    ASSERT_EQ(feed.entries.size(), 2U);
    const auto& first = feed.entries[0];
    EXPECT_EQ(first.guid, "17");
    EXPECT_EQ(first.link, "https://example.org/chinese/feed/1.html");
    EXPECT_EQ(first.title, "第一篇 & 其他");
    EXPECT_EQ(first.author, "记者乙");
    EXPECT_EQ(first.content, "<p>甲 \"乙\"</p>");
    EXPECT_EQ(first.summary, "一 &lt; 二");
    EXPECT_EQ(first.published, base::parse_rfc3339("2025-01-22T11:52:20Z"));
    EXPECT_EQ(first.updated, base::parse_rfc3339("2025-01-22T16:00:00Z"));
    EXPECT_THAT(first.categories, ElementsAre("河", "堤"));
    ASSERT_EQ(first.enclosures.size(), 1U);
    EXPECT_EQ(first.enclosures[0].url, "https://example.org/a.mp3");
    EXPECT_EQ(first.enclosures[0].type, "audio/mpeg");
    EXPECT_EQ(first.enclosures[0].bytes, 1200);
    const auto& second = feed.entries[1];
    EXPECT_EQ(second.guid, "");
    EXPECT_EQ(second.link, "https://example.org/2");
    EXPECT_EQ(second.author, "编辑部");
    EXPECT_EQ(second.content, "一行<br>\n又一行 &lt;b>");
    EXPECT_FALSE(second.published);
    EXPECT_EQ(second.published_raw, "昨天");
}

TEST(JsonFeed, VersionsAreOnlyWritten) {
    EXPECT_EQ(parsed(R"({"version":"https://jsonfeed.org/version/1","items":[]})").format, "json feed 1.0");
    EXPECT_EQ(parsed(R"({"version":"1.0","items":[]})").format, "json feed 1.0");
    EXPECT_EQ(parsed(R"({"version":"https://jsonfeed.org/version/7.3","items":[]})").format, "json feed 7.3");
    EXPECT_EQ(parsed(R"({"version":{},"items":[]})").format, "json feed");
    EXPECT_EQ(parsed(R"({"items":[]})").format, "json feed");
}

TEST(JsonFeed, ValuesOfOtherTypes) {
    EXPECT_EQ(item(R"("id":18446744073709551615)").guid, "18446744073709551615");
    EXPECT_EQ(item(R"("id":-3)").guid, "-3");
    EXPECT_EQ(item(R"("id":2.5)").guid, "2.5");
    EXPECT_EQ(item(R"("id":{"a":1},"title":null,"url":7,"tags":"x","attachments":{},"authors":[])").guid, "");
    EXPECT_EQ(item(R"("author":"甲")").author, "甲");
    EXPECT_EQ(item(R"("authors":[{"url":"x"},{"name":"乙"}],"author":{"name":"甲"})").author, "乙");
    EXPECT_EQ(item(R"("title":"a\u0000b\u001bc")").title, "abc");
    EXPECT_EQ(item(R"("url":"data:text/plain,x")").link, "");
    EXPECT_EQ(parsed(R"({"items":[1,null,"x",{"id":"a"}]})").entries.size(), 1U);
}

TEST(JsonFeed, Mended) {
    struct Case {
        std::string bytes, repair;
    };
    const std::string whole = R"({"title":"t","items":[{"id":"a"}]})";
    for (const auto& [bytes, repair] : std::vector<Case>{
             {whole + "</html>", "behind the document"},
             {"{\"title\":\"t\nt\",\"items\":[{\"id\":\"a\"}]}", "line breaks"},
             {R"({"title":"\ud800","items":[{"id":"a"}]})", "halves of characters"},
             {"\xEF\xBB\xBF" + whole, ""},
             {R"({"title":"t",/* c */"items":[{"id":"a",},],})", ""},
             {R"({"title":"\ud83d\ude00","items":[{"id":"a"}]})", ""},
             {"Warning: line 7\n"
              R"({"version":"https://jsonfeed.org/version/1","items":[{"id":"a"}]})",
              "before the document"},
         }) {
        const auto feed = parsed(bytes);
        ASSERT_EQ(feed.entries.size(), 1U) << bytes;
        EXPECT_EQ(feed.entries[0].guid, "a") << bytes;
        EXPECT_FALSE(feed.cut_off) << bytes;
        if (repair.empty())
            EXPECT_THAT(feed.repairs, IsEmpty()) << bytes;
        else
            EXPECT_THAT(feed.repairs, ElementsAre(HasSubstr(repair))) << bytes;
    }
    const auto cut =
        parsed(R"({"items":[{"id":"a","x":[{"items":[{}]}]},{"id":"b","content_html":"]}"},{"id":"c)");
    EXPECT_TRUE(cut.cut_off);
    EXPECT_EQ(cut.entries.size(), 2U);
}

} // namespace
} // namespace cdtd::feed
