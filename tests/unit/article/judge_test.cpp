// A row for every rule: what a platform answers, and what it means. The pages are our own, in the platforms'
// shapes; of theirs they hold the notices only.
#include "article/judge_page.hpp"
#include "article/judge_rules.hpp"

#include <cdtd/article/judge.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace cdtd::article {
namespace {

const std::string kWeixin = "https://mp.weixin.qq.com/s/AbCdEf-1";
const std::string kText = "河边的桥修好了，渡船从此停在岸上，摆渡的人改种了菜。";

std::string many(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

/// WeChat's interstitial of today.
std::string interstitial(const std::string& message,
                         const std::string& icon = "weui-icon-warn weui-icon_msg") {
    return "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title></title></head><body class=\"zh_CN\">"
           "<div class=\"weui-msg\"><div class=\"weui-msg__icon-area\"><i class=\"" +
           icon + "\"></i></div><div class=\"weui-msg__text-area\"><h2 class=\"weui-msg__title\">\n   " +
           message + "\n</h2></div></div><script>var x = 1;</script></body></html>";
}

/// The one before.
std::string old_interstitial(const std::string& message) {
    return "<html><body><div class=\"page_msg\"><div class=\"inner\"><span class=\"msg_icon_wrp\">"
           "<div class=\"icon_area\"><i class=\"icon_msg warn\"></i></div></span><div class=\"text_area\">"
           "<div class=\"global_error_msg warn\">" +
           message + "</div></div></div></div></body></html>";
}

std::string article(const std::string& text) {
    return "<html><head><title>桥</title></head><body><h1 id=\"activity-name\">桥</h1><div "
           "id=\"js_content\"><p>" +
           text + "</p></div></body></html>";
}

std::string page(const std::string& title, const std::string& text) {
    return "<!doctype html><html><head><title>" + title + "</title></head><body><p>" + text +
           "</p></body></html>";
}

std::string verdict(const std::string& url, int status, const std::string& body,
                    const std::string& final_url = "", const std::string& type = "text/html; charset=utf-8") {
    const auto found = judge({url, status, final_url, type, body});
    return found.reason.empty() ? found.state : found.state + "/" + found.reason;
}

struct Notice {
    std::string text;
    std::string verdict;
};

const std::vector<Notice> kWeixinNotices = {
    {"该内容已被发布者删除", "deleted/deleted_by_author"},
    {"此内容已被发布者删除", "deleted/deleted_by_author"},
    {"该内容已被发送人删除", "deleted/deleted_by_author"},
    {"The content has been deleted by the author.", "deleted/deleted_by_author"},
    {"根据作者隐私设置，无法查看该内容", "deleted/private"},
    {"此账号已自主注销，内容无法查看", "deleted/account_cancelled"},
    {"此帐号已自主注销，内容无法查看。", "deleted/account_cancelled"},
    {"此内容因违规无法查看", "censored/violation"},
    {"Unable to view this content because it violates regulations", "censored/violation"},
    {"此内容涉嫌违反相关法律法规，查看详情", "censored/violation"},
    {"此内容发送失败无法查看", "censored/violation"},
    {"此内容被投诉且经审核涉嫌侵权，无法查看。", "censored/infringement"},
    {"此内容被多人投诉，相关的内容无法进行查看。", "censored/complaint"},
    {"该内容被投诉且经审核涉嫌违规", "censored/complaint"},
    {"此帐号已被屏蔽, 内容无法查看", "censored/account_blocked"},
    {"此账号已被屏蔽，内容无法查看", "censored/account_blocked"},
    {"该公众号已被封禁", "censored/account_blocked"},
    {"此帐号已申请公众号帐号迁移流程，被冻结/回收，小主页暂无法访问。", "unknown/migrated"},
    {"该公众号已迁移", "unknown/migrated"},
    {"链接已过期", "unknown/expired"},
    {"该内容暂时无法查看", "unknown/unclear"},
    {"此内容无法查看", "unknown/unclear"},
    {"参数错误", "unknown/unclear"},
    {"系统出错", "unknown/unclear"},
    {"一句没有人见过的话", "unknown/unclear"},
};

TEST(Judge, WeChatByItsInterstitial) {
    for (const auto& [text, expected] : kWeixinNotices) {
        EXPECT_EQ(verdict(kWeixin, 200, interstitial(text)), expected) << text;
        EXPECT_EQ(verdict(kWeixin, 200, interstitial(text, "weui-icon-warn-gray weui-icon_msg")), expected)
            << text;
        EXPECT_EQ(verdict(kWeixin, 200, old_interstitial(text)), expected) << text;
        EXPECT_EQ(judge({kWeixin, 200, "", "text/html", interstitial(text)}).words, text);
    }
}

TEST(Judge, WhatAnArticleQuotesIsNoNotice) {
    for (const auto& [text, expected] : kWeixinNotices) {
        EXPECT_EQ(verdict(kWeixin, 200, article(text)), "alive") << text;
        // In the article, or around it: the article is there.
        EXPECT_EQ(verdict(kWeixin, 200, article(interstitial(text))), "alive") << text;
        EXPECT_EQ(verdict(kWeixin, 200, interstitial(text) + article(kText)), "alive") << text;
        // No sign beside it.
        EXPECT_EQ(verdict(kWeixin, 200, page(text, text)), "unknown/unclear") << text;
        EXPECT_EQ(verdict(kWeixin, 200, interstitial(text, "weui-icon-info")), "unknown/unclear") << text;
        // Another site's page that looks the same.
        EXPECT_EQ(verdict("https://chinadigitaltimes.net/chinese/1.html", 200, page(text, many(kText, 40))),
                  "alive")
            << text;
        EXPECT_EQ(verdict("https://chinadigitaltimes.net/chinese/1.html", 200,
                          page("【404文库】" + text, interstitial(text) + many(kText, 40))),
                  "alive")
            << text;
    }
}

TEST(Judge, ACaptchaIsNeverADeletion) {
    const auto captcha = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x&target_url=y";
    EXPECT_EQ(verdict(kWeixin, 200, interstitial("此内容因违规无法查看"), captcha), "challenged/captcha");
    EXPECT_EQ(verdict(kWeixin, 200, "", captcha), "challenged/captcha");
    for (const auto icon : {"weui-icon-info weui-icon_msg", "weui-icon-warn weui-icon_msg"}) {
        EXPECT_EQ(verdict(kWeixin, 200, interstitial("环境异常", icon)), "challenged/captcha");
        EXPECT_EQ(verdict(kWeixin, 200, interstitial("当前环境异常，完成验证后即可继续访问。", icon)),
                  "challenged/captcha");
        EXPECT_EQ(verdict(kWeixin, 200, interstitial("访问过于频繁，请用微信扫描二维码进行访问", icon)),
                  "challenged/rate_limit");
        EXPECT_EQ(verdict(kWeixin, 200, interstitial("操作频繁，请稍后再试", icon)), "challenged/rate_limit");
    }
    EXPECT_EQ(verdict(kWeixin, 200, old_interstitial("操作过于频繁，请稍后再试。")), "challenged/rate_limit");
    // A refusal with a notice in its page is a refusal.
    EXPECT_EQ(verdict(kWeixin, 403, interstitial("此内容因违规无法查看")), "challenged/refused");
    EXPECT_EQ(verdict(kWeixin, 503, interstitial("该内容已被发布者删除")), "unreachable");
}

struct Row {
    std::string url;
    int status;
    std::string body;
    std::string final_url;
    std::string expected;
};

TEST(Judge, OtherPlatforms) {
    const std::string weibo = "https://weibo.com/1234567890/AbCdEfGhI";
    const std::string m_weibo = "https://m.weibo.cn/status/4567890123456789";
    const auto wrong = [](const std::string& text) {
        return "<html><head><title>微博-出错了</title></head><body><div class=\"h5-4box\"><div "
               "class=\"h5-4img\"></div>"
               "<p class=\"h5-4con\">" +
               text + "</p></div></body></html>";
    };
    const std::string zhihu = "https://www.zhihu.com/question/1/answer/2";
    const std::string douban = "https://www.douban.com/note/1/";
    const std::string bilibili = "https://www.bilibili.com/video/BV1x";
    const std::vector<Row> rows = {
        {weibo, 200, "", "https://weibo.com/sorry?pagenotfound&", "deleted/not_found"},
        {weibo, 200, "", "https://weibo.com/sorry?usernotexists&code=1", "deleted/not_found"},
        {weibo, 200, "", "https://weibo.com/sorry?userblock&code=20003", "censored/account_blocked"},
        {weibo, 200, "", "https://weibo.com/sorry?sysbusy", "challenged/rate_limit"},
        {weibo, 200, "", "https://weibo.com/sorry?somethingnew", "unknown/unclear"},
        {weibo, 200, page("", ""), "https://passport.weibo.com/visitor/visitor?entry=miniblog",
         "challenged/login"},
        {weibo, 200, page("", ""), "https://weibo.com/newlogin?url=x", "challenged/login"},
        {weibo, 418, "", "", "challenged/rate_limit"},
        {weibo, 200, page("微博", "<div id=app></div>"), "", "unknown/unclear"},
        {m_weibo, 200, wrong("微博不存在或暂无查看权限!"), "", "deleted/not_found"},
        {m_weibo, 200, wrong("由于博主设置，目前内容暂不可见。"), "", "deleted/private"},
        {m_weibo, 200, wrong("用户不存在"), "", "deleted/not_found"},
        {m_weibo, 200, wrong("抱歉，网络繁忙"), "", "challenged/rate_limit"},
        {m_weibo, 200, wrong("暂无数据"), "", "unknown/unclear"},
        {m_weibo, 200,
         "<html><body><script>var $render_data = [{\"status\":{\"text\":\"桥\"}}][0]</script></body></html>",
         "", "alive"},
        {zhihu, 200, "", "https://www.zhihu.com/account/unhuman?type=S6E3V1&need_login=false",
         "challenged/captcha"},
        {zhihu, 200, "", "https://www.zhihu.com/signin?next=%2Fquestion%2F1", "challenged/login"},
        {zhihu, 403, "{\"error\":{\"code\":40362}}", "", "challenged/refused"},
        {zhihu, 200, page("安全验证 - 知乎", "<div></div>"), "", "challenged/captcha"},
        {zhihu, 404, page("404 - 知乎", "没有知识"), "", "deleted/not_found"},
        {zhihu, 200, "<body><div class=\"RichText ztext\">" + kText + "</div></body>", "", "alive"},
        {douban, 200, page("禁止访问", ""), "https://www.douban.com/misc/sorry?original-url=x",
         "challenged/captcha"},
        {douban, 403, page("禁止访问", "检测到有异常请求从你的 IP 发出"), "", "challenged/refused"},
        {douban, 200, page("登录豆瓣", ""), "https://accounts.douban.com/passport/login?redir=x",
         "challenged/login"},
        {douban, 200, page("登录豆瓣", ""), "", "challenged/login"},
        {douban, 200, page("", ""), "https://sec.douban.com/a?c=1", "challenged/captcha"},
        {douban, 404, page("页面不存在", "你想访问的页面"), "", "deleted/not_found"},
        {douban, 404, page("条目不存在", ""), "", "deleted/not_found"},
        {douban, 200, page("没有访问权限", "私密小组"), "", "deleted/private"},
        {douban, 200, "<body><div id=\"link-report\">" + kText + "</div></body>", "", "alive"},
        {bilibili, 200, page("视频去哪了呢？_哔哩哔哩_bilibili", ""), "", "deleted/not_found"},
        {bilibili, 404, page("出错啦! - bilibili.com", ""), "", "deleted/not_found"},
        {bilibili, 412, page("出错啦! - bilibili.com", ""), "", "challenged/rate_limit"},
        {bilibili, 200, page("验证码_哔哩哔哩", ""), "", "challenged/captcha"},
        {bilibili, 200, "<body><div id=\"viewbox_report\"><h1>桥</h1></div></body>", "", "alive"},
        {"https://t.me/bridge/12", 200,
         "<body><div class=\"tgme_widget_message_error\">Post not found</div></body>", "",
         "deleted/not_found"},
        {"https://baijiahao.baidu.com/s?id=1", 200, page("百度安全验证", ""), "", "challenged/captcha"},
        {"https://baijiahao.baidu.com/s?id=1", 200, page("", ""), "https://wappass.baidu.com/static/captcha/",
         "challenged/captcha"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(verdict(row.url, row.status, row.body, row.final_url), row.expected)
            << row.url << " " << row.status << " " << row.final_url << " " << row.body;
}

TEST(Judge, AnySite) {
    const std::string url = "https://news.example.org/2026/bridge.html";
    const std::string home = page("今日新闻", many(kText, 10));
    const std::string prose = many(kText, 10);
    const std::vector<Row> rows = {
        {url, 200, page("桥 - 今日新闻", prose), "", "alive"},
        {url, 200, page("桥", prose), "https://news.example.org/2026/bridge-2.html", "alive"},
        {url, 404, page("没有", prose), "", "deleted/not_found"},
        {url, 410, "", "", "deleted/not_found"},
        {url, 451, page("Unavailable For Legal Reasons", prose), "", "censored/legal"},
        {url, 401, "", "", "challenged/login"},
        {url, 403, prose, "", "challenged/refused"},
        {url, 429, "", "", "challenged/rate_limit"},
        {url, 500, "", "", "unreachable"},
        {url, 503, page("404 Not Found", ""), "", "unreachable"},
        {url, 599, "", "", "unreachable"},
        {url, 418, "", "", "unknown/unclear"},
        {url, 200, home, "https://news.example.org/", "deleted/not_found"},
        {url, 200, home, "https://www.news.example.org/index.html", "deleted/not_found"},
        {url, 200, home, "https://parking.example.net/", "unknown/migrated"},
        {"https://news.example.org/", 200, home, "https://www.news.example.org/", "alive"},
        {url, 200, home, "https://news.example.org/404.html", "deleted/not_found"},
        {url, 200, page("登录", ""), "https://news.example.org/login?next=x", "challenged/login"},
        {"https://news.example.org/login/why.html", 200, page("桥", prose),
         "https://news.example.org/login/why", "alive"},
        {url, 200, page("桥", prose), "https://news.example.org/loginless-future", "alive"},
        {url, 200, page("404 Not Found", "nginx"), "", "deleted/not_found"},
        {url, 200, page("页面不存在_今日新闻", "五秒后回到首页"), "", "deleted/not_found"},
        {url, 200, page("Page not found | Example News", "Sorry"), "", "deleted/not_found"},
        {url, 200, page("Just a moment...", ""), "", "challenged/captcha"},
        {url, 403, page("Just a moment...", ""), "", "challenged/captcha"},
        {url, 200, page("Attention Required! | Cloudflare", ""), "", "challenged/captcha"},
        // A long page of that name is an article about it.
        {url, 200, page("页面不存在", many(kText, 60)), "", "alive"},
        {url, 200, page("为什么页面不存在", prose), "", "alive"},
        {url, 200, page("", "<div id=root></div>"), "", "unknown/unclear"},
        {url, 200, "", "", "unknown/unclear"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(verdict(row.url, row.status, row.body, row.final_url), row.expected)
            << row.url << " " << row.status << " " << row.final_url << " " << row.body;
    EXPECT_EQ(verdict(url, 200, "%PDF-1.7", "", "application/pdf"), "alive");
    EXPECT_EQ(verdict(url, 404, "%PDF-1.7", "", "application/pdf"), "deleted/not_found");
    EXPECT_EQ(verdict(url, 200, "", "", "application/pdf"), "unknown/unclear");
    EXPECT_EQ(verdict(url, 200, page("404 Not Found", ""), "", ""), "deleted/not_found") << "without a type";
}

TEST(Judge, EveryRuleIsOfUse) {
    const std::set<std::string_view> states = {"alive",      "deleted",     "censored",
                                               "challenged", "unreachable", "unknown"};
    const std::set<std::string_view> reasons = {"",
                                                "deleted_by_author",
                                                "private",
                                                "account_cancelled",
                                                "not_found",
                                                "violation",
                                                "complaint",
                                                "infringement",
                                                "account_blocked",
                                                "legal",
                                                "captcha",
                                                "login",
                                                "rate_limit",
                                                "refused",
                                                "migrated",
                                                "expired",
                                                "unclear"};
    for (const auto& rule : notice_rules()) {
        EXPECT_TRUE(states.contains(rule.state) && reasons.contains(rule.reason)) << rule.text;
        EXPECT_GE(squeezed(rule.text).size(), 6U) << rule.text << ": too short to say anything";
        EXPECT_EQ(rule.where == Where::element, !rule.element.empty()) << rule.text;
        // A general word may not decide about anybody's page by standing in it.
        EXPECT_TRUE(!rule.platform.empty() || rule.where == Where::title) << rule.text;
    }
    for (const auto& rule : place_rules())
        EXPECT_TRUE(states.contains(rule.state) && reasons.contains(rule.reason)) << rule.path;
    for (const auto& rule : status_rules())
        EXPECT_TRUE(states.contains(rule.state) && reasons.contains(rule.reason)) << rule.status;
}

TEST(Judge, HostileBytes) {
    const std::string nul = std::string(1, '\0') + "<div\xff\xfe class=weui-msg__title>\xe6\xad";
    for (const std::string& body :
         {nul, many("<div>", 10'000), many("<i class=weui-icon-warn>", 5'000), many("<title>", 10'000),
          many("<p class=weui-msg__title>此内容因违规无法查看", 2'000),
          std::string("<title>") + many("-", 10'000)})
        for (const std::string& url :
             {kWeixin, std::string("https://example.org/a"), std::string("javascript:1"), nul}) {
            const auto found = judge({url, 200, nul, "text/html", body});
            EXPECT_TRUE(found.state == "unknown" || (found.state == "alive" && url != kWeixin))
                << body.substr(0, 40);
            EXPECT_LE(found.words.size(), 300U);
        }
    EXPECT_EQ(verdict(kWeixin, 200, interstitial("\xff\xfe此内容\xe2\x80\x8b因违规 无法查看")),
              "censored/violation");
}

/// Not one of CDT's own articles, which quote every notice there is, is taken for one.
TEST(Judge, TheCorpusStands) {
    const std::filesystem::path corpus = CDTD_SOURCE_DIR "/../shared/corpus/cdt";
    if (!std::filesystem::exists(corpus))
        GTEST_SKIP() << "no corpus here";
    int read = 0;
    for (const auto& file : std::filesystem::directory_iterator(corpus)) {
        const std::string name = file.path().filename();
        if (!name.ends_with(".md") && !name.ends_with(".rest.json"))
            continue;
        std::ifstream in(file.path(), std::ios::binary);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        std::string html = bytes.str(), title;
        if (name.ends_with(".json")) {
            const auto post = boost::json::parse(html).as_object();
            const auto rendered = [&post](const char* key) {
                const auto& value = post.at(key);
                return boost::json::value_to<std::string>(value.is_object() ? value.at("rendered") : value);
            };
            html = rendered("content");
            title = rendered("title");
        }
        const auto whole = "<html><head><title>" + title + "</title></head><body>" + html + "</body></html>";
        for (const auto* url : {"https://chinadigitaltimes.net/chinese/1.html", "https://weibo.com/1/a",
                                "https://www.zhihu.com/question/1", "https://www.douban.com/note/1/"}) {
            const auto found = judge({url, 200, "", "text/html", whole});
            EXPECT_TRUE(found.state == "alive" || found.state == "unknown")
                << name << ": " << found.state << " " << found.words;
        }
        // As if WeChat had it, within its own element and without.
        for (const auto& shape : {whole, article(html)}) {
            const auto found = judge({kWeixin, 200, "", "text/html", shape});
            EXPECT_TRUE(found.state == "alive" || found.state == "unknown")
                << name << ": " << found.state << " " << found.words;
        }
        ++read;
    }
    EXPECT_GT(read, 30);
}

} // namespace
} // namespace cdtd::article
