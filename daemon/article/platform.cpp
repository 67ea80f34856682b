#include <cdtd/article/links.hpp>
#include <cdtd/base/url.hpp>

#include <array>
#include <utility>

namespace cdtd::article {

namespace {

using Row = std::pair<std::string_view, std::string_view>;

/// A host, or a domain with all its hosts.
constexpr std::array kPlatforms{
    Row{"weixin.qq.com", "weixin"},
    Row{"weixin110.qq.com", "weixin"},
    Row{"news.qq.com", "tencent"},
    Row{"new.qq.com", "tencent"},
    Row{"weibo.com", "weibo"},
    Row{"weibo.cn", "weibo"},
    Row{"zhihu.com", "zhihu"},
    Row{"douban.com", "douban"},
    Row{"bilibili.com", "bilibili"},
    Row{"b23.tv", "bilibili"},
    Row{"xiaohongshu.com", "xiaohongshu"},
    Row{"xhslink.com", "xiaohongshu"},
    Row{"douyin.com", "douyin"},
    Row{"iesdouyin.com", "douyin"},
    Row{"kuaishou.com", "kuaishou"},
    Row{"toutiao.com", "toutiao"},
    Row{"baidu.com", "baidu"},
    Row{"jianshu.com", "jianshu"},
    Row{"163.com", "netease"},
    Row{"sohu.com", "sohu"},
    Row{"sina.com.cn", "sina"},
    Row{"sina.cn", "sina"},
    Row{"twitter.com", "twitter"},
    Row{"x.com", "twitter"},
    Row{"t.co", "twitter"},
    Row{"t.me", "telegram"},
    Row{"telegram.me", "telegram"},
    Row{"telegra.ph", "telegram"},
    Row{"youtube.com", "youtube"},
    Row{"youtu.be", "youtube"},
    Row{"reddit.com", "reddit"},
    Row{"redd.it", "reddit"},
    Row{"matters.news", "matters"},
    Row{"matters.town", "matters"},
    Row{"facebook.com", "facebook"},
    Row{"instagram.com", "instagram"},
    Row{"medium.com", "medium"},
    Row{"substack.com", "substack"},
    Row{"github.com", "github"},
};

} // namespace

std::string platform_of(std::string_view url) {
    const auto parts = base::split_url(url);
    if (!parts) {
        return "web";
    }
    const std::string_view host = parts->host;
    for (const auto& [domain, platform] : kPlatforms) {
        if (host.ends_with(domain) &&
            (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.')) {
            return std::string(platform);
        }
    }
    return "web";
}

} // namespace cdtd::article
