#include <cdtd/article/read.hpp>

#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

constexpr const char* kUrl = "https://chinadigitaltimes.net/chinese/900001.html";

struct EmbedCase {
    const char* html;
    std::vector<model::Embed> embeds;
};

class Embeds : public testing::TestWithParam<EmbedCase> {};

TEST_P(Embeds, AreListedWithTheirTarget) {
    const auto content = read(GetParam().html, kUrl);
    ASSERT_EQ(content.embeds.size(), GetParam().embeds.size()) << GetParam().html;
    for (std::size_t i = 0; i < content.embeds.size(); ++i) {
        EXPECT_EQ(content.embeds[i].url, GetParam().embeds[i].url);
        EXPECT_EQ(content.embeds[i].target, GetParam().embeds[i].target);
        EXPECT_EQ(content.embeds[i].platform, GetParam().embeds[i].platform);
    }
    EXPECT_EQ(content.html.find("<iframe"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    All, Embeds,
    testing::Values(
        EmbedCase{"<p><iframe title='“桥”' "
                  "src='https://www.youtube.com/embed/abc_-1?start=177&#038;feature=oembed'></iframe>",
                  {{"https://www.youtube.com/embed/abc_-1?start=177&feature=oembed",
                    "https://www.youtube.com/watch?v=abc_-1&t=177", "youtube"}}},
        EmbedCase{"<iframe data-src='//player.bilibili.com/player.html?aid=1&bvid=BV1x&page=1' "
                  "src='about:blank'></iframe>",
                  {{"https://player.bilibili.com/player.html?aid=1&bvid=BV1x&page=1",
                    "https://www.bilibili.com/video/BV1x", "bilibili"}}},
        EmbedCase{"<blockquote class='wp-embedded-content'><p><a "
                  "href='/chinese/1.html'>别的一篇</a></p></blockquote>"
                  "<p><iframe class='wp-embedded-content' "
                  "src='/chinese/2020/05/x/embed/#?secret=Ab1'></iframe></p>",
                  {{"https://chinadigitaltimes.net/chinese/2020/05/x/embed/#?secret=Ab1",
                    "https://chinadigitaltimes.net/chinese/2020/05/x/", "web"}}},
        EmbedCase{"<blockquote class='twitter-tweet'><p>桥断了 <a href='https://t.co/x'>t.co/x</a></p>"
                  "<a href='https://twitter.com/someone/status/12?ref_src=y'>6月</a></blockquote><script "
                  "async></script>",
                  {{"https://twitter.com/someone/status/12?ref_src=y",
                    "https://twitter.com/someone/status/12?ref_src=y", "twitter"}}},
        EmbedCase{"<video src='https://example.org/v.mp4'></video><audio src='/a.mp3'></audio>",
                  {{"https://example.org/v.mp4", "https://example.org/v.mp4", "web"},
                   {"https://chinadigitaltimes.net/a.mp3", "https://chinadigitaltimes.net/a.mp3", "web"}}},
        EmbedCase{"<iframe src='https://www.youtube.com/embed/a'></iframe><iframe "
                  "src='https://www.youtube.com/embed/a'>"
                  "</iframe><iframe src='javascript:alert(1)'></iframe><iframe></iframe>",
                  {{"https://www.youtube.com/embed/a", "https://www.youtube.com/watch?v=a", "youtube"}}}));

TEST(Embeds, BecomeLinksToWhatAReaderWouldOpen) {
    EXPECT_EQ(
        read("<p><iframe title='桥' src='https://www.youtube.com/embed/a?x=1'></iframe></p>", kUrl).html,
        "<p><a href=\"https://www.youtube.com/watch?v=a\" rel=\"nofollow noopener noreferrer\">桥</a></p>");
}

struct TailCase {
    const char* html;
    const char* text;
};

class Tails : public testing::TestWithParam<TailCase> {};

TEST_P(Tails, OfPromotionGo) {
    EXPECT_EQ(read(GetParam().html, kUrl).text, GetParam().text) << GetParam().html;
}

INSTANTIATE_TEST_SUITE_P(
    All, Tails,
    testing::Values(
        TailCase{"<p>正文。</p><p>\\~END\\~</p><p>如果您喜欢我的文章</p><p><strong>欢迎点赞、在看和转发</"
                 "strong></p>",
                 "正文。"},
        TailCase{"<div><p>正文。</p><p>往期文章：</p><ul><li><a href='/1'>一</a></li></ul><p><a "
                 "href='/2'>二</a></p></div>",
                 "正文。"},
        TailCase{"<p>正文。</p><p>长按二维码关注我们</p><p><img src='https://example.org/qr.png'></p>",
                 "正文。"},
        TailCase{"<p>正文。</p><p>404给CDT：欢迎投稿<img src='https://example.org/qr.png'></p>", "正文。"},
        // What only looks like it.
        TailCase{"<p>正文。</p><p>完</p>", "正文。\n\n完"},
        TailCase{"<p>他说：“欢迎点赞、在看和转发。”</p><p>后来，账号没了。</p>",
                 "他说：“欢迎点赞、在看和转发。”\n\n后来，账号没了。"},
        TailCase{"<p>正文。</p><p><a href='/1'>一个出处</a></p>", "正文。\n\n一个出处"},
        TailCase{"<p>我现在看见他了。</p>", "我现在看见他了。"},
        TailCase{"<p>欢迎点赞、在看和转发</p>", "欢迎点赞、在看和转发"}));

TEST(Tails, PicturesOfTheArticleStay) {
    const auto content =
        read("<p>正文。</p><p>欢迎点赞、在看和转发</p><p><img src='https://example.org/桥.png'></p>", kUrl);
    EXPECT_EQ(content.images.size(), 1U);
    EXPECT_EQ(
        read("<p>正文。</p><p>扫码关注</p><p><img src='https://example.org/qr.png'></p>", kUrl).images.size(),
        0U);
}

TEST(Links, OfTheTaggingPluginBecomeText) {
    EXPECT_EQ(
        read("<p>说<a class='st_tag internal_tag' href='/tag/x'>河流</a>的<a href='/y'>书</a></p>", kUrl)
            .html,
        "<p>说河流的<a href=\"https://chinadigitaltimes.net/y\" rel=\"nofollow noopener "
        "noreferrer\">书</a></p>");
}

} // namespace
} // namespace cdtd::article
