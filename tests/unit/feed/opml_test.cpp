// Lists of subscriptions, as others write them and as we do.
#include <cdtd/base/time.hpp>
#include <cdtd/feed/opml.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::feed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const base::Time now = base::parse_rfc3339("2026-11-24T08:00:00Z").value();

std::string opml(const std::string& body) {
    return R"(<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>清单</title></head><body>)" +
           body + "</body></opml>";
}

TEST(ReadOpml, FoldersFeedsAndWhatIsNeither) {
    const auto list = read_opml(opml(R"(
<outline text="新闻"><outline title="大陆" text="">
  <outline type="rss" text="样本 &amp; 副本" title="other" xmlUrl=" https://a.example/feed/?x=1&y=2 " htmlUrl="https://a.example/"/>
</outline></outline>
<outline title="only title" xmlURL="https://b.example/atom.xml"/>
<outline text="a note"/><outline type="link" text="page&#10;x" url="https://c.example/"/>
<outline text="both" xmlUrl="https://d.example/f"><outline text="below" xmlUrl="https://e.example/f"/></outline>)"));
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(list->title, "清单");
    ASSERT_THAT(list->feeds, SizeIs(4));
    EXPECT_EQ(list->feeds[0].title, "样本 & 副本");
    EXPECT_EQ(list->feeds[0].url, "https://a.example/feed/?x=1&y=2");
    EXPECT_EQ(list->feeds[0].site, "https://a.example/");
    EXPECT_THAT(list->feeds[0].folders, ElementsAre("新闻", "大陆"));
    EXPECT_EQ(list->feeds[1].title, "only title");
    EXPECT_EQ(list->feeds[1].url, "https://b.example/atom.xml");
    EXPECT_THAT(list->feeds[1].folders, IsEmpty());
    EXPECT_TRUE(list->feeds[1].enabled);
    EXPECT_THAT(list->feeds[3].folders, ElementsAre("both"));
    EXPECT_THAT(list->left_out, ElementsAre(HasSubstr("a note"), HasSubstr("page x")));
}

TEST(ReadOpml, OtherEncodings) {
    const auto list =
        read_opml("<?xml version='1.0' encoding='GB2312'?><opml version='2.0'><body>"
                  "<outline text='\xd1\xf9\xb1\xbe' xmlUrl='https://a.example/'/></body></opml>");
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(list->feeds.at(0).title, "样本");
}

TEST(ReadOpml, FaultsInWords) {
    const auto fault = [](const std::string& text) {
        const auto list = read_opml(text);
        return list ? base::Error{base::Errc::cancelled, "it was read"} : list.error();
    };
    EXPECT_THAT(fault("").message, HasSubstr("empty"));
    EXPECT_THAT(fault("plain text").message, HasSubstr("not OPML"));
    EXPECT_THAT(fault("<html><body>x").message, HasSubstr("<html>"));
    EXPECT_THAT(fault("<rss\x1b><channel/></rss\x1b>").message, Not(HasSubstr("\x1b")));
    EXPECT_THAT(fault("<opml version='2.0'><head/></opml>").message, HasSubstr("<body>"));
    EXPECT_THAT(fault(opml("<outline xmlUrl='https://a.example/'>")).message, HasSubstr("broken XML"));
    EXPECT_EQ(fault("<html/>").code, base::Errc::bad_data);
}

TEST(ReadOpml, HostileListsAreBounded) {
    std::string deep;
    for (int i = 0; i < 200'000; ++i)
        deep += "<outline text='x'>";
    std::string closed = deep;
    for (int i = 0; i < 200'000; ++i)
        closed += "</outline>";
    EXPECT_EQ(read_opml(opml(deep)).error().code, base::Errc::bad_data);
    EXPECT_EQ(read_opml(opml(closed)).error().code, base::Errc::too_large);
    std::string many;
    for (int i = 0; i <= 10'000; ++i)
        many += "<outline xmlUrl='https://a.example/'/>";
    EXPECT_EQ(read_opml(opml(many)).error().code, base::Errc::too_large);
    std::string notes;
    for (int i = 0; i < 5000; ++i)
        notes += "<outline text='x'/>";
    EXPECT_THAT(read_opml(opml(notes))->left_out, SizeIs(100));
}

TEST(ReadOpml, EntitiesOfADtdAreNotExpanded) {
    const auto list =
        read_opml(R"(<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/passwd">]><opml version="2.0"><body><outline text="&b;&f;" xmlUrl="https://a.example/"/></body></opml>)");
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(list->feeds.at(0).title, "&b;&f;");
}

TEST(WriteOpml, IsReadBackAsItWas) {
    SubscriptionList list;
    list.title = "cdtd";
    list.feeds = {{"样本 <1> & \"2\"",
                   "https://a.example/?a=1&b=2",
                   "https://a.example/",
                   {"新闻", "大陆"},
                   "sample",
                   std::chrono::minutes(15),
                   false},
                  {"", "https://b.example/", "", {"新闻"}, "second", std::nullopt, true},
                  {"third", "https://c.example/", "", {}, "", std::nullopt, true}};
    const auto text = write_opml(list, now);
    EXPECT_THAT(text, HasSubstr("<dateCreated>Tue, 24 Nov 2026 08:00:00 GMT</dateCreated>"));
    const auto read = read_opml(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->title, "cdtd");
    EXPECT_THAT(read->left_out, IsEmpty());
    ASSERT_THAT(read->feeds, SizeIs(3));
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& was = list.feeds[i];
        const auto& is = read->feeds[i];
        EXPECT_EQ(is.title, i == 1 ? "second" : was.title);
        EXPECT_EQ(is.url, was.url);
        EXPECT_EQ(is.site, was.site);
        EXPECT_EQ(is.folders, was.folders);
        EXPECT_EQ(is.name, was.name);
        EXPECT_EQ(is.interval, was.interval);
        EXPECT_EQ(is.enabled, was.enabled);
    }
}

TEST(WriteOpml, OurAttributesAreKnownByTheirNamespace) {
    const auto read = [](const std::string& binding) {
        return read_opml("<opml version='2.0' " + binding +
                         "><body><outline xmlUrl='https://a.example/' x:name='n' x:interval='5m' "
                         "x:enabled='false' cdtd:name='no'/></body></opml>")
            .value()
            .feeds.at(0);
    };
    EXPECT_EQ(read("xmlns:x='urn:cdtd:opml'").name, "n");
    EXPECT_EQ(read("xmlns:x='urn:cdtd:opml'").interval, std::chrono::minutes(5));
    EXPECT_FALSE(read("xmlns:x='urn:cdtd:opml'").enabled);
    EXPECT_EQ(read("xmlns:x='urn:other'").name, "");
    EXPECT_TRUE(read("xmlns:x='urn:other'").enabled);
}

TEST(WriteOpml, NothingThatCouldSteerATerminal) {
    SubscriptionList list;
    list.feeds = {{"a\x1b[2J\u202e\x01z", "https://a.example/", "", {"f\x07"}, "n", std::nullopt, true}};
    const auto text = write_opml(list, now);
    for (const auto* unsafe : {"\x1b", "\u202e", "\x01", "\x07", "&#1;", "&#27;", "&#x1B;"})
        EXPECT_THAT(text, Not(HasSubstr(unsafe)));
    EXPECT_TRUE(read_opml(text));
}

} // namespace
} // namespace cdtd::feed
