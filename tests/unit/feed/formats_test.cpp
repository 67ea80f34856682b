// What the formats have beside the words of an article: enclosures, generators, older pages, other
// vocabularies.
#include "unit/feed/fixtures.hpp"

#include <cdtd/feed/parse.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::feed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

model::Feed parsed(const std::string& bytes) {
    auto feed = parse(bytes, fixtures::url, "");
    if (!feed) {
        ADD_FAILURE() << feed.error().message << "\n" << bytes;
        return {};
    }
    return *feed;
}

model::Entry item(const std::string& inside) {
    auto feed = parsed(fixtures::item(inside));
    return feed.entries.empty() ? model::Entry{} : feed.entries[0];
}

model::Entry entry(const std::string& inside) {
    auto feed = parsed("<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + inside + "</entry></feed>");
    return feed.entries.empty() ? model::Entry{} : feed.entries[0];
}

std::vector<std::string> enclosures(const model::Entry& entry) {
    std::vector<std::string> lines;
    for (const auto& [url, type, bytes] : entry.enclosures)
        lines.push_back(url + " " + type + " " + (bytes ? std::to_string(*bytes) : "?"));
    return lines;
}

TEST(Formats, EveryVersionOfRss) {
    for (const char* version :
         {"0.90", "0.91", "0.92", "0.93", "0.94", "2.0", "2.00", "2.0.1", "3000", "x", ""}) {
        const auto feed = parsed("<rss version='" + std::string(version) +
                                 "'><channel><item><title>一</title></item></channel></rss>");
        EXPECT_EQ(feed.entries.size(), 1U) << version;
        EXPECT_TRUE(feed.format.starts_with("rss")) << feed.format;
    }
    const auto oldest =
        parsed("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
               "xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>t</title></channel><item>"
               "<title>一</title><link>/1</link></item></rdf:RDF>");
    EXPECT_EQ(oldest.format, "rss 0.90");
    EXPECT_EQ(oldest.entries.at(0).link, "https://example.org/1");
}

TEST(Formats, Enclosures) {
    EXPECT_THAT(
        enclosures(item("<enclosure url='/a.mp3' length='1200' type='audio/mpeg'/><enclosure url='/a.mp3'/>"
                        "<enclosure url='/b.mp3' length='0'/><enclosure url='data:x'/><enclosure/>")),
        ElementsAre("https://example.org/a.mp3 audio/mpeg 1200", "https://example.org/b.mp3  ?"));
    EXPECT_THAT(
        enclosures(item("<atom:link rel='enclosure' href='/a.pdf' length='5' type='application/pdf'/>")),
        ElementsAre("https://example.org/a.pdf application/pdf 5"));
    EXPECT_THAT(enclosures(item(
                    "<media:group><media:content url='/v.mp4' fileSize='9' type='video/mp4'/><media:content "
                    "url='/v.webm'/></media:group><media:thumbnail url='/t.png'/>")),
                ElementsAre("https://example.org/v.mp4 video/mp4 9", "https://example.org/v.webm  ?"));
    EXPECT_THAT(enclosures(item("<media:thumbnail url='/t.png'/>")),
                ElementsAre("https://example.org/t.png  ?"));
    EXPECT_THAT(enclosures(entry("<link rel='enclosure' href='a.pdf' length='x'/><content src='/b.pdf' "
                                 "type='application/pdf'/>")),
                ElementsAre("https://example.org/chinese/feed/a.pdf  ?",
                            "https://example.org/b.pdf application/pdf ?"));
}

TEST(Formats, OtherVocabulariesCountWhereTheOwnIsMissing) {
    const std::string words =
        "<media:content url='/v'><media:title>片</media:title><media:description>述</media:description>"
        "<media:credit>摄影</media:credit></media:content>"
        "<itunes:title>播</itunes:title><itunes:author>主播</itunes:author>"
        "<itunes:subtitle>副</itunes:subtitle><itunes:keywords>河, 堤,,河</itunes:keywords>";
    const auto bare = item(words);
    EXPECT_EQ(bare.title, "片");
    EXPECT_EQ(bare.summary, "述");
    EXPECT_EQ(bare.author, "摄影");
    EXPECT_THAT(bare.categories, ElementsAre("河", "堤"));
    const auto own = item(words + "<title>一</title><description>要</description><author>甲</author>");
    EXPECT_EQ(own.title, "一");
    EXPECT_EQ(own.summary, "要");
    EXPECT_EQ(own.author, "甲");
    const auto video = entry("<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:description>述"
                             "</media:description></media:group><title>一</title>");
    EXPECT_EQ(video.summary, "述");
    EXPECT_EQ(video.title, "一");
    EXPECT_THAT(item("<atom:category term='河' label='水'/><dc:subject>堤</dc:subject>").categories,
                ElementsAre("水", "堤"));
}

TEST(Formats, GeneratorAndOlderPages) {
    const auto rss =
        parsed(fixtures::rss("<generator>https://example.org/?v=6.4</generator><atom:link rel='next' "
                             "href='?paged=2'/><atom:link rel='self' href='/feed/'/>"));
    EXPECT_EQ(rss.generator, "https://example.org/?v=6.4");
    EXPECT_EQ(rss.next, "https://example.org/chinese/feed/?paged=2");
    EXPECT_EQ(rss.self, "https://example.org/feed/");
    const auto atom =
        parsed("<feed xmlns='http://www.w3.org/2005/Atom'><generator uri='https://example.org/g' "
               "version='1.2'>Sample</generator><link rel='prev-archive' href='/2'/></feed>");
    EXPECT_EQ(atom.generator, "Sample 1.2 https://example.org/g");
    EXPECT_EQ(atom.next, "https://example.org/2");
    const auto rdf = parsed("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                            "xmlns='http://purl.org/rss/1.0/'><channel><admin:generatorAgent "
                            "rdf:resource='https://example.org/g'/></channel></rdf:RDF>");
    EXPECT_EQ(rdf.generator, "https://example.org/g");
}

TEST(Formats, AtomTextInEveryForm) {
    struct Text {
        std::string written, read;
    };
    for (const auto& [written, read] : std::vector<Text>{
             {"<content>一 &lt; 二</content>", "一 &lt; 二"},
             {"<content type='text'>&lt;b></content>", "&lt;b>"},
             {"<content type='html'>&lt;b>河&lt;/b></content>", "<b>河</b>"},
             {"<content type='html'><![CDATA[<b>河</b>]]></content>", "<b>河</b>"},
             {"<content type='text/html'>&lt;b>河&lt;/b></content>", "<b>河</b>"},
             {"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><b>河</b></div></content>",
              "<b>河</b>"},
             {"<content type='xhtml'><h:div "
              "xmlns:h='http://www.w3.org/1999/xhtml'><h:b>河</h:b></h:div></content>",
              "<b>河</b>"},
             {"<content type='application/xhtml+xml'><p>河</p><p>水</p></content>", "<p>河</p><p>水</p>"},
             {"<content type='html' mode='escaped'>&lt;b>河&lt;/b></content>", "<b>河</b>"},
             {"<content type='text/html' mode='base64'>PGI+5rKzPC9iPg==</content>", "<b>河</b>"},
             {"<content type='image/png'>AAAA</content>", ""},
             {"<content type='xhtml' xml:base='/b/'><div><a href='c'>河</a></div></content>",
              "<a href=\"https://example.org/b/c\">河</a>"},
         })
        EXPECT_EQ(entry(written).content, read) << written;
    EXPECT_EQ(entry("<title mode='base64'>5rKz</title>").title, "河");
    EXPECT_EQ(entry("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><b>河</b>水</div></title>")
                  .title,
              "河水");
}

TEST(Formats, BasesAndLinks) {
    EXPECT_EQ(
        entry("<link rel='http://www.iana.org/assignments/relation/alternate' href='x' xml:base='/a/'/>")
            .link,
        "https://example.org/a/x");
    const auto feed = parsed(
        "<rss xml:base='https://example.net/'><channel xml:base='p/'><link>.</link><item><link>x</link>"
        "</item><item xml:base='q/'><link>x</link></item></channel></rss>");
    EXPECT_EQ(feed.link, "https://example.net/p/");
    EXPECT_EQ(feed.entries.at(0).link, "https://example.net/p/x");
    EXPECT_EQ(feed.entries.at(1).link, "https://example.net/p/q/x");
    EXPECT_THAT(feed.repairs, IsEmpty());
}

} // namespace
} // namespace cdtd::feed
