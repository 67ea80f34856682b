#include "unit/feed/fixtures.hpp"

#include <cdtd/feed/parse.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::feed {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

struct Case {
    std::string written, read;
    std::string repair; ///< "" = nothing had to be mended
};

TEST(Repair, Titles) {
    for (const auto& [written, read, repair] : std::vector<Case>{
             {"A &amp; B", "A & B", ""},
             {"A & B", "A & B", "bare '&'"},
             {"A&B;C", "A&B;C", "bare '&'"},
             {"a &nbsp;b&hellip;", "a \u00A0b…", "entities of HTML"},
             {"&unknown;", "&unknown;", "bare '&'"},
             {"&amp;hellip;", "&hellip;", ""},
             {"1 < 2", "1 < 2", "bare '<'"},
             {"a\x01\x08z", "az", "control characters"},
             {"a&#8;b&#x0;c", "abc", "references"},
             {"&#22909;&#X597D;", "好好", ""},
             {"&#xD800;&#99999999999;x", "x", "references"},
             {"<![CDATA[a & b &hellip; < c]]>", "a & b &hellip; < c", ""},
             {"<![CDATA[a\x02]]>b<!-- & -->", "ab", "control characters"},
         }) {
        const auto feed = parse(fixtures::item("<title>" + written + "</title>"), fixtures::url, "");
        ASSERT_TRUE(feed) << written << ": " << feed.error().message;
        ASSERT_EQ(feed->entries.size(), 1U);
        EXPECT_EQ(feed->entries[0].title, read) << written;
        if (repair.empty())
            EXPECT_THAT(feed->repairs, IsEmpty()) << written;
        else
            EXPECT_THAT(feed->repairs, Contains(HasSubstr(repair))) << written;
    }
}

TEST(Repair, BeforeTheDocument) {
    const auto feed = fixtures::wordpress;
    for (const std::string before :
         {"\n\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF \n", "<br />\n<b>Warning</b>: line 7<br />\n"}) {
        const auto result = parse(before + feed, fixtures::url, "");
        ASSERT_TRUE(result) << before << result.error().message;
        EXPECT_EQ(result->entries.size(), 2U);
    }
}

TEST(Repair, DoctypeIsNotExpanded) {
    const auto result = parse("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaa>\"><!ENTITY b SYSTEM "
                              "\"file:///etc/passwd\">]>" +
                                  fixtures::item("<title>&a;&b;</title>"),
                              fixtures::url, "");
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->entries.at(0).title, "&a;&b;");
}

TEST(Repair, AttributesMayHoldAnything) {
    const auto result = parse(fixtures::item("<guid x=\"a > b < c & d 'e'\" isPermaLink='false'>g</guid>"),
                              fixtures::url, "");
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->entries.at(0).guid, "g");
}

model::Feed mended(const std::string& bytes, const std::string& repair) {
    auto feed = parse(bytes, fixtures::url, "");
    if (!feed) {
        ADD_FAILURE() << bytes << ": " << feed.error().message;
        return {};
    }
    EXPECT_FALSE(feed->cut_off) << bytes;
    if (repair.empty())
        EXPECT_THAT(feed->repairs, IsEmpty()) << bytes;
    else
        EXPECT_THAT(feed->repairs, Contains(HasSubstr(repair))) << bytes;
    return *feed;
}

TEST(Repair, Tags) {
    struct Tagged {
        std::string written, summary, repair;
    };
    for (const auto& [written, summary, repair] : std::vector<Tagged>{
             {"<p class=x>河</p>", "<p class=\"x\">河</p>", "without quotes"},
             {"<input checked>河", "<input checked=\"checked\">河", "without quotes"},
             {"<a href=/x/>河</a>", "<a href=\"/x/\">河</a>", "without quotes"},
             {"<a b='1'c='2'>河</a>", "<a b=\"1\" c=\"2\">河</a>", ""},
             {"<a b='x\"y'>河</a>", "<a b=\"x&quot;y\">河</a>", ""},
             {"<a b=\"x>河</a> <c d=\"z\">水</c>", "<a b=\"x\">河</a> <c d=\"z\">水</c>",
              "quotes that do not end"},
             {"<a 1b='2' c='3'>河</a>", "<a c=\"3\">河</a>", "whose name is none"},
             {"<a b='1'<i>河</i></a>", "<a b=\"1\"><i>河</i></a>", "without their '>'"},
             {"<p>河<p>水", "<p>河</p><p>水</p>", "that do not end"},
             {"<b><i>河</b></i>", "<b><i>河</i></b>", "that do not end"},
             {"<b>河</B>", "<b>河</b>", "that do not end"},
             {"河</b>水<i/>", "河水<i></i>", "end tags of nothing"},
             {"河<br>水<hr>", "河<br>水<hr>", ""},
             {"河<img src='x'></img>", "河<img src=\"x\">", ""},
             {"1 <x and <y", "1 <x and <y", "bare '<'"},
             {"甲 <a@example.org> <https://example.org/>", "甲 <a@example.org> <https://example.org/>",
              "bare '<'"},
             {"河</ b >", "河", "end tags of nothing"},
         })
        EXPECT_EQ(mended(fixtures::item("<description>" + written + "</description>"), repair)
                      .entries.at(0)
                      .summary,
                  summary);
}

TEST(Repair, Structure) {
    struct Document {
        std::string bytes, titles, repair;
    };
    for (const auto& [bytes, titles, repair] : std::vector<Document>{
             {"<rss><channel><item><title>一</title><item><title>二</title></item></channel></rss>", "一二",
              "that do not end"},
             {"<rss><channel><item><title>一<link>x</link></item><item><title>二</channel></rss>", "一二",
              "that do not end"},
             {"<rss><channel><title>t<item><title>一</title></item></channel></rss>", "一",
              "that do not end"},
             {"<rss><channel></title><item><title>一</title></guid></item></channel></rss>", "一",
              "of nothing"},
             {"<rss><channel><item><title>一</title></channel></rss>", "一", "that do not end"},
             {"<rss><channel><item><title>一</title></item></rss></channel>", "一", "that do not end"},
             {"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>一<entry><title>二</entry></feed>",
              "一二", "that do not end"},
             {"<rss><channel><item><title>一</title></item></channel></rss><script>x", "一",
              "behind the document"},
             {"<?xml version=1.0 ><rss><channel><item><title>一</title></item></channel></rss><!-- 12 ms -->",
              "一", ""},
             {"<?xml version='1.0'?><?php x > y ?><!DOCTYPE rss [ <!-- don't --> "
              "]><rss><channel><item><title>一"
              "</title></item></channel></rss>",
              "一", ""},
         }) {
        std::string read;
        for (const auto& entry : mended(bytes, repair).entries)
            read += entry.title;
        EXPECT_EQ(read, titles) << bytes;
    }
}

TEST(Repair, CutOff) {
    const std::string start = "<rss><channel><item><title>一</title></item>";
    for (const std::string end :
         {"", "<item", "<item><title>二", "<item><title>二</title>", "<item><a b='", "<item><!-- ",
          "<item><![CDATA[二]]", "</channel>", "</chan", "<title>半", "\n", "<item><title>\xE4\xBA"}) {
        const auto feed = parse(start + end, fixtures::url, "");
        ASSERT_TRUE(feed) << end << feed.error().message;
        EXPECT_TRUE(feed->cut_off) << end;
        EXPECT_THAT(feed->repairs, Contains(HasSubstr("cut off"))) << end;
        ASSERT_EQ(feed->entries.size(), 1U) << end;
        EXPECT_EQ(feed->title, "") << end;
    }
}

} // namespace
} // namespace cdtd::feed
