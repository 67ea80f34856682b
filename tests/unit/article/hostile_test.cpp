#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

constexpr const char* kUrl = "https://chinadigitaltimes.net/chinese/900001.html";

std::string repeat(std::string_view part, std::size_t times) {
    std::string out;
    out.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

TEST(Hostile, RelativeLinksStayOnTheArticlesOwnSite) {
    EXPECT_NE(read("<base href='https://evil.example/'><a href='/x'>y</a>", kUrl)
                  .html.find("https://chinadigitaltimes.net/x"),
              std::string::npos);
}

TEST(Hostile, DeepNestingKeepsTheText) {
    for (const auto* tag :
         {"div", "b", "ul><li", "table><tr><td", "a href='/x'", "blockquote", "font", "p><em"}) {
        const auto html = repeat("<" + std::string(tag) + ">", 200'000) + "到底了";
        EXPECT_NE(read(html, kUrl).text.find("到底了"), std::string::npos) << tag;
    }
    EXPECT_NE(read(repeat("<div>", 200'000) + "到底了" + repeat("</div>", 200'000) + "<p>还有</p>", kUrl)
                  .text.find("还有"),
              std::string::npos);
}

TEST(Hostile, ManyOfEverything) {
    const std::string inputs[] = {
        "<p><b id=1><i id=2>" + repeat("<p><u>x", 100'000) + "到底了",
        "<div " + repeat("a=1 ", 200'000) + ">到底了</div>",
        "<p title='" + std::string(3'000'000, 'x') + "'>到底了</p>",
        repeat("<!-- >", 200'000) + "到底了",
        repeat("<noscript>", 200'000) + "到底了",
        repeat("<svg>", 200'000) + "到底了",
        repeat("</p>", 300'000) + "到底了",
        repeat("<", 500'000) + "到底了",
        repeat("<img src='https://example.org/x.png'>", 60'000) + "到底了",
        "<img srcset='" + repeat("a 1w,", 10'000) + "' src='https://example.org/a.png'>到底了",
        repeat("<table><b>", 20'000) + repeat("<tr><td>x", 20'000) + "到底了",
        repeat("&", 300'000) + repeat("&amp;", 100'000) + "到底了",
    };
    for (const auto& html : inputs) {
        const auto content = read(html, kUrl);
        EXPECT_LE(content.images.size(), 1000U);
        EXPECT_NE(content.text.find("到底了"), std::string::npos) << html.substr(0, 40);
    }
}

TEST(Hostile, TheLastDepthIsTheLastAlsoTheSecondTime) {
    for (const auto* inside :
         {"<iframe src='https://v.example/1'></iframe>", "<a href='/x'>文</a>", "<p></p>文",
          "<table><tr><td>文</table>", "<div>文<hr>文</div>", "<h1><div><h2>文</h2></div></h1>"}) {
        for (std::size_t depth = 120; depth < 130; ++depth) {
            const auto first = read(repeat("<blockquote>", depth) + inside, kUrl).html;
            EXPECT_EQ(read(first, kUrl).html, first);
        }
    }
}

TEST(Hostile, NumbersOfCharactersThatOverflow) {
    for (const auto* number :
         {"&#x3caaaaaaaaaa", "&#xd8000000aaaa;", "&#4294967296;", "&#00000000000000041;",
          "&#99999999999999999999a", "<img src='https://a.example/i.png' alt='&#x3caaaaaaaa;'>"}) {
        const auto content = read("<p>前" + std::string(number) + "后</p>", kUrl);
        EXPECT_TRUE(base::is_valid_utf8(content.text) && base::is_valid_utf8(content.html)) << number;
        EXPECT_TRUE(content.text.starts_with("前") && content.text.ends_with("后")) << content.text;
    }
    EXPECT_EQ(read("&#99999999999a", kUrl).text, "\uFFFDa");
    EXPECT_EQ(read("&#0000000000041;&#x0000000000041;", kUrl).text, ")A");
}

TEST(Hostile, AnItemThatStandsInAnotherElementDoesNotCloseTheOneAround) {
    const auto first = read("<ul><li>一<pre>二<strong>三<li>四</strong></pre><li>五</ul>", kUrl);
    const auto second = read(first.html, kUrl);
    EXPECT_EQ(second.html, first.html);
    EXPECT_EQ(second.text, first.text);
}

TEST(Hostile, NumbersThatJoinWhenControlsGoAreStillTooLarge) {
    for (const std::string html : {"&#3755\x13"
                                   "893393",
                                   "&\x13#3755893393",
                                   "<a href='/?&#x3c\x01"
                                   "aaaaaaaa'>x</a>"}) {
        const auto content = read(html, kUrl);
        EXPECT_TRUE(base::is_valid_utf8(content.text)) << html;
        EXPECT_TRUE(base::is_valid_utf8(content.html)) << html;
    }
}

TEST(Hostile, BrokenBytesBecomeText) {
    for (const auto& html : {std::string("<p>\xff\xfe\xc3(\xe4\xbd</p>"), std::string("<p>a\0b</p>", 9),
                             std::string("<p>a"), std::string("<a href=\"https://x"), std::string("<"),
                             std::string("&#0;&#x110000;&#xD800;&#27;"), std::string("<p/><//><p =><=>")}) {
        const auto content = read(html, kUrl);
        EXPECT_TRUE(base::is_valid_utf8(content.text));
        EXPECT_TRUE(base::is_valid_utf8(content.html));
        EXPECT_EQ(content.text.find('\0'), std::string::npos);
        EXPECT_TRUE(read(html, "").images.empty());
    }
}

} // namespace
} // namespace cdtd::article
