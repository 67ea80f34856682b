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

class Vectors : public testing::TestWithParam<const char*> {};

/// Whatever the vector: the output holds only elements and attributes of the allow-list.
TEST_P(Vectors, LeaveNothingActive) {
    const auto html = read(std::string("<p>前</p>") + GetParam(), kUrl).html;
    for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const auto end = html.find('>', at);
        ASSERT_NE(end, std::string::npos) << html;
        const auto tag = base::ascii_lower(std::string_view(html).substr(at + 1, end - at - 1));
        const auto name =
            tag.substr(tag.starts_with('/') ? 1 : 0, tag.find_first_of(" ") - (tag.starts_with('/') ? 1 : 0));
        for (const auto* bad :
             {"script", "style", "svg", "math", "iframe", "object", "embed", "form", "input", "base", "meta",
              "link", "button", "video", "template", "noscript", "textarea"}) {
            EXPECT_NE(name, bad) << html;
        }
        EXPECT_TRUE(tag.find(" on") == std::string::npos && tag.find(" style") == std::string::npos) << html;
        for (const auto* where : {"href=\"", "src=\""}) {
            const auto value = tag.find(where);
            if (value != std::string::npos) {
                const auto url = tag.substr(value + std::string_view(where).size());
                EXPECT_TRUE(url.starts_with("http://") || url.starts_with("https://")) << html;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, Vectors,
    testing::Values(
        "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>", "<img src=\"javascript:alert(1)\">",
        "<a href='javascript:alert(1)'>x</a>", "<a href=' jav\tascript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>", "<a href='data:text/html,<script>'>x</a>",
        "<a href='https://a/\" onclick=\"x'>x</a>", "<a href='vbscript:x' href='https://ok/'>x</a>",
        "<svg><script>alert(1)</script></svg>", "<math><mtext><img src=1 onerror=x></mtext></math>",
        "<svg/onload=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<iframe src='javascript:alert(1)'></iframe>", "<object data='x'></object><embed src='x'>",
        "<form action='https://x/'><input name=a><button>b</button></form>",
        "<base href='https://evil/'><meta http-equiv=refresh content='0;url=x'>",
        "<p style='background:url(javascript:x)' onmouseover=x>y</p>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<textarea></textarea><img src=x onerror=1>", "<!--><img src=x onerror=1>-->",
        "<img alt='\"><script>x</script>' src='https://a.example/x.png'>",
        "<a href=\"https://a.example/?x=&quot;&gt;&lt;script&gt;\">&lt;script&gt;</a>",
        "<template><script>x</script></template>", "<xmp><script>x</script></xmp>",
        "<plaintext><script>x</script>", "<title><img src=x onerror=1></title>",
        "<table><script>x</script><img src=x onerror=1>", "<style><img src=x onerror=1></style>"));

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
