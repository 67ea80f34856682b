// Documents that are made to hurt: an error in words or a bounded result, quickly and in little memory.
#include "unit/feed/fixtures.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/feed/parse.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::feed {
namespace {

using base::Errc;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::string repeated(std::string_view what, int times) {
    std::string text;
    text.reserve(what.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i)
        text += what;
    return text;
}

void expect_too_large(std::string_view bytes, std::string_view words) {
    const auto feed = parse(bytes, fixtures::url, "");
    ASSERT_FALSE(feed) << words;
    EXPECT_EQ(feed.error().code, Errc::too_large) << feed.error().message;
    EXPECT_THAT(feed.error().message, HasSubstr(std::string(words)));
}

model::Feed parsed(std::string_view bytes, std::string_view type = "") {
    auto feed = parse(bytes, fixtures::url, type);
    if (!feed) {
        ADD_FAILURE() << feed.error().message;
        return {};
    }
    return *feed;
}

constexpr int million = 1'000'000;

TEST(Hostile, Nesting) {
    expect_too_large(fixtures::item(repeated("<a>", million)), "nested");
    expect_too_large(repeated("<rss>", million), "nested");
    expect_too_large("{\"items\":" + repeated("[", million), "nested");
    expect_too_large("{\"items\":" + repeated("{\"a\":", million), "nested");
    // What HTML ends by itself is not nested.
    const auto text = parsed(fixtures::item("<description>" + repeated("<p>x<br>", 1000) + "</description>"));
    EXPECT_EQ(text.entries.at(0).summary.substr(0, 24), "<p>x<br></p><p>x<br></p>");
}

TEST(Hostile, Numbers) {
    expect_too_large(fixtures::item(repeated("<a/>", million)), "elements");
    expect_too_large(fixtures::item(repeated("<a/>x", million / 2)), "texts");
    expect_too_large(fixtures::item("<a" + repeated(" b=''", million) + "/>"), "attributes");
    std::string many;
    for (int i = 0; i < million; ++i)
        many += fmt::format(" xmlns:n{}='urn:n{}'", i, i);
    expect_too_large("<rss" + many + "><channel/></rss>", "attributes");
    expect_too_large("{\"items\":[" + repeated("[],", million) + "0]}", "memory");
}

TEST(Hostile, NamespacesUpToTheBoundAreQuick) {
    std::string many;
    for (int i = 0; i < 100'000; ++i)
        many += fmt::format(" xmlns:n{}='urn:n{}'", i, i);
    const auto feed = parsed("<rss" + many + "><channel>" +
                             repeated("<item><n99999:x/><title>t</title></item>", 5000) + "</channel></rss>");
    EXPECT_EQ(feed.entries.size(), 5000U);
}

TEST(Hostile, MoreEntriesThanAnyFeedHas) {
    const auto rss =
        parsed(fixtures::rss(repeated("<item><title>t</title><link>/a</link></item>", million / 2)));
    EXPECT_EQ(rss.entries.size(), 10'000U);
    EXPECT_THAT(rss.repairs, ElementsAre(HasSubstr("10000")));
    EXPECT_FALSE(rss.cut_off);
    const auto atom = parsed("<feed xmlns='http://www.w3.org/2005/Atom'>" +
                             repeated("<entry><title>t</title></entry>", million / 2) + "</feed>");
    EXPECT_EQ(atom.entries.size(), 10'000U);
    const auto json =
        parsed("{\"items\":[" + repeated("{\"content_html\":\"<p>one of many</p>\"},", 20'000) + "]}");
    EXPECT_EQ(json.entries.size(), 10'000U);
    EXPECT_THAT(json.repairs, ElementsAre(HasSubstr("10000")));
}

TEST(Hostile, EntitiesAreNeverExpanded) {
    std::string bomb = "<!DOCTYPE rss [<!ENTITY a0 \"好好好好好好好好好好\">";
    for (int i = 1; i < 30; ++i)
        bomb += fmt::format("<!ENTITY a{} \"{}\">", i, repeated(fmt::format("&a{};", i - 1), 10));
    bomb += "<!ENTITY file SYSTEM \"file:///etc/passwd\"><!ENTITY % p SYSTEM \"https://example.org/x\">%p;]>";
    const auto feed = parsed(bomb + fixtures::item("<title>&a29;|&file;</title>"));
    EXPECT_EQ(feed.entries.at(0).title, "&a29;|&file;");
}

TEST(Hostile, LongFields) {
    const std::string title = repeated("好", 5 * million / 3),
                      link = "https://example.org/" + repeated("a", 5 * million);
    const auto feed = parsed(fixtures::item("<title>" + title + "</title><guid>" + title + "</guid><link>" +
                                            link + "</link><category>" + title + "</category><author>" +
                                            title + "</author><enclosure url='" + link + "'/><pubDate>" +
                                            title + "</pubDate><description>" + title + "</description>"));
    const auto& entry = feed.entries.at(0);
    for (const auto* field :
         {&entry.title, &entry.guid, &entry.author, &entry.categories.at(0), &entry.published_raw}) {
        EXPECT_LE(field->size(), 16U * 1024);
        EXPECT_GE(field->size(), 16U * 1024 - 3);
        EXPECT_TRUE(base::is_valid_utf8(*field));
    }
    EXPECT_EQ(entry.link, "");
    EXPECT_TRUE(entry.enclosures.empty());
    EXPECT_EQ(entry.summary.size(), title.size());
    EXPECT_THAT(feed.repairs, ElementsAre(HasSubstr("were cut")));
}

TEST(Hostile, TextThatLooksLikeMarkup) {
    // None of them may take time that grows with the square of its length.
    for (const char* what : {"<",    "&",      "<!",          "<!--",    "<![CDATA[",  "<?",   "</",
                             "</a>", "<a b='", "<a b=\"<\"x", "]]>",     "&#",         "<a ",  "<!DOCTYPE [",
                             "\"",   "'",      "<item>",      "<title>", "<a><b></a>", "<br>", "<!['"}) {
        const auto feed = parse(fixtures::item(repeated(what, 200'000)), fixtures::url, "");
        EXPECT_TRUE(feed || !feed.error().message.empty()) << what;
    }
}

TEST(Hostile, NoUtf8Anywhere) {
    std::string junk;
    for (int i = 0; i < 300'000; ++i)
        junk += static_cast<char>(0x80 + (i * 37 + i / 7) % 128);
    for (const char* type :
         {"", "text/xml; charset=utf-8", "text/xml; charset=gbk", "text/xml; charset=utf-16",
          "text/xml; charset=iso-2022-jp", "text/xml; charset=utf-7"}) {
        const auto feed = parsed(
            fixtures::item("<title>" + junk + "</title><description>" + junk + "</description>"), type);
        ASSERT_EQ(feed.entries.size(), 1U) << type;
        EXPECT_TRUE(base::is_valid_utf8(feed.entries[0].title)) << type;
        EXPECT_TRUE(base::is_valid_utf8(feed.entries[0].summary)) << type;
    }
}

TEST(Hostile, ControlCharactersEverywhere) {
    std::string spoiled;
    for (const char c : fixtures::wordpress.substr(fixtures::wordpress.find("<rss")))
        spoiled +=
            static_cast<unsigned char>(c) < 0x80 ? std::string{c, '\x01', '\0', '\x1B'} : std::string{c};
    const auto feed = parsed("<?xml version='1.0'?>" + spoiled);
    EXPECT_EQ(feed.entries.size(), 2U);
    EXPECT_EQ(feed.title, "样本时报");
}

} // namespace
} // namespace cdtd::feed
