// The feeds that a page offers.
#include <cdtd/base/text.hpp>
#include <cdtd/feed/discover.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::feed {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

const std::string page = "https://example.org/chinese/page.html";
const std::string rss = R"( type="application/rss+xml" )";

std::vector<std::string> urls_of(const std::string& html, const std::vector<std::string>& headers = {}) {
    std::vector<std::string> urls;
    for (const auto& offer : discover(html, page, headers))
        urls.push_back(offer.url);
    return urls;
}

auto offers(const std::string& url, const std::string& title, const std::string& type) {
    return AllOf(Field(&Offer::url, url), Field(&Offer::title, title), Field(&Offer::type, type));
}

TEST(Discover, WhatWordPressWrites) {
    const auto found =
        discover(R"(<!DOCTYPE html><html><head><meta charset="utf-8"><title>样本 &raquo; 首页</title>
<link rel='stylesheet' href='/s.css' />
<link rel="alternate" type="application/rss+xml" title="样本 &raquo; 评论Feed" href="https://example.org/chinese/comments/feed/" />
<link rel="alternate" type="application/rss+xml" title="样本 &raquo; Feed" href="https://example.org/chinese/feed/" />
<link rel="alternate" title="JSON" type="application/json" href="https://example.org/wp-json/wp/v2/pages/2" />
<link rel="alternate" title="oEmbed" type="application/json+oembed" href="https://example.org/wp-json/oembed" />
<link rel="alternate" title="oEmbed" type="text/xml+oembed" href="https://example.org/wp-json/oembed?format=xml" />
<link rel="alternate" hreflang="en" href="https://example.org/english/" />
</head><body><a href="/feed/">Feed</a></body></html>)",
                 page, {});
    EXPECT_THAT(found,
                ElementsAre(offers("https://example.org/chinese/feed/", "样本 » Feed", "application/rss+xml"),
                            offers("https://example.org/chinese/comments/feed/", "样本 » 评论Feed",
                                   "application/rss+xml")));
}

struct Case {
    std::string html;
    std::string url; ///< "" = nothing is offered
};

TEST(Discover, LinksOneByOne) {
    const std::string a = "https://example.org/a";
    for (const auto& [html, url] : std::vector<Case>{
             {"<link rel=alternate type=application/rss+xml href=/a>", a},
             {"<LINK REL='Home ALTERNATE' TYPE='Application/Atom+XML; charset=utf-8' HREF='/a'>", a},
             {"<link rel=\"alternate\"" + rss + "href=\"//example.org/a\"/>", a},
             {"<link rel=alternate type=application/feed+json href=/a>", a},
             {"<link rel=alternate type=application/rdf+xml href=/a>", a},
             {"<link rel=alternate type=text/xml href=/a>", a},
             {"<link rel=alternate type=application/xml href=/a>", a},
             {"<link rel=alternate type=application/json href=/feed.json>", "https://example.org/feed.json"},
             {"<link rel=alternate type=application/json href=/api/posts>", ""},
             {"<link rel=feed href=/a>", a},
             {"<link rel='feed alternate' type=text/html href=/a>", a},
             {"<link rel=alternate href=/a>", ""},
             {"<link rel=alternative" + rss + "href=/a>", ""},
             {"<link rel='alternate stylesheet'" + rss + "href=/a>", ""},
             {"<link rel=alternate type=text/html href=/a>", ""},
             {"<link rel=alternate" + rss + "href=a>", "https://example.org/chinese/a"},
             {"<link rel=alternate" + rss + "href=''>", ""},
             {"<link rel=alternate" + rss + "href='javascript:x()'>", ""},
             {"<link rel=alternate" + rss + "href='feed:/a'>", ""},
             {"<link rel=alternate" + rss + "href='/a?b=1&amp;c=2#top'>", "https://example.org/a?b=1&c=2"},
             {"<base href='https://cdn.example/x/'><link rel=alternate" + rss + "href=a>",
              "https://cdn.example/x/a"},
             {"<link rel=alternate" + rss + "href=a><base href=/y/><base href=/z/>",
              "https://example.org/y/a"},
             {"<base target=_blank><link rel=alternate" + rss + "href=a>", "https://example.org/chinese/a"},
             {"<a rel=alternate" + rss + "href=/a>x</a>", a},
             {"<body><div><p><link rel=alternate" + rss + "href=/a>", a},
             {"<!-- <link rel=alternate" + rss + "href=/b> --><link rel=alternate" + rss + "href=/a>", a},
             {"<script>'<link rel=alternate" + rss + "href=/b>'</SCRIPT ><link rel=alternate" + rss +
                  "href=/a>",
              a},
             {"<title><link rel=alternate" + rss + "href=/b></title>", ""},
             {"<meta content='<link rel=alternate" + rss + "href=/b>'><link rel=alternate" + rss + "href=/a>",
              a},
             {"<p don't><link rel=alternate" + rss + "href=/a>it's", a},
             {"<link rel=alternate" + rss + "title='a > b' href=/a>", a},
             {"<link rel=alternate" + rss + "href=/a", ""}, // cut off
             {"", ""},
         })
        EXPECT_EQ(urls_of(html), url.empty() ? std::vector<std::string>{} : std::vector{url}) << html;
}

TEST(Discover, EachAddressOnceAndTheFirstTitleThatThereIs) {
    const auto found =
        discover("<link rel=alternate" + rss + "href=/a><link rel=alternate" + rss +
                     "href=/b title=B><link rel=alternate" + rss + "href='/a#x' title=' A\n one '>",
                 page, {"</b>; rel=alternate; type=\"application/rss+xml\"; title=other"});
    EXPECT_THAT(found, ElementsAre(offers("https://example.org/a", "A one", "application/rss+xml"),
                                   offers("https://example.org/b", "B", "application/rss+xml")));
}

TEST(Discover, LinkHeaders) {
    const std::vector<std::string> headers = {
        R"(<https://example.org/wp-json/>; rel="https://api.w.org/", </one.xml>;rel="Alternate start" ; type="application/rss+xml"; title="a, \"b\"; c")",
        R"(<two,2>; type=application/atom+xml; rel=alternate; title="x"; title*=UTF-8''%E6%A0%B7%E6%9C%AC)",
        R"(</three>; rel=alternate; type="application/rss+xml"; anchor="#other", </four>; rel=feed)",
        R"(</five>; rel=next; rel=feed, nonsense, </six>; rel=feed)",
        "<",
        "",
        "</x",
        "</seven>; rel=\"feed",
        "</eight>;;; =; rel=feed"};
    const auto found = discover("<base href='https://elsewhere.example/'>", page, headers);
    EXPECT_THAT(found,
                ElementsAre(offers("https://example.org/one.xml", "a, \"b\"; c", "application/rss+xml"),
                            offers("https://example.org/chinese/two,2", "样本", "application/atom+xml"),
                            offers("https://example.org/four", "", ""),
                            offers("https://example.org/seven", "", ""),
                            offers("https://example.org/eight", "", "")));
}

TEST(Discover, LinksOfTheTextOnlyWhereNothingElseIs) {
    const std::string text =
        "<a href=/rss.xml>订阅 <b>RSS</b></a> <a href='/about/feed-me'>x</a><a href=/feed/>f</a>"
        "<a href='https://other.example/feed/'>o</a><a href='https://feeds.example/x.atom'>y</a>"
        "<a href='/?feed=rss2'>q</a><a href='/feed'>twice</a><a href='/feed'></a>";
    EXPECT_THAT(urls_of(text), ElementsAre("https://example.org/rss.xml", "https://example.org/feed/",
                                           "https://feeds.example/x.atom", "https://example.org/?feed=rss2",
                                           "https://example.org/feed"));
    EXPECT_EQ(discover(text, page, {})[0].title, "订阅 RSS");
    EXPECT_THAT(urls_of(text + "<link rel=alternate" + rss + "href=/a>"),
                ElementsAre("https://example.org/a"));
}

TEST(Discover, APageInAnotherCharset) {
    const auto found = discover(
        "<meta charset='gbk'><link rel=alternate" + rss + "href=/a title='\xd1\xf9\xb1\xbe'>", page, {});
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].title, "样本");
}

// What is quadratic would run into the time limit of the whole binary.
TEST(Discover, HostilePagesCostLittle) {
    const auto repeated = [](const std::string& what, int times) {
        std::string text;
        for (int i = 0; i < times; ++i)
            text += what;
        return text;
    };
    const std::string link = "<link rel=alternate" + rss + "href=/a>";
    for (const auto* nested : {"<div>", "<b>", "<table><tr><td>", "<svg>", "<p><font>", "</p>"})
        EXPECT_THAT(urls_of(link + repeated(nested, 200'000) + link), SizeIs(1)) << nested;
    EXPECT_THAT(urls_of(link + repeated("<a href=x>", 200'000)), SizeIs(1));
    EXPECT_THAT(urls_of(link + repeated("<a href=/feed/><i>", 200'000)), SizeIs(1));
    EXPECT_THAT(urls_of(link + "<link " + repeated("a ", 200'000) + "rel=feed href=/b>"), SizeIs(1));
    EXPECT_THAT(urls_of(repeated("<!--", 200'000)), IsEmpty());
    EXPECT_THAT(urls_of(repeated("<script>", 200'000)), IsEmpty());
    EXPECT_THAT(urls_of(repeated("<a href='", 200'000)), IsEmpty());
    EXPECT_LE(urls_of(repeated(link, 200'000)).size(), 1U);
    std::string many;
    for (int i = 0; i < 20'000; ++i)
        many += "<link rel=feed href=/" + std::to_string(i) + ">";
    EXPECT_THAT(urls_of(many), SizeIs(200));
}

TEST(UsualPlaces, OfTheFolderThenOfTheSite) {
    EXPECT_THAT(usual_places("https://example.org"),
                ElementsAre("https://example.org/feed/", "https://example.org/rss.xml",
                            "https://example.org/atom.xml", "https://example.org/feed.xml",
                            "https://example.org/index.xml", "https://example.org/rss",
                            "https://example.org/feed", "https://example.org/feed.json"));
    for (const auto* url : {"https://example.org/chinese", "https://example.org/chinese/?x=1#y",
                            "https://example.org/chinese/post.html"}) {
        const auto places = usual_places(url);
        ASSERT_THAT(places, SizeIs(16)) << url;
        EXPECT_EQ(places[0], "https://example.org/chinese/feed/");
        EXPECT_EQ(places[1], "https://example.org/feed/");
        EXPECT_EQ(places[2], "https://example.org/chinese/rss.xml");
    }
    EXPECT_THAT(usual_places("mailto:a@example.org"), IsEmpty());
}

TEST(Discover, NumbersThatNoCharacterHasDoNotBreakTheText) {
    const auto found =
        discover("<link rel=alternate" + rss + "title='前&#3755893393;' href='/a&#xdfdfdfd1;'>" +
                     "<a href='/feed/'>&#3755893393;</a>",
                 page, {});
    ASSERT_FALSE(found.empty());
    for (const auto& offer : found)
        EXPECT_TRUE(base::is_valid_utf8(offer.title) && base::is_valid_utf8(offer.url)) << offer.url;
}

} // namespace
} // namespace cdtd::feed
