#include "unit/feed/fixtures.hpp"

#include <cdtd/feed/charset.hpp>
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

TEST(Charset, Decode) {
    struct Bytes {
        std::string bytes, type, text, charset;
        bool repaired;
    };
    const std::string gbk = "\xBA\xC3"; // 好
    const std::string utf8 = "好";
    const auto declared = [](const std::string& name) {
        return "<?xml version='1.0' encoding='" + name + "'?>";
    };
    for (const auto& [bytes, type, text, charset, repaired] : std::vector<Bytes>{
             {utf8, "", utf8, "utf-8", false},
             {"\xEF\xBB\xBF" + utf8, "text/xml; charset=gbk", utf8, "utf-8", false},
             {gbk, "text/xml; charset=GB2312", utf8, "gb18030", false},
             {gbk, "text/xml; charset=\"gbk\"", utf8, "gb18030", false},
             {declared("gb2312") + gbk, "", declared("gb2312") + utf8, "gb18030", false},
             {declared("gbk") + utf8 + "x", "text/xml; charset=utf-8", declared("gbk") + utf8 + "x", "utf-8",
              false},
             {declared("gbk") + gbk, "text/xml; charset=utf-8", declared("gbk") + utf8, "gb18030", false},
             {utf8, "text/xml; charset=iso-8859-1", utf8, "utf-8", false},
             {"caf\xE9", "text/xml; charset=iso-8859-1", "café", "windows-1252", false},
             {"a\xFFz", "", "a\xEF\xBF\xBDz", "utf-8", true},
             {"a", "text/xml; charset=no-such-thing", "a", "utf-8", false},
             {std::string("\xFF\xFE<\0a\0", 6), "", "<a", "utf-16le", false},
             {std::string("\0<\0a\x59\x7D", 6), "", "<a好", "utf-16be", false},
             {"", "", "", "utf-8", false},
         }) {
        const auto decoded = decode(bytes, type);
        EXPECT_EQ(decoded.text, text) << type;
        EXPECT_EQ(decoded.charset, charset) << type;
        EXPECT_EQ(decoded.repaired, repaired) << type;
    }
}

TEST(Charset, CharactersOutsideThePlaneSurviveEveryBufferBorder) {
    std::string wide("\xFF\xFE", 2), expected;
    for (int i = 0; i < 9000; ++i) {
        wide += std::string("\x40\xD8\x00\xDC", 4); // U+20000
        expected += "\U00020000";
        if (i == 100) {
            wide += std::string("a\0", 2);
            expected += 'a';
        }
    }
    EXPECT_EQ(decode(wide, "").text, expected);
}

} // namespace
} // namespace cdtd::feed
