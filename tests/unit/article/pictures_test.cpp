#include <cdtd/article/read.hpp>

#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

constexpr const char* kUrl = "https://chinadigitaltimes.net/chinese/900001.html";

struct PictureCase {
    const char* html;
    std::vector<std::string> images;
};

class PicturesOf : public testing::TestWithParam<PictureCase> {};

TEST_P(PicturesOf, Html) {
    const auto content = read(GetParam().html, kUrl);
    EXPECT_EQ(content.images, GetParam().images) << GetParam().html;
    std::size_t shown = 0;
    for (auto at = content.html.find("<img"); at != std::string::npos;
         at = content.html.find("<img", at + 1)) {
        ++shown;
    }
    EXPECT_EQ(shown, GetParam().images.size()) << content.html;
}

INSTANTIATE_TEST_SUITE_P(
    All, PicturesOf,
    testing::Values(
        PictureCase{"<img src='https://example.org/a.png' alt='file'>", {"https://example.org/a.png"}},
        PictureCase{
            "<p><img src=\"data:image/svg+xml,%3Csvg xmlns='x'%3E\" data-lazy-src='https://example.org/a.'>"
            "<noscript><img src='https://example.org/a.'></noscript></p>",
            {"https://example.org/a."}},
        PictureCase{
            "<noscript><img src='https://example.org/blogs.dir/4/files/b.png'></noscript>"
            "<img class='lazyload' src='data:image/gif;base64,R0' "
            "data-src='https://example.org/blogs.dir/4/files/b.png' "
            "data-srcset='https://example.org/f/b-300x200.png 300w, https://example.org/f/b.png 900w'>",
            {"https://example.org/f/b.png"}},
        PictureCase{
            "<img src='http://example.org/a-300x200.jpg' srcset='https://example.org/a-300x200.jpg 300w, "
            "https://example.org/a.jpg 1080w,https://example.org/a-768x1.jpg 768w'>",
            {"https://example.org/a.jpg"}},
        PictureCase{"<noscript><img src='/only.png'></noscript>文字",
                    {"https://chinadigitaltimes.net/only.png"}},
        PictureCase{"<img src='https://example.org/奶 粉.webp'>",
                    {"https://example.org/%E5%A5%B6%20%E7%B2%89.webp"}},
        PictureCase{"<img src='data:image/png;base64,AAAA'><img src='javascript:x'><img>", {}},
        PictureCase{"<img src='https://s.w.org/images/core/emoji/1.png' alt='😀'>"
                    "<img src='https://img.t.sinajs.cn/t4/face.gif' alt='[笑]'>",
                    {}},
        PictureCase{"<img src='https://example.org/p.gif' width='1' height='1'>"
                    "<img src='https://pixel.wp.com/g.gif'>",
                    {}},
        PictureCase{"<div class='modula' data-config='{\"a\":\"<div class=x>\"}'>"
                    "<img class='pic' src='https://example.org/s.jpg' "
                    "data-full='https://example.org/full.jpg'></div>",
                    {"https://example.org/full.jpg"}}));

TEST(Pictures, RepeatedOnceInTheListAndEmojiIsText) {
    const auto content =
        read("<p>a<img src='https://example.org/a.png'>b<img src='https://example.org/a.png'></p>"
             "<p>好<img class='wp-smiley' src='https://s.w.org/x.png' alt='😀'></p>",
             kUrl);
    EXPECT_EQ(content.images.size(), 1U);
    EXPECT_EQ(content.text, "ab\n\n好😀");
}

} // namespace
} // namespace cdtd::article
