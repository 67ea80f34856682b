#include <cdtd/article/read.hpp>
#include <cdtd/article/show.hpp>

#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

TEST(ShowImages, ReplacesThoseThatAreHeldAndDropsTheOthers) {
    const auto html = read("<p>前<img src='https://example.org/a.png?x=1&y=2' alt='\"桥\">'>中<img "
                           "src='https://example.org/b.png'>"
                           "后&lt;img src=\"https://example.org/c.png\"&gt;</p>",
                           "https://example.org/")
                          .html;
    std::vector<std::string> asked;
    const auto shown = show_images(html, [&asked](const std::string& url) -> std::optional<std::string> {
        asked.push_back(url);
        return url.ends_with("y=2") ? std::optional<std::string>("/c/1?a&b") : std::nullopt;
    });
    EXPECT_EQ(asked,
              (std::vector<std::string>{"https://example.org/a.png?x=1&y=2", "https://example.org/b.png"}));
    EXPECT_EQ(shown, "<p>前<img src=\"/c/1?a&amp;b\" alt=\"&quot;桥&quot;&gt;\">中后&lt;img src="
                     "&quot;https://example.org/c.png&quot;&gt;</p>");
}

TEST(ShowImages, StopsAtWhatTheSanitiserNeverWrote) {
    EXPECT_EQ(show_images("<p>a<img src=\"x", [](const auto& url) { return std::optional(url); }), "<p>a");
    EXPECT_EQ(show_images("", [](const auto& url) { return std::optional(url); }), "");
}

TEST(EscapeHtml, EveryMark) {
    EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>桥"),
              "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;桥");
}

} // namespace
} // namespace cdtd::article
