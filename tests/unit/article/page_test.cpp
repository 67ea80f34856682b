// One article out of its feed, its page and WeChat's page; and articles out of pages that name nothing.
#include <cdtd/article/read.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace cdtd::article {
namespace {

constexpr const char* kUrl = "https://chinadigitaltimes.net/chinese/900001.html";

const std::string kBody = "<p>河边的桥是去年修的，<strong>今年</strong>就断了。</p>\n<p><img "
                          "src='https://example.org/f/a.png' alt='桥'></p>"
                          "<blockquote><p>“谁修的？”</p></blockquote><ul><li>一</li><li>二</li></"
                          "ul><h2>后来</h2><p>后来没有人再说起它。</p>";
const std::string kCard = "<div><div class='su-spoiler'><div class='su-spoiler-title'>CDT 档案卡</div>"
                          "<div class='su-spoiler-content'><strong>作者：</strong>某人<br></div></div></div>";
const std::string kShare =
    "<div class='addtoany_share_save_container'><a href='https://www.addtoany.com/x'>分享</a></div>";

std::string page(const std::string& inner) {
    return "<!DOCTYPE html><html><head><title>桥</title><style>p{}</style></head><body class='single'>"
           "<header class='site-header'><a href='/'>首页</a></header><nav><a href='/a'>菜单</a></nav>" +
           inner +
           "<aside class='widget-area'><h2>最新</h2><ul><li><a href='/1'>别的一篇，也很长，有逗号</a></li>"
           "<li><a "
           "href='/2'>又一篇</a></li></ul></aside><footer><p>版权所有，转载请注明出处，谢谢合作，欢迎来信。</"
           "p>"
           "</footer><script>var x = '<p>脚本</p>';</script></body></html>";
}

void expect_same(const std::optional<model::Content>& other, const model::Content& feed) {
    ASSERT_TRUE(other);
    EXPECT_EQ(other->text, feed.text);
    EXPECT_EQ(other->sha256, feed.sha256);
    EXPECT_EQ(other->images, feed.images);
}

TEST(Page, OfWordPressSaysWhatTheFeedSays) {
    const auto feed = read(kCard + kBody + kShare, kUrl);
    EXPECT_EQ(feed.text,
              "河边的桥是去年修的，今年就断了。\n\n“谁修的？”\n\n一\n\n二\n\n后来\n\n后来没有人再说起它。");
    expect_same(read(kCard + kBody, kUrl), feed); // as REST gives it
    for (const std::string name : {"entry-content", "post-content"}) {
        const auto content = read_page(
            page("<div id='primary'><article class='post'><h1 class='entry-title'>桥</h1><div class='" +
                 name + "'>" + kCard + kBody + kShare +
                 "</div></article><div id='comments'><p>评论一，说了很多，很多，很多话。</p></div>"
                 "<div class='related'><div class='entry-contents'><p>别的</p></div></div></div>"),
            kUrl);
        expect_same(content, feed);
        ASSERT_TRUE(content->card);
        EXPECT_EQ(content->card->author, "某人");
    }
}

/// A piece that was pasted from another page keeps its class; a theme's own frame around the article has less
/// to say.
TEST(Page, MayQuoteAnotherPagesElement) {
    std::string much;
    for (int i = 0; i < 30; ++i)
        much += "<p>又是自己的话，第" + std::to_string(i) + "句。</p>";
    for (const std::string pasted :
         {"class='entry-content'", "class='post-content entry-content'", "id='js_content'"}) {
        const auto body = kBody + "<div " + pasted + "><p>一句引来的话。</p></div>" + much;
        const auto feed = read(kCard + body + kShare, kUrl);
        EXPECT_NE(feed.text.find("一句引来的话"), std::string::npos);
        for (const std::string own : {"class='entry-content'", "class='post-content'", "id='js_content'"})
            expect_same(read_page(page("<div " + own + ">" + kCard + body + kShare + "</div>"), kUrl), feed);
    }
    std::string others;
    for (int i = 0; i < 10; ++i)
        others += "<li><a href='/" + std::to_string(i) + ".html'>还有一篇可以读的文章</a></li>";
    for (const std::string& body : {kBody, std::string("<p>桥断了。</p>")})
        expect_same(
            read_page(
                page("<div class='post-content'><h1>桥</h1><p>编辑于今天</p><div class='entry-content'>" +
                     kCard + body + kShare + "</div><ul>" + others + "</ul></div>"),
                kUrl),
            read(kCard + body, kUrl));
}

TEST(Page, OfWeChatSaysWhatTheFeedSays) {
    const auto feed = read(kCard + kBody + kShare, kUrl);
    const std::string wechat =
        "<div id='page-content'><h1 id='activity-name'>桥</h1><div id='meta_content'><a "
        "id='js_name'>某号</a></div>"
        "<div class='rich_media_content' id='js_content' style='visibility: hidden; opacity: 0;'>"
        "<section><section><p><span>河边的桥是去年修的，</span><strong><span>今年</span></"
        "strong><span>就断了。</span></p>"
        "</section></section><section><img class='rich_pages' data-src='https://example.org/f/a.png' "
        "data-w='900' "
        "src='data:image/gif;base64,R0'></section><blockquote><section>“谁修的？”</section></blockquote>"
        "<ul><li><p>一</p></li><li><p>二</p></li></ul><h2><span>后来</span></h2><p>后来没有人再说起它。<br></"
        "p>"
        "<p>—— END ——</p><p>喜欢我的文章，欢迎点赞、在看和转发</p><p>长按二维码关注</p>"
        "<p><img data-src='https://example.org/f/code.png'></p></div></div><div "
        "id='js_pc_qr_code'><p>微信扫一扫</p></div>";
    expect_same(read_page(page(wechat), "https://mp.weixin.qq.com/s/abc"), feed);
}

const std::string kParagraph =
    "<p>这是一段够长的正文，说的是河边的桥，桥上的人，还有桥下的水。后来，谁也没有再来。</p>";

std::string paragraphs(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) {
        out += kParagraph;
    }
    return out;
}

struct NewsPage {
    const char* name;
    std::string html;
};

class NewsPages : public testing::TestWithParam<NewsPage> {};

TEST_P(NewsPages, ProseIsFoundAndNothingElse) {
    const auto content = read_page(page(GetParam().html), "https://news.example/a");
    ASSERT_TRUE(content);
    std::size_t found = 0;
    for (auto at = content->text.find("桥下的水"); at != std::string::npos;
         at = content->text.find("桥下的水", at + 1)) {
        ++found;
    }
    EXPECT_EQ(found, 8U) << content->text;
    for (const auto* foreign : {"菜单", "首页", "别的一篇", "版权所有", "脚本", "热门", "评论者", "分享到"}) {
        EXPECT_EQ(content->text.find(foreign), std::string::npos) << foreign << "\n" << content->text;
    }
}

const std::string kComments =
    "<div class='comment-list'><div "
    "class='comment'><p>评论者甲说，这座桥，早就该修了，没有人管，没有人问。</p></div>"
    "<div class='comment'><p>评论者乙说，是啊，是啊，谁管呢，谁问呢，都不管，都不问。</p></div></div>";
const std::string kHot =
    "<div class='hot'><h3>热门</h3><ul><li><a href='/x'>热门一，很长的标题，有逗号</a></li>"
    "<li><a href='/y'>热门二，很长的标题，也有逗号</a></li></ul></div>";

INSTANTIATE_TEST_SUITE_P(
    All, NewsPages,
    testing::Values(
        NewsPage{"plain", "<div class='wrap'><div class='main-left'><h1>桥</h1><div class='txt'>" +
                              paragraphs(8) + "</div>" + kComments + "</div><div class='main-right'>" + kHot +
                              "</div></div>"},
        NewsPage{"semantic", "<main><article><h1>桥</h1><div>" + paragraphs(8) + "</div></article>" + kHot +
                                 kComments + "</main>"},
        NewsPage{"teasers", "<article><a href='/1'><h2>别的一篇</h2></a></article><article>" + paragraphs(8) +
                                "</article><article><a href='/2'><h2>又别的一篇</h2></a></article>"},
        NewsPage{"boxes inside", "<div id='artibody'>" + paragraphs(4) + kHot +
                                     "<div class='share-bar'><span>分享到</span><a href='/w'>微博</a></div>" +
                                     paragraphs(4) + "</div>"},
        NewsPage{"parted", "<div class='story'><div class='part'>" + paragraphs(4) +
                               "</div><div class='ad-slot'></div>" + kHot + "<div class='part'>" +
                               paragraphs(4) + "</div></div>" + kComments},
        NewsPage{"divs", "<table><tr><td class='left'><a href='/1'>菜单</a></td><td class='body'>" +
                             [] {
                                 std::string divs;
                                 for (int i = 0; i < 8; ++i) {
                                     divs += "<div>"
                                             "这是一段够长的正文，说的是河边的桥，桥上的人，还有桥下的水。后"
                                             "来，谁也没有再来。</div>";
                                 }
                                 return divs;
                             }() +
                             "</td></tr></table>"}),
    [](const auto& info) {
        std::string name = info.param.name;
        std::ranges::replace(name, ' ', '_');
        return name;
    });

TEST(Page, WithoutProseHoldsNoArticle) {
    EXPECT_FALSE(read_page(page("<div><ul><li><a href='/1'>一</a></li></ul></div>").substr(0, 300), kUrl));
    EXPECT_FALSE(read_page("", kUrl));
}

} // namespace
} // namespace cdtd::article
