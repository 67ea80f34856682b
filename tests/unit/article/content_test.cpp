#include <cdtd/article/read.hpp>

#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

constexpr const char* kUrl = "https://chinadigitaltimes.net/chinese/900001.html";
constexpr const char* kShare =
    "<div class=\"addtoany_share_save_container addtoany_content\"><div class=\"a2a_kit\">"
    "<a class=\"a2a_button_email\" "
    "href=\"https://www.addtoany.com/add_to/email?linkname=x\">Email</a></div></div>";

TEST(Text, ParagraphsLinesListsAndTables) {
    const auto content =
        read("<p>一\n二<br>三</p><div>四<div>五</div>六</div><ul><li>七<li>八</ul>"
             "<table><tr><td>九</td><td>十</td></tr></table><p>&nbsp;</p><h2>　尾&amp;末 </h2>"
             "<style>p{}</style><script>var a='<p>x</p>';</script><!-- <p>y</p> -->",
             kUrl);
    EXPECT_EQ(content.text, "一 二\n三\n\n四\n\n五\n\n六\n\n七\n\n八\n\n九 十\n\n尾&末");
    EXPECT_EQ(content.characters, 13);
}

TEST(Html, BlocksNeverBecomeOneLine) {
    const std::pair<const char*, const char*> cases[] = {
        {"<div><div>一</div>二</div>三", "<p>一</p><p>二</p>三"},
        {"一<p></p>二", "一<p>二</p>"},
        {"<div><em><p>一</p></em></div>", "<em><p>一</p></em>"},
        {"<div>一<br>二</div>", "<p>一<br>二</p>"},
        {"<h1>一<div><h2>二</h2></div></h1>", "<h1>一<p>二</p></h1>"},
        {"<table><tr><td><p></p>一</td><td>二</td></tr></table>",
         "<table><tbody><tr><td><p>一</p></td><td>二</td></tr></tbody></table>"},
    };
    for (const auto& [html, written] : cases) {
        EXPECT_EQ(read(html, kUrl).html, written);
    }
}

TEST(Html, AnArticleInALayoutTableIsNoTable) {
    const std::string prose =
        "河水在夜里退了下去，码头上的人还没有散，他说这件事没有人通知过他们，通知贴出来的时候已经晚了。";
    const auto content =
        read_page("<table><tr><td>" + prose + "</td><td>" + prose + "</td></tr></table>", kUrl);
    ASSERT_TRUE(content);
    EXPECT_EQ(content->html.find("<td"), std::string::npos) << content->html;
    EXPECT_TRUE(content->html.contains("<p>" + prose + "</p>")) << content->html;
}

TEST(Html, EmbedInALinkStandsBehindIt) {
    const std::string rel = "\" rel=\"nofollow noopener noreferrer\">";
    EXPECT_EQ(
        read("<a href='https://a.example/'>一<iframe src='https://v.example/1' title='片'></iframe>二</a>",
             kUrl)
            .html,
        "<a href=\"https://a.example/" + rel + "一二</a><a href=\"https://v.example/1" + rel + "片</a>");
}

TEST(Html, RepeatedFormattingIsWrittenOnce) {
    EXPECT_EQ(read("<b>一<strong>二<b>三</b>四</strong>五</b>六", kUrl).html,
              "<strong>一二三四五</strong>六");
    EXPECT_EQ(read("x<sup>2<sup>3</sup></sup>", kUrl).html, "x<sup>2<sup>3</sup></sup>");
}

TEST(Text, BoilerplateIsDropped) {
    const auto content = read(
        "<p>正文。</p><blockquote class='wp-embedded-content'><a href='/a'>别的文章</a></blockquote>"
        "<div class='box grey-box'>了解更多</div><p><strong>相关阅读：</strong></p>"
        "<ul><li><a href='/1'>一篇</a></li><li><p><a href='/2'>二篇</a></p></li></ul><hr />"
        "<p><small>&copy; 编辑 for <a href='/'>站</a>, get_post_time('Y'). | <a href='/x'>Permalink</a> | "
        "<a href='/c'>3 comments</a></small></p><p><small>Feed enhanced by <a href='/b'>Better Feed</a>"
        "</small></p><p>The post <a href='/p'>X</a> appeared first on <a href='/'>Y</a>.</p>" +
            std::string(kShare),
        kUrl);
    EXPECT_EQ(content.text, "正文。");
    EXPECT_EQ(content.html, "<p>正文。</p>");
}

TEST(Text, RelatedReadingStandsInManyForms) {
    for (const std::string related : {
             "<p><strong>相关阅读：</strong></p><p>&nbsp;</p><ul><li><a href='/1'>一篇</a></li></ul>",
             "<h4>相關閱讀</h4><p><a href='/1'>一篇</a></p>\n<p></p><p>【<a "
             "href='/2'>二篇，它的题目长一些</a>】</p>",
             "<p>相关阅读：<a href='/1'>一篇</a></p>",
             "<p><strong>相关阅读：</strong><br><a href='/1'>一篇</a><br />\n<a href='/2'>二篇</a></p>",
             "<p>Related: <a href='/1'>One</a></p>",
         })
        EXPECT_EQ(read("<p>正文。</p>" + related + "<p>又是正文。</p>", kUrl).text, "正文。\n\n又是正文。")
            << related;
}

TEST(Text, RelatedReadingThatIsProseStays) {
    for (const std::string prose : {
             "<p>相关阅读：</p><ul><li>这一段是作者自己写的，很长，只带<a href='/1'>链接</a></li></ul>",
             "<p>相关阅读：</p><p>这一段是作者自己写的，很长，只带<a href='/1'>链接</a></p>",
             "<p>相关阅读：这一段是作者自己写的，很长，只带<a href='/1'>链接</a></p>",
             "<p>相关阅读理解题，这一段也很长，<a href='/1'>链接</a></p>",
             "<p>相关阅读：</p><p><img src='/f/a.png'></p><ul><li><a href='/1'>这一段也很长</a></li></ul>",
         }) {
        const auto text = read(prose, kUrl).text;
        EXPECT_NE(text.find("相关阅读"), std::string::npos) << prose;
        EXPECT_NE(text.find("很长"), std::string::npos) << prose;
    }
}

TEST(Fingerprint, WrappingDoesNotChangeIt) {
    const std::string body = "<p>甲乙<a href='/t'>丙</a></p><p>two words</p>";
    const auto plain = read(body + "<p><img src='http://example.org/f/a-300x200.png'></p>", kUrl).sha256;
    EXPECT_EQ(plain.size(), 64U);
    const std::string same[] = {
        body + "<p><img src='https://example.org/f/a.png'></p>" + kShare,
        "<div>甲乙\n丙</div>\n<div><strong>two</strong>\n words</div><img src='data:x' "
        "data-lazy-src='https://example.org/f/a.png'><noscript><img "
        "src='https://example.org/f/a.png'></noscript>",
    };
    for (const auto& html : same) {
        EXPECT_EQ(read(html, kUrl).sha256, plain) << html;
    }
    const std::string other[] = {
        body,
        body + "<p><img src='https://example.org/f/b.png'></p>",
        body + "<p>又</p><p><img src='https://example.org/f/a.png'></p>",
        "<p>甲乙丙</p><p>twowords</p><p><img src='https://example.org/f/a.png'></p>",
    };
    for (const auto& html : other) {
        EXPECT_NE(read(html, kUrl).sha256, plain) << html;
    }
}

TEST(Language, ByCharacters) {
    EXPECT_EQ(read("<p>他们说这个国家还没有开放</p>", kUrl).language, "zh-Hans");
    EXPECT_EQ(read("<p>他們說這個國家還沒有開放</p>", kUrl).language, "zh-Hant");
    EXPECT_EQ(read("<p>Censors deleted the article within hours.</p>", kUrl).language, "en");
    EXPECT_EQ(read("<p>これはひらがなのぶんしょうです日本の新聞が書いた。</p>", kUrl).language, "ja");
    EXPECT_EQ(read("<p>강가의 다리는 작년에 세워졌고 올해 무너졌다. 그 뒤로는 아무도 그 다리를 다시 말하지 "
                   "않았다. 사람들은 배를 타고 강을 건넌다.</p>",
                   kUrl)
                  .language,
              "ko");
    EXPECT_EQ(read("<p>Les censeurs ont supprimé l’article en quelques heures.</p>", kUrl).language, "fr");
    EXPECT_EQ(
        read("<p>བོད་ཡིག་ནི་བོད་མི་རིགས་ཀྱི་སྐད་ཡིག་ཡིན། འདི་ནི་དཔེ་ཆ་ཞིག་རེད། ཟམ་པ་དེ་ན་ནིང་བརྒྱབ་པ་རེད། ད་ལོ་ཆག་པ་རེད།</p>", kUrl)
            .language,
        "bo");
    EXPECT_EQ(
        read("<p>بۇ كۆۋرۈك ئۆتكەن يىلى ياسالغان. بۇ يىل چۈشۈپ كەتتى. شۇنىڭدىن كېيىن ھېچكىم بۇ توغرىسىدا گەپ "
             "قىلمىدى.</p>",
             kUrl)
            .language,
        "ug");
    EXPECT_EQ(read("<p>0123 4567 8901 2345 6789</p>", kUrl).language, "");
    EXPECT_EQ(read("<p>山水</p>", kUrl).language, "zh");
    EXPECT_EQ(read("", kUrl).language, "");
}

TEST(Excerpt, EndsAtASentenceOrSaysSo) {
    std::string text;
    for (int i = 0; i < 30; ++i) {
        text += "这是一个十字长的句子。";
    }
    const auto excerpt = read("<p>" + text + "</p>", kUrl).excerpt;
    EXPECT_TRUE(excerpt.ends_with("。"));
    EXPECT_LE(excerpt.size(), 3 * 120U);
    EXPECT_GE(excerpt.size(), 3 * 60U);
    std::string endless;
    for (int i = 0; i < 300; ++i) {
        endless += "字";
    }
    EXPECT_TRUE(read("<p>" + endless + "</p>", kUrl).excerpt.ends_with("…"));
    EXPECT_EQ(read("<p>短。</p>", kUrl).excerpt, "短。");
}

TEST(Page, ContentElementIsFound) {
    const auto page = [](const std::string& inner) {
        return "<!DOCTYPE html><html><head><title>标题</title></head><body><nav>菜单</nav>" + inner +
               "<footer>页脚</footer></body></html>";
    };
    for (const auto* open : {"<div class='x entry-content y'>", "<div class=post-content>",
                             "<div id=js_content>", "<article>", "<main>"}) {
        const auto content = read_page(page(std::string(open) + "<p>正文</p></div></article></main>"), kUrl);
        ASSERT_TRUE(content) << open;
        EXPECT_TRUE(content->text.starts_with("正文")) << open;
        EXPECT_EQ(content->text.find("菜单"), std::string::npos);
    }
    EXPECT_FALSE(read_page(page("<div class='entry-contents'><p>正文</p></div>"), kUrl));
    EXPECT_FALSE(read_page("", kUrl));
}

} // namespace
} // namespace cdtd::article
