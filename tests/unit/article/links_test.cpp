#include <cdtd/article/links.hpp>

#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

struct LinkCase {
    const char* url;
    Wrapper wrapper;
    std::optional<std::string> original;
    std::optional<std::string> timestamp;
};

class Links : public testing::TestWithParam<LinkCase> {};

TEST_P(Links, AreUnwrapped) {
    const auto link = unwrap(GetParam().url);
    EXPECT_EQ(link.wrapper, GetParam().wrapper);
    EXPECT_EQ(link.original, GetParam().original);
    EXPECT_EQ(link.timestamp, GetParam().timestamp);
}

constexpr auto kNone = Wrapper::none;
constexpr auto kWayback = Wrapper::wayback;
constexpr auto kToday = Wrapper::archive_today;

INSTANTIATE_TEST_SUITE_P(
    All, Links,
    testing::Values(
        LinkCase{"https://example.org/a?b=c", kNone, "https://example.org/a?b=c", {}},
        LinkCase{"", kNone, {}, {}}, LinkCase{"javascript:alert(1)", kNone, {}, {}},
        LinkCase{"https://web.archive.org/web/*/https://example.org/s/Ab--w",
                 kWayback,
                 "https://example.org/s/Ab--w",
                 {}},
        LinkCase{"https://archive.org/web/https://example.org/x", kWayback, "https://example.org/x", {}},
        LinkCase{"https://web.archive.org/web/https://example.org/x", kWayback, "https://example.org/x", {}},
        LinkCase{"http://web.archive.org/web/20240102030405id_/http:/example.org/x?y=1&z=2", kWayback,
                 "http://example.org/x?y=1&z=2", "20240102030405"},
        LinkCase{"https://web.archive.org/web/2024*/example.org/a", kWayback, "http://example.org/a", {}},
        LinkCase{"https://web.archive.org/web/20240102/https%3A%2F%2Fexample.org%2Fx", kWayback,
                 "https://example.org/x", "20240102"},
        LinkCase{"https://archive.org/web/20240102/http://example.org/x", kWayback, "http://example.org/x",
                 "20240102"},
        LinkCase{"http://www.archive.org/web/*/example.org/x", kWayback, "http://example.org/x", {}},
        LinkCase{"https://archive.org/details/book", kNone, "https://archive.org/details/book", {}},
        LinkCase{"https://web.archive.org/20240102030405/https://example.org/x", kWayback,
                 "https://example.org/x", "20240102030405"},
        LinkCase{"https://web.archive.org/web/20240102030405if_js12_/https://example.org/x", kWayback,
                 "https://example.org/x", "20240102030405"},
        LinkCase{"https://web.archive.org/save/渡口的故事...%0Ahttps://mp.weixin.qq.com/s/AbC",
                 kWayback,
                 "https://mp.weixin.qq.com/s/AbC",
                 {}},
        LinkCase{"https://web.archive.org/web/*/见a.b一文https://example.org/x）。",
                 kWayback,
                 "https://example.org/x",
                 {}},
        LinkCase{"https://web.archive.org/web/2024/example.org/?u=https://example.net/", kWayback,
                 "http://example.org/?u=https://example.net/", "2024"},
        LinkCase{"https://web.archive.org/", kWayback, {}, {}},
        LinkCase{"https://web.archive.org/web/*/", kWayback, {}, {}},
        LinkCase{"https://archive.ph/W29ZN", kToday, {}, {}},
        LinkCase{"https://archive.ph/?url=https://example.org/a?b=1&c=2",
                 kToday,
                 "https://example.org/a?b=1&c=2",
                 {}},
        LinkCase{"https://archive.today/?run=1&url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1&x=2",
                 kToday,
                 "https://example.org/a?b=1",
                 {}},
        LinkCase{"https://archive.is/o/W29ZN/https://example.org/a", kToday, "https://example.org/a", {}},
        LinkCase{
            "https://archive.vn/20240101000000/https://example.org/a", kToday, "https://example.org/a", {}},
        LinkCase{"https://archive.fo/newest/https://example.org/a", kToday, "https://example.org/a", {}},
        LinkCase{"https://link.zhihu.com/?target=https%3A//example.org/a%3Fb%3Dc",
                 kNone,
                 "https://example.org/a?b=c",
                 {}},
        LinkCase{"https://www.google.com/url?sa=t&q=https://example.org/a&usg=x",
                 kNone,
                 "https://example.org/a",
                 {}},
        LinkCase{"https://web.archive.org/web/2020/https://weibo.cn/sinaurl?u=https%3A%2F%2Fexample.org",
                 kWayback, "https://example.org", "2020"},
        LinkCase{"https://link.zhihu.com/?target=javascript%3Aalert(1)",
                 kNone,
                 "https://link.zhihu.com/?target=javascript%3Aalert(1)",
                 {}},
        LinkCase{"https://www.google.com/url?xq=https://example.org/a",
                 kNone,
                 "https://www.google.com/url?xq=https://example.org/a",
                 {}},
        LinkCase{"https://www.google.com/url?q", kNone, "https://www.google.com/url?q", {}},
        LinkCase{"https://archive.ph/*/https://example.org/a", kToday, "https://example.org/a", {}},
        LinkCase{"https://www.web.archive.org/web/2020/https://example.org/a", kWayback,
                 "https://example.org/a", "2020"},
        LinkCase{"https://archive.md/W29ZN/image", kToday, {}, {}},
        LinkCase{"https://web.archive.org/web/2020/https://archive.li/newest/https://example.org/a", kWayback,
                 "https://example.org/a", "2020"},
        LinkCase{"https://archive.ph.example.org/o/x/https://example.net/",
                 kNone,
                 "https://archive.ph.example.org/o/x/https://example.net/",
                 {}},
        LinkCase{"https://web.archive.org/web/*/javascript:alert(1)", kWayback, {}, {}}));

TEST(LinksDeep, NestingIsBounded) {
    std::string url;
    for (int i = 0; i < 1000; ++i) {
        url += "https://web.archive.org/web/*/";
    }
    EXPECT_EQ(unwrap(url + "https://example.org/").wrapper, Wrapper::wayback);
}

TEST(Platform, ByHost) {
    EXPECT_EQ(platform_of("https://mp.weixin.qq.com/s/abc"), "weixin");
    EXPECT_EQ(platform_of("https://m.weibo.cn/1/2"), "weibo");
    EXPECT_EQ(platform_of("https://zhuanlan.zhihu.com/p/1"), "zhihu");
    EXPECT_EQ(platform_of("https://x.com/a"), "twitter");
    EXPECT_EQ(platform_of("https://notx.com/a"), "web");
    EXPECT_EQ(platform_of("https://old.reddit.com/r/a"), "reddit");
    EXPECT_EQ(platform_of("https://matters.town/a"), "matters");
    EXPECT_EQ(platform_of("https://example.org/x.com"), "web");
    EXPECT_EQ(platform_of("nonsense"), "web");
}

TEST(Pictures, OfAnySizeAreOne) {
    EXPECT_EQ(without_picture_size("/files/a-300x200.jpg"), "/files/a.jpg");
    EXPECT_EQ(without_picture_size("a-b-1x1"), "a-b");
    for (const std::string path :
         {"/a-3x2/b.jpg", "a-x2.jpg", "a-3x.jpg", "a-3x2x1.jpg", "a-300.jpg", "", "/"})
        EXPECT_EQ(without_picture_size(path), path);
}

} // namespace
} // namespace cdtd::article
