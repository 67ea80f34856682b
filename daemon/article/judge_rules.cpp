// WeChat's notices: as archivers recorded them (WeChatSCOPE's messages, the interstitials of 2020 to 2025).
#include "article/judge_rules.hpp"

#include <array>

namespace cdtd::article {

namespace {

constexpr std::string_view kDeleted = "deleted";
constexpr std::string_view kCensored = "censored";
constexpr std::string_view kChallenged = "challenged";
constexpr std::string_view kUnreachable = "unreachable";
constexpr std::string_view kUnknown = "unknown";

constexpr NoticeRule weixin(std::string_view text, std::string_view state, std::string_view reason) {
    return {"weixin", Where::warning, {}, text, state, reason};
}
constexpr NoticeRule weixin_asks(std::string_view text, std::string_view reason) {
    return {"weixin", Where::message, {}, text, kChallenged, reason};
}
constexpr NoticeRule m_weibo(std::string_view text, std::string_view state, std::string_view reason) {
    return {"weibo", Where::element, ".h5-4con", text, state, reason};
}
constexpr NoticeRule titled(std::string_view platform, std::string_view text, std::string_view state,
                            std::string_view reason) {
    return {platform, Where::title, {}, text, state, reason};
}

// The first that holds counts.
constexpr std::array kNotices{
    // Who asks for a proof has said nothing about the article, whatever else stands there.
    weixin_asks("环境异常", "captcha"),
    weixin_asks("完成验证后即可继续访问", "captcha"),
    weixin_asks("访问过于频繁", "rate_limit"),
    weixin_asks("操作频繁", "rate_limit"),
    weixin_asks("操作过于频繁", "rate_limit"),
    weixin_asks("请在微信客户端打开", "login"),

    weixin("该内容已被发布者删除", kDeleted, "deleted_by_author"),
    weixin("此内容已被发布者删除", kDeleted, "deleted_by_author"),
    weixin("该内容已被发送人删除", kDeleted, "deleted_by_author"),
    weixin("The content has been deleted by the author", kDeleted, "deleted_by_author"),
    weixin("根据作者隐私设置，无法查看该内容", kDeleted, "private"),
    weixin("账号已自主注销", kDeleted, "account_cancelled"),
    weixin("帐号已自主注销", kDeleted, "account_cancelled"),

    weixin("此内容被投诉且经审核涉嫌侵权", kCensored, "infringement"),
    weixin("该内容被投诉且经审核涉嫌违规", kCensored, "complaint"),
    weixin("此内容被投诉且经审核涉嫌违规", kCensored, "complaint"),
    weixin("此内容被多人投诉", kCensored, "complaint"),
    weixin("因违规无法查看", kCensored, "violation"),
    weixin("Unable to view this content because it violates regulations", kCensored, "violation"),
    weixin("涉嫌违反相关法律法规", kCensored, "violation"),
    weixin("此内容发送失败无法查看", kCensored, "violation"),
    weixin("帐号已被屏蔽", kCensored, "account_blocked"),
    weixin("账号已被屏蔽", kCensored, "account_blocked"),
    weixin("公众号已被封禁", kCensored, "account_blocked"),

    weixin("帐号迁移", kUnknown, "migrated"),
    weixin("账号迁移", kUnknown, "migrated"),
    weixin("公众号已迁移", kUnknown, "migrated"),
    weixin("链接已过期", kUnknown, "expired"),
    // Says that it can't be seen, and not why; "wrong parameter", "the system has failed" say nothing either.
    weixin("该内容暂时无法查看", kUnknown, "unclear"),
    weixin("此内容无法查看", kUnknown, "unclear"),
    weixin("参数错误", kUnknown, "unclear"),
    weixin("系统出错", kUnknown, "unclear"),

    m_weibo("由于博主设置", kDeleted, "private"),
    m_weibo("微博不存在或暂无查看权限", kDeleted, "not_found"),
    m_weibo("用户不存在", kDeleted, "not_found"),
    m_weibo("网络繁忙", kChallenged, "rate_limit"),

    titled("zhihu", "安全验证", kChallenged, "captcha"),

    titled("douban", "禁止访问", kChallenged, "refused"),
    titled("douban", "禁止访问豆瓣", kChallenged, "refused"),
    titled("douban", "登录豆瓣", kChallenged, "login"),
    titled("douban", "条目不存在", kDeleted, "not_found"),
    titled("douban", "没有访问权限", kDeleted, "private"),

    titled("bilibili", "视频去哪了呢", kDeleted, "not_found"),
    titled("bilibili", "出错啦", kDeleted, "not_found"),
    titled("bilibili", "验证码", kChallenged, "captcha"),

    NoticeRule{"telegram", Where::element, ".tgme_widget_message_error", "Post not found", kDeleted,
               "not_found"},
    titled("baidu", "百度安全验证", kChallenged, "captcha"),

    // Soft 404s, and pages that want a proof, wherever they stand.
    titled("", "Just a moment", kChallenged, "captcha"),
    titled("", "Attention Required! | Cloudflare", kChallenged, "captcha"),
    titled("", "安全验证", kChallenged, "captcha"),
    titled("", "人机验证", kChallenged, "captcha"),
    titled("", "访问验证", kChallenged, "captcha"),
    titled("", "Access Denied", kChallenged, "refused"),
    titled("", "403 Forbidden", kChallenged, "refused"),
    titled("", "用户登录", kChallenged, "login"),
    titled("", "请登录", kChallenged, "login"),
    titled("", "404 Not Found", kDeleted, "not_found"),
    titled("", "Error 404", kDeleted, "not_found"),
    titled("", "404 Error", kDeleted, "not_found"),
    titled("", "Page Not Found", kDeleted, "not_found"),
    titled("", "404 Page Not Found", kDeleted, "not_found"),
    titled("", "页面不存在", kDeleted, "not_found"),
    titled("", "页面未找到", kDeleted, "not_found"),
    titled("", "页面没有找到", kDeleted, "not_found"),
    titled("", "找不到页面", kDeleted, "not_found"),
    titled("", "您访问的页面不存在", kDeleted, "not_found"),
    titled("", "你访问的页面不存在", kDeleted, "not_found"),
    titled("", "您要找的页面不存在", kDeleted, "not_found"),
    titled("", "404页面", kDeleted, "not_found"),
    titled("", "404错误", kDeleted, "not_found"),
    titled("", "错误404", kDeleted, "not_found"),
    titled("", "文章不存在", kDeleted, "not_found"),
    titled("", "該頁面不存在", kDeleted, "not_found"),
    titled("", "找不到頁面", kDeleted, "not_found"),
};

constexpr std::array kPlaces{
    PlaceRule{"weixin", "mp.weixin.qq.com", "/mp/wappoc_appmsgcaptcha", "", kChallenged, "captcha"},
    PlaceRule{"weibo", "weibo.com", "/sorry", "userblock", kCensored, "account_blocked"},
    PlaceRule{"weibo", "weibo.com", "/sorry", "pagenotfound", kDeleted, "not_found"},
    PlaceRule{"weibo", "weibo.com", "/sorry", "usernotexists", kDeleted, "not_found"},
    PlaceRule{"weibo", "weibo.com", "/sorry", "sysbusy", kChallenged, "rate_limit"},
    PlaceRule{"weibo", "weibo.com", "/sorry", "", kUnknown, "unclear"},
    PlaceRule{"weibo", "passport.weibo.com", "", "", kChallenged, "login"},
    PlaceRule{"weibo", "passport.weibo.cn", "", "", kChallenged, "login"},
    PlaceRule{"weibo", "login.sina.com.cn", "", "", kChallenged, "login"},
    PlaceRule{"weibo", "weibo.com", "/newlogin", "", kChallenged, "login"},
    PlaceRule{"zhihu", "zhihu.com", "/account/unhuman", "", kChallenged, "captcha"},
    PlaceRule{"douban", "douban.com", "/misc/sorry", "", kChallenged, "captcha"},
    PlaceRule{"douban", "sec.douban.com", "", "", kChallenged, "captcha"},
    PlaceRule{"douban", "accounts.douban.com", "", "", kChallenged, "login"},
    PlaceRule{"bilibili", "passport.bilibili.com", "", "", kChallenged, "login"},
    PlaceRule{"baidu", "wappass.baidu.com", "", "", kChallenged, "captcha"},
    PlaceRule{"", "", "/login", "", kChallenged, "login"},
    PlaceRule{"", "", "/signin", "", kChallenged, "login"},
    PlaceRule{"", "", "/sign_in", "", kChallenged, "login"},
    PlaceRule{"", "", "/users/sign_in", "", kChallenged, "login"},
    PlaceRule{"", "", "/accounts/login", "", kChallenged, "login"},
    PlaceRule{"", "", "/account/login", "", kChallenged, "login"},
    PlaceRule{"", "", "/passport/", "", kChallenged, "login"},
    PlaceRule{"", "", "/captcha", "", kChallenged, "captcha"},
    PlaceRule{"", "", "/404", "", kDeleted, "not_found"},
};

constexpr std::array kStatuses{
    StatusRule{"bilibili", 412, kChallenged, "rate_limit"},
    StatusRule{"weibo", 414, kChallenged, "rate_limit"},
    StatusRule{"weibo", 418, kChallenged, "rate_limit"},
    StatusRule{"", 404, kDeleted, "not_found"},
    StatusRule{"", 410, kDeleted, "not_found"},
    StatusRule{"", 451, kCensored, "legal"}, // RFC 7725
    StatusRule{"", 401, kChallenged, "login"},
    StatusRule{"", 407, kChallenged, "refused"},
    StatusRule{"", 403, kChallenged, "refused"},
    StatusRule{"", 429, kChallenged, "rate_limit"},
    StatusRule{"", 500, kUnreachable, ""},
    StatusRule{"", 502, kUnreachable, ""},
    StatusRule{"", 503, kUnreachable, ""},
    StatusRule{"", 504, kUnreachable, ""},
    StatusRule{"", 521, kUnreachable, ""}, // Cloudflare's own
    StatusRule{"", 522, kUnreachable, ""},
    StatusRule{"", 523, kUnreachable, ""},
    StatusRule{"", 530, kUnreachable, ""},
};

constexpr std::array kContent{
    ContentMark{"weixin", "#js_content"},        ContentMark{"weixin", "#js_article"},
    ContentMark{"weixin", "#activity-name"},     ContentMark{"weixin", "#activity-detail"},
    ContentMark{"weixin", "#js_image_content"},  ContentMark{"weibo", "$render_data"},
    ContentMark{"weibo", ".weibo-text"},         ContentMark{"weibo", ".WB_text"},
    ContentMark{"zhihu", ".RichText"},           ContentMark{"zhihu", ".QuestionHeader-title"},
    ContentMark{"douban", "#link-report"},       ContentMark{"douban", ".topic-content"},
    ContentMark{"douban", ".note-container"},    ContentMark{"bilibili", "#viewbox_report"},
    ContentMark{"bilibili", ".article-content"}, ContentMark{"telegram", ".tgme_widget_message_text"},
};

} // namespace

std::span<const NoticeRule> notice_rules() {
    return kNotices;
}

std::span<const PlaceRule> place_rules() {
    return kPlaces;
}

std::span<const StatusRule> status_rules() {
    return kStatuses;
}

std::span<const ContentMark> content_marks() {
    return kContent;
}

bool needs_content_mark(std::string_view platform) {
    return platform == "weixin";
}

} // namespace cdtd::article
