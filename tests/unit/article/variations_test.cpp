// What changes nothing for a reader changes nothing for us: real articles, where they are at hand, with other
// markup, share blocks, tracking and cards written otherwise, and as whole pages.
#include "unit/article/corpus.hpp"

#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <regex>

namespace cdtd::article {
namespace {

using Change = std::function<std::string(std::string)>;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

Change replacing(std::string from, std::string to) {
    return [=](std::string html) { return replaced(std::move(html), from, to); };
}

std::string matched(const std::string& text, const char* pattern, const char* to) {
    return std::regex_replace(text, std::regex(pattern), to);
}

std::string without_share_block(std::string html) {
    html.resize(std::min(html.find("<div class=\"addtoany_share_save_container"), html.size()));
    return html;
}

std::string with_share_block(std::string html) {
    return without_share_block(std::move(html)) +
           "<div class=\"addtoany_share_save_container addtoany_content\"><div class=\"a2a_kit\" "
           "data-a2a-title=\"另一个题目\"><a class=\"a2a_button_x\" "
           "href=\"https://www.addtoany.com/add_to/x\"></a>"
           "</div></div>";
}

/// Chinese characters by their numbers, as some editors write them.
std::string with_references(const std::string& html) {
    if (html.find("<script") != html.npos || html.find("<style") != html.npos)
        return html; // there they would be none
    std::string out;
    for (std::size_t at = 0; at < html.size();) {
        const bool chinese = (html[at] & 0xF0) == 0xE0 && static_cast<unsigned char>(html[at]) >= 0xE4 &&
                             static_cast<unsigned char>(html[at]) <= 0xE9;
        if (chinese)
            out += fmt::format("&#{};",
                               (html[at] & 0x0F) << 12 | (html[at + 1] & 0x3F) << 6 | (html[at + 2] & 0x3F));
        else
            out += html[at];
        at += chinese ? 3 : 1;
    }
    return out;
}

/// Each picture as a plugin hides it until it is scrolled to.
std::string lazy(const std::string& html) {
    if (html.find("<noscript") != html.npos || html.find("data-") < html.find("addtoany"))
        return html;
    return matched(html, "<img ([^>]*)\\bsrc=\"(https?://[^\"]+)\"([^>]*)>",
                   "<img $1src=\"data:image/svg+xml,%3Csvg%20viewBox='0%200%200%200'%3E%3C/svg%3E\" "
                   "data-lazy-src=\"$2\"$3><noscript><img $1src=\"$2\"$3></noscript>");
}

const Change kTags[] = {
    without_share_block,
    with_share_block,
    with_references,
    lazy,
    replacing("<p>", "<P>"),
    replacing("</p>", "</P>"),
    replacing("<p>", "<!-- a > b --><p><!-- c -->"),
    replacing("<p>", "<p class=\"has-text\" style=\"text-align:left\" data-note=\"a>b\">"),
    replacing("</p>", "&nbsp;</p><p></p><p>&nbsp;</p>"),
    [](std::string html) {
        return "\n\t<script>var a = '<p>x</p>';</script><style>p{}</style>" + html + "\n\n";
    },
    [](const std::string& html) {
        return matched(html, "<a class=\"st_tag internal_tag\"[^>]*>([^<]*)</a>", "$1");
    },
    [](const std::string& html) {
        return matched(html, "href=\"(https?://(?!web\\.archive|archive\\.)[^\"#?]+)\"",
                       "href=\"$1?utm_source=rss&#038;utm_medium=feed\"");
    },
};

const Change kCards[] = {
    replacing("CDT 档案卡", "CDT 檔案卡"),
    replacing("<strong>标题", "<strong>標題"),
    replacing("<strong>发表日期", "<strong>發表日期"),
    replacing("<strong>来源", "<strong>來源"),
    replacing("<strong>主题归类", "<strong>主題歸類"),
    replacing("<strong>版权说明", "<strong>版權說明"),
    replacing("：</strong>", ":</strong> "),
    replacing("：</strong>", "</strong>："),
    replacing("：</strong>", "：</strong>&nbsp;​"),
    replacing(" su-spoiler-closed", ""),
    [](const std::string& html) {
        return matched(html, "<strong>([^<]{3,30}：)</strong>",
                       "<b><span style=\"color:#000\">$1</span></b>");
    },
    [](const std::string& html) { return matched(html, "<br ?/?>\\s*(<strong>)", "<br />\n$1"); },
};

/// The same of the card alone.
std::string of_card(const std::string& html, const Change& change) {
    const auto begin = html.find("<div class=\"su-spoiler ");
    const auto end = html.find("</div>", html.find("su-spoiler-content", begin));
    if (end == html.npos)
        return html;
    return html.substr(0, begin) + change(html.substr(begin, end - begin)) + html.substr(end);
}

std::string page(std::string_view name, const std::string& body) {
    return fmt::format(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>题目</title></head><body>"
        "<nav><ul><li><a href=\"/chinese/\">首页</a></li></ul></nav><article class=\"post\">"
        "<h1 class=\"entry-title\">题目</h1><div class=\"{}\">{}</div><footer>标签：甲</footer></article>"
        "<aside><h2>热门文章</h2><p>别的一篇，这里有几个字。</p></aside>"
        "<div id=\"comments\"><p>网友评论：这不是正文。</p></div></body></html>",
        name, body);
}

void expect_same(const std::optional<model::Content>& other, const model::Content& content) {
    ASSERT_TRUE(other);
    EXPECT_EQ(other->text, content.text);
    EXPECT_EQ(other->sha256, content.sha256);
    EXPECT_EQ(other->images, content.images);
    EXPECT_EQ(other->language, content.language);
    ASSERT_EQ(other->card.has_value(), content.card.has_value());
    if (content.card) {
        EXPECT_EQ(other->card->title, content.card->title);
        EXPECT_EQ(other->card->author, content.card->author);
        EXPECT_EQ(other->card->published_on, content.card->published_on);
        EXPECT_EQ(other->card->topics, content.card->topics);
        EXPECT_EQ(other->card->collections, content.card->collections);
        EXPECT_EQ(other->card->kind, content.card->kind);
    }
    ASSERT_EQ(other->sources.size(), content.sources.size());
    for (std::size_t i = 0; i < content.sources.size(); ++i) {
        EXPECT_EQ(other->sources[i].url, content.sources[i].url);
        EXPECT_EQ(other->sources[i].name, content.sources[i].name);
    }
}

TEST(Variations, ThatChangeNothingAreNoEdits) {
    if (!std::filesystem::exists(corpus::folder))
        GTEST_SKIP() << "no real articles at " << corpus::folder;
    int changed = 0;
    for (const auto& file : std::filesystem::directory_iterator(corpus::folder)) {
        const auto name = file.path().filename().string();
        if (!name.ends_with(".md") && !name.ends_with(".rest.json"))
            continue;
        SCOPED_TRACE(name);
        const auto post = corpus::load(name);
        const auto content = read(post.html, post.link);
        const auto hold = [&](const std::string& html, const std::string& kind) {
            SCOPED_TRACE(kind);
            if (html != post.html)
                expect_same(read(html, post.link), content);
            changed += html != post.html ? 1 : 0;
        };
        for (std::size_t i = 0; i < std::size(kTags); ++i)
            hold(kTags[i](post.html), fmt::format("markup {}", i));
        for (std::size_t i = 0; content.card && i < std::size(kCards); ++i)
            hold(of_card(post.html, kCards[i]), fmt::format("card {}", i));
        for (const auto* element : {"entry-content", "post-content", "td-post-content post-content"}) {
            SCOPED_TRACE(element);
            expect_same(read_page(page(element, post.html), post.link), content);
        }
    }
    EXPECT_GE(changed, 400);
}

} // namespace
} // namespace cdtd::article
