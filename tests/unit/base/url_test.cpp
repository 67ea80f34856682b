#include <cdtd/base/url.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cdtd::base {
namespace {

struct Case {
    std::string in;
    std::string out; ///< "" = nullopt
};

TEST(Url, Normalize) {
    const std::vector<Case> cases{
        {"https://example.org", "https://example.org/"},
        {"  HTTP://Example.ORG:80/A/b  ", "http://example.org/A/b"},
        {"https://example.org:443/x?y#z", "https://example.org/x?y#z"},
        {"https://example.org:8443/", "https://example.org:8443/"},
        {"https://example.org:/", "https://example.org/"},
        {"https://example.org/a/./b/../c/", "https://example.org/a/c/"},
        {"https://example.org/../../x", "https://example.org/x"},
        {"https://example.org/chinese/新闻.html", "https://example.org/chinese/%E6%96%B0%E9%97%BB.html"},
        {"https://example.org/%e6%96%b0", "https://example.org/%e6%96%b0"},
        {"https://example.org/a b|c\"<>", "https://example.org/a%20b%7Cc%22%3C%3E"},
        {"https://example.org/100%", "https://example.org/100%25"},
        {"https://example.org/files/post-1-abc.", "https://example.org/files/post-1-abc."},
        {"https://example.org/x?q=新&b=[1]", "https://example.org/x?q=%E6%96%B0&b=%5B1%5D"},
        {"https://exa\nmple.org/a\tb", "https://example.org/ab"},
        {"https://bücher.example/", "https://xn--bcher-kva.example/"},
        {"https://中文.example./", "https://xn--fiq228c.example/"},
        {"https://ex%61mple.org/", "https://example.org/"},
        {"https://r3---sn-x.example/", "https://r3---sn-x.example/"},
        {"https://a_b.example/", "https://a_b.example/"},
        {"http://127.1/", "http://127.0.0.1/"},
        {"http://0x7f000001/", "http://127.0.0.1/"},
        {"http://2130706433/", "http://127.0.0.1/"},
        {"http://0177.0.0.1/", "http://127.0.0.1/"},
        {"http://１２７.0.0.1/", "http://127.0.0.1/"},
        {"http://[::1]:8080/x", "http://[::1]:8080/x"},
        {"http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"},
        {"https://user:pw@example.org/", "https://user:pw@example.org/"},
        {"https://good.example@evil.example/", "https://good.example@evil.example/"},
        {"https://a@b@evil.example/", "https://a%40b@evil.example/"},
        {"", ""},
        {"/relative", ""},
        {"//example.org/x", ""},
        {"javascript:alert(1)", ""},
        {"data:text/html,x", ""},
        {"mailto:a@example.org", ""},
        {"ftp://example.org/", ""},
        {"http:example.org", ""},
        {"https:///path", ""},
        {"https://", ""},
        {"https://example.org:99999/", ""},
        {"https://example.org:0/", ""},
        {"https://example.org:8x/", ""},
        {"https://a..b/", ""},
        {"https://exam ple.org/", ""},
        {"https://example.org\\@evil.example/", "https://example.org%5C@evil.example/"},
        {"https://evil.example\\x/", ""},
        {"https://[::1/", ""},
        {"https://[fe80::1%25eth0]/", ""},
        {"http://256.0.0.1/", ""},
        {"http://1.2.3.4.5/", ""},
    };
    for (const auto& [in, out] : cases) {
        EXPECT_EQ(normalize_url(in).value_or(""), out) << in;
        if (!out.empty())
            EXPECT_EQ(normalize_url(out).value_or(""), out) << "not stable: " << out;
    }
    EXPECT_FALSE(normalize_url("https://example.org/" + std::string(20'000, 'a')));
    EXPECT_FALSE(normalize_url(std::string("https://exa\0mple.org/", 21)));
}

TEST(Url, Resolve) {
    const std::string base = "https://example.org/chinese/2020/page.html?p=1#top";
    const std::vector<Case> cases{
        {"/x", "https://example.org/x"},
        {"x.jpg", "https://example.org/chinese/2020/x.jpg"},
        {"../x", "https://example.org/chinese/x"},
        {"./", "https://example.org/chinese/2020/"},
        {"..", "https://example.org/chinese/"},
        {"?p=2", "https://example.org/chinese/2020/page.html?p=2"},
        {"#s", "https://example.org/chinese/2020/page.html?p=1#s"},
        {"//other.example/y", "https://other.example/y"},
        {"http://other.example/y", "http://other.example/y"},
        {"图.png", "https://example.org/chinese/2020/%E5%9B%BE.png"},
        {"图:1.png", "https://example.org/chinese/2020/%E5%9B%BE:1.png"},
        {" \n/x \n", "https://example.org/x"},
        {"", ""},
        {"  ", ""},
        {"javascript:void(0)", ""},
        {"JavaScript\t:x", ""},
        {"mailto:a@b", ""},
        {"data:image/gif;base64,xx", ""},
    };
    for (const auto& [in, out] : cases)
        EXPECT_EQ(resolve_url(base, in).value_or(""), out) << in;
    EXPECT_FALSE(resolve_url("nonsense", "/x"));
    EXPECT_EQ(resolve_url("nonsense", "https://example.org").value_or(""), "https://example.org/");
}

TEST(Url, Canonical) {
    const std::string weixin =
        "https://mp.weixin.qq.com/s?__biz=MzA3MDM3NjE5NQ==&mid=2650844567&idx=1&sn=0a1b2c3d4e";
    const std::vector<Case> cases{
        {"http://www.example.org/chinese/715285.html", "https://example.org/chinese/715285.html"},
        {"http://example.org:80/", "https://example.org/"},
        {"http://example.org:8080/", "https://example.org:8080/"},
        {"https://example.org/a?utm_source=rss&utm_medium=rss&p=17#comments", "https://example.org/a?p=17"},
        {"https://example.org/a?source=rss", "https://example.org/a"},
        {"https://example.org/a?source=other", "https://example.org/a?source=other"},
        {"https://example.org/a?fbclid=1&gclid=2", "https://example.org/a"},
        {"https://example.org/chinese/?p=715285", "https://example.org/chinese/?p=715285"},
        {"https://example.org/x?a=1&amp;b=2&#038;c=3", "https://example.org/x?a=1&b=2&c=3"},
        {"https://example.org/x?a=1&amp;amp;#038;b=2", "https://example.org/x?a=1&b=2"},
        {"https://example.org/新闻", "https://example.org/%E6%96%B0%E9%97%BB"},
        {"https://example.org/%e6%96%b0%e9%97%bb", "https://example.org/%E6%96%B0%E9%97%BB"},
        {"https://example.org/%7Euser/%61", "https://example.org/~user/a"},
        {"https://example.org/a%2fb%3f", "https://example.org/a%2Fb%3F"},
        {"https://example.org/caf%65%CC%81", "https://example.org/caf%C3%A9"},
        {"https://example.org/a%2e%2e/%2e%2e/b", "https://example.org/b"},
        {"https://example.org/%ff", "https://example.org/%FF"},
        {"https://example.org/chinese/2020/06/slug", "https://example.org/chinese/2020/06/slug/"},
        {"https://example.org/chinese/2020/06/slug//", "https://example.org/chinese/2020/06/slug/"},
        {"https://example.org/2020/06/05/slug", "https://example.org/2020/06/05/slug/"},
        {"https://example.org/2020/06/page.html", "https://example.org/2020/06/page.html"},
        {"https://example.org/Mixed/Case", "https://example.org/Mixed/Case"},
        {"https://user@example.org/", "https://example.org/"},
        {"https://mp.weixin.qq.com/s/KJo4eT83-_w--w", "https://mp.weixin.qq.com/s/KJo4eT83-_w--w"},
        {"http://mp.weixin.qq.com/s/KJo4eT83?scene=1#wechat_redirect", "https://mp.weixin.qq.com/s/KJo4eT83"},
        {"http://mp.weixin.qq.com/s?sn=0a1b2c3d4e&__biz=MzA3MDM3NjE5NQ%3D%3D&mid=2650844567&idx=1"
         "&chksm=84&scene=21#wechat_redirect",
         weixin},
        {"https://mp.weixin.qq.com/"
         "s?__biz=MzA3MDM3NjE5NQ==&mid=2650844567&idx=1&sn=0a1b2c3d4e%E2%8C%A9=zh_CN",
         weixin},
        {"https://mp.weixin.qq.com/"
         "s?__biz=MzA3MDM3NjE5NQ==&amp;mid=2650844567&amp;idx=1&amp;sn=0a1b2c3d4e〈=zh",
         weixin},
        {"https://mp.weixin.qq.com/mp/profile?action=x", "https://mp.weixin.qq.com/mp/profile?action=x"},
        {"", ""},
        {"javascript:alert(1)", ""},
    };
    for (const auto& [in, out] : cases) {
        EXPECT_EQ(canonical_url(in).value_or(""), out) << in;
        if (!out.empty())
            EXPECT_EQ(canonical_url(out).value_or(""), out) << "not stable: " << out;
    }
}

TEST(Url, Split) {
    const auto parts = split_url("https://User@EXAMPLE.org:8443/a?b=c#d");
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->scheme, "https");
    EXPECT_EQ(parts->host, "example.org");
    EXPECT_EQ(parts->port, 8443);
    EXPECT_EQ(parts->path, "/a");
    EXPECT_EQ(parts->query, "b=c");
    EXPECT_TRUE(parts->has_query);
    EXPECT_TRUE(parts->has_userinfo);
    const auto plain = split_url("http://[2001:DB8::1]");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->host, "2001:db8::1");
    EXPECT_EQ(plain->port, 80);
    EXPECT_EQ(plain->path, "/");
    EXPECT_FALSE(plain->has_query);
    EXPECT_FALSE(plain->has_userinfo);
    EXPECT_FALSE(split_url("/x"));
}

TEST(Url, Origin) {
    EXPECT_EQ(origin_of("https://Example.org/x"), "https://example.org:443");
    EXPECT_EQ(origin_of("http://example.org:8080/x"), "http://example.org:8080");
    EXPECT_EQ(origin_of("http://[::1]/"), "http://[::1]:80");
    EXPECT_EQ(origin_of("nonsense"), "");
}

TEST(Url, Percent) {
    EXPECT_EQ(percent_decode("a%20b%E6%96%b0%"), "a b新%");
    EXPECT_EQ(percent_decode("%zz%4"), "%zz%4");
    EXPECT_EQ(percent_encode("a b/新~-._&"), "a%20b%2F%E6%96%B0~-._%26");
    EXPECT_EQ(percent_decode(percent_encode("任意 bytes \x01\xff")), "任意 bytes \x01\xff");
    EXPECT_EQ(without_fragment("https://example.org/a?b#c#d"), "https://example.org/a?b");
    EXPECT_EQ(without_fragment("https://example.org/a"), "https://example.org/a");
}

} // namespace
} // namespace cdtd::base
