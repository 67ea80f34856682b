#include <cdtd/article/read.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

using testing::ElementsAre;

constexpr const char* kUrl = "https://chinadigitaltimes.net/chinese/900001.html";

std::string spoiler(const std::string& lines, const std::string& title = "CDT 档案卡") {
    return "<p>正文在前。</p><div style=\"width:42%\"><div class=\"su-spoiler su-spoiler-closed\">"
           "<div class=\"su-spoiler-title\"><span class=\"su-spoiler-icon\"></span>" +
           title + "</div><div class=\"su-spoiler-content su-u-clearfix\">" + lines +
           "</div></div></div><p>正文在后。</p>";
}

TEST(Card, EveryFieldInAnyOrderWithEitherColon) {
    const auto content = read(
        spoiler("<strong>作者：</strong><a href='https://chinadigitaltimes.net/space/x'> 李四</a><br>\n"
                "<strong>标题</strong>: 河边的树 <br /><strong>投稿人：</strong>王五<br>"
                "<strong>404 日期：</strong>2024.12.03<br><strong>发表日期：</strong>2024.2.29<br>"
                "<strong>主题归类：</strong><a href='/t/a'>河流</a>、<a href='/t/b'>树木</a><br>"
                "<strong>CDS收藏：</strong><a href='/s'>公民馆</a> <a href='/s2'>时间馆</a><br>"
                "<strong>来源：</strong><a href='https://mp.weixin.qq.com/s/Aa--_'>微信公众号“河流”</a><br>"
                "<strong>版权说明：</strong>该作品版权归原作者所有。<a href='/copyright'>详细</a>。"),
        kUrl);
    ASSERT_TRUE(content.card);
    const auto& card = *content.card;
    EXPECT_EQ(card.title, "河边的树");
    EXPECT_EQ(card.author, "李四");
    EXPECT_EQ(card.submitter, "王五");
    EXPECT_EQ(card.censored_on, "2024-12-03");
    EXPECT_EQ(card.published_on, "2024-02-29");
    EXPECT_THAT(card.topics, ElementsAre("河流", "树木"));
    EXPECT_THAT(card.collections, ElementsAre("公民馆", "时间馆"));
    EXPECT_EQ(card.kind, "reprint");
    EXPECT_EQ(card.license, "该作品版权归原作者所有。详细。");
    ASSERT_EQ(content.sources.size(), 1U);
    EXPECT_EQ(content.sources[0].url, "https://mp.weixin.qq.com/s/Aa--_");
    EXPECT_EQ(content.sources[0].link, "https://mp.weixin.qq.com/s/Aa--_");
    EXPECT_EQ(content.sources[0].name, "河流");
    EXPECT_EQ(content.sources[0].platform, "weixin");
    EXPECT_EQ(content.text, "正文在前。\n\n正文在后。");
    EXPECT_EQ(content.html.find("李四"), std::string::npos);
}

TEST(Card, TemplateTextIsAbsent) {
    const auto content = read(
        spoiler("<strong>标题：</strong>填入标题<br><strong>作者：</strong><a href='/x'>作者名</a><br>"
                "<strong>来源：</strong><a href=''>微信公众号“”</a><br><strong>发表日期：</strong>2024.13.1"),
        kUrl);
    ASSERT_TRUE(content.card);
    EXPECT_FALSE(content.card->title);
    EXPECT_FALSE(content.card->author);
    EXPECT_FALSE(content.card->published_on);
    EXPECT_TRUE(content.sources.empty());
}

TEST(Card, AnEmptyLabelTakesNothingAway) {
    const auto content = read(spoiler("<strong>作者：</strong>李四<br><strong>作者：</strong><br>"), kUrl);
    ASSERT_TRUE(content.card);
    EXPECT_EQ(content.card->author, "李四");
}

TEST(Card, OnlyUnderItsOwnHeading) {
    EXPECT_FALSE(read(spoiler("<strong>作者：</strong>李四", "目录"), kUrl).card);
    EXPECT_FALSE(read("<p>CDT 档案卡</p><p><strong>作者：</strong>李四</p>", kUrl).card);
    EXPECT_TRUE(read(spoiler("<strong>作者：</strong>李四", "CDT 檔案卡"), kUrl).card);
}

TEST(Card, EditorsSlipsDoNotBreakIt) {
    const auto content = read(
        spoiler(
            "<strong>標題</strong> 河邊的樹<br><strong>作者：：</strong>李四<strong>發表時間</strong>： "
            "2024.12.03"
            "<br/><b> 主题 </b>河流，树木<br><strong>来源</strong><a href='https://example.org/a'>某报</a>",
            "CDT檔案卡"),
        kUrl);
    ASSERT_TRUE(content.card);
    EXPECT_EQ(content.card->title, "河邊的樹");
    EXPECT_EQ(content.card->author, "李四");
    EXPECT_EQ(content.card->published_on, "2024-12-03");
    EXPECT_THAT(content.card->topics, ElementsAre("河流", "树木"));
    ASSERT_EQ(content.sources.size(), 1U);
    EXPECT_EQ(content.sources[0].name, "某报");
}

struct KindCase {
    const char* text;
    std::optional<std::string> kind;
};

TEST(Card, KindOfTheCopyrightText) {
    const KindCase cases[] = {{"版权归原作者所有", "reprint"},
                              {"版权按照政府宣传材料和历史文件进行处理", "directive"},
                              {"版权归中国数字时代所有，欢迎使用", "original"},
                              {"不明", std::nullopt}};
    for (const auto& [text, kind] : cases) {
        const auto content = read(spoiler("<strong>版权说明：</strong>" + std::string(text)), kUrl);
        ASSERT_TRUE(content.card) << text;
        EXPECT_EQ(content.card->kind, kind) << text;
    }
}

struct SourceCase {
    const char* html;
    std::vector<std::array<std::string, 4>> sources; ///< url, link, name, platform; "" is absent
};

class Sources : public testing::TestWithParam<SourceCase> {};

TEST_P(Sources, AreRead) {
    const auto content = read(spoiler("<strong>来源：</strong>" + std::string(GetParam().html)), kUrl);
    std::vector<std::array<std::string, 4>> found;
    for (const auto& source : content.sources) {
        found.push_back(
            {source.url.value_or(""), source.link.value_or(""), source.name.value_or(""), source.platform});
    }
    EXPECT_EQ(found, GetParam().sources) << GetParam().html;
}

INSTANTIATE_TEST_SUITE_P(
    All, Sources,
    testing::Values(
        SourceCase{"<a href='https://archive.ph/Abc12'>河流</a>",
                   {{"", "https://archive.ph/Abc12", "河流", "web"}}},
        SourceCase{"<a href='https://web.archive.org/web/*/https://mp.weixin.qq.com/s/Aa'>微信公众号“”</a>",
                   {{"https://mp.weixin.qq.com/s/Aa",
                     "https://web.archive.org/web/*/https://mp.weixin.qq.com/s/Aa", "", "weixin"}}},
        SourceCase{"微信视频号“孤岛”", {{"", "", "孤岛", "weixin"}}},
        SourceCase{"<a href='https://weibo.com/1/Aa'>微信公众号“河流”</a>",
                   {{"https://weibo.com/1/Aa", "https://weibo.com/1/Aa", "河流", "weibo"}}},
        SourceCase{"<a href='https://example.org/copy'>微信公众号“河流”</a>",
                   {{"https://example.org/copy", "https://example.org/copy", "河流", "weixin"}}},
        SourceCase{"<a href=''>推特、电报</a>", {{"", "", "推特", "twitter"}, {"", "", "电报", "telegram"}}},
        SourceCase{"<a href='https://example.org/a'>甲、乙</a>",
                   {{"https://example.org/a", "https://example.org/a", "甲、乙", "web"}}},
        SourceCase{"<a href='https://example.org/a'>甲</a>、<a href='https://example.org/b'>乙</a>，丙",
                   {{"https://example.org/a", "https://example.org/a", "甲", "web"},
                    {"https://example.org/b", "https://example.org/b", "乙", "web"},
                    {"", "", "丙", "web"}}},
        SourceCase{"<a href='https://www.reddit.com/r/a/'>知乎（由Reddit用户备份、整理）</a>",
                   {{"https://reddit.com/r/a/", "https://www.reddit.com/r/a/",
                     "知乎（由Reddit用户备份、整理）", "reddit"}}},
        SourceCase{"<a href='https://chinadigitaltimes.net/chinese/1.html'>中国数字时代</a>",
                   {{"", "https://chinadigitaltimes.net/chinese/1.html", "中国数字时代", "web"}}},
        SourceCase{"https://example.org/plain",
                   {{"https://example.org/plain", "https://example.org/plain", "", "web"}}},
        SourceCase{"<a href='mp.weixin.qq.com/s/Aa'>微信公众号“河流”</a>",
                   {{"https://mp.weixin.qq.com/s/Aa", "https://mp.weixin.qq.com/s/Aa", "河流", "weixin"}}},
        SourceCase{"mp.weixin.qq.com/s/Aa",
                   {{"https://mp.weixin.qq.com/s/Aa", "https://mp.weixin.qq.com/s/Aa", "", "weixin"}}},
        SourceCase{"推特 https://twitter.com/a/status/1",
                   {{"https://twitter.com/a/status/1", "https://twitter.com/a/status/1", "推特", "twitter"}}},
        SourceCase{"<a href='page.html'>甲</a>",
                   {{"", "https://chinadigitaltimes.net/chinese/page.html", "甲", "web"}}},
        SourceCase{"甲/乙报", {{"", "", "甲/乙报", "web"}}},
        SourceCase{"<a href='javascript:alert(1)'>坏</a>", {{"", "", "坏", "web"}}}));

} // namespace
} // namespace cdtd::article
