#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::article {
namespace {

struct TitleCase {
    const char* raw;
    std::vector<std::string> columns;
    std::optional<std::string> outlet;
    const char* headline;
};

class Titles : public testing::TestWithParam<TitleCase> {};

TEST_P(Titles, PartsAreFound) {
    const auto title = read_title(GetParam().raw);
    EXPECT_EQ(title.columns, GetParam().columns);
    EXPECT_EQ(title.outlet, GetParam().outlet);
    EXPECT_EQ(title.headline, GetParam().headline);
}

INSTANTIATE_TEST_SUITE_P(
    All, Titles,
    testing::Values(TitleCase{"【404文库】晨报｜河边的树", {"404文库"}, "晨报", "河边的树"},
                    TitleCase{"【404文库】【CDTV】一首歌", {"404文库", "CDTV"}, std::nullopt, "一首歌"},
                    TitleCase{"电台 | 东岸 | 看海", {}, "电台", "东岸 | 看海"},
                    TitleCase{"學報丨舊事", {}, "學報", "舊事"}, TitleCase{"周刊︱新事", {}, "周刊", "新事"},
                    TitleCase{"官媒：没有分栏", {}, std::nullopt, "官媒：没有分栏"},
                    TitleCase{"", {}, std::nullopt, ""},
                    TitleCase{"  两个  空格\xE2\x80\x8B｜ 后半 ", {}, "两个 空格", "后半"},
                    TitleCase{"Tom &amp;amp; Ann&#8217;s | A &lt; B", {}, "Tom & Ann’s", "A < B"},
                    TitleCase{"<em>斜</em>体 &lt;b&gt;粗&lt;/b&gt;", {}, std::nullopt, "斜体 粗"},
                    TitleCase{"【没有结尾", {}, std::nullopt, "【没有结尾"},
                    TitleCase{"｜前面空着", {}, std::nullopt, "前面空着"},
                    TitleCase{"后面空着｜", {}, std::nullopt, "后面空着"},
                    TitleCase{"【】空栏", {}, std::nullopt, "空栏"}));

TEST(Title, NeverSteersATerminalAndIsNfc) {
    EXPECT_EQ(read_title("a\x1b[31mb&#27;[0m").text.find('\x1b'), std::string::npos);
    EXPECT_EQ(read_title("e\xCC\x81").text, "\xC3\xA9");
    EXPECT_EQ(read_title("\xff\xfe").text, "\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_LE(read_title(std::string(100'000, 'x')).text.size(), 4096U);
}

TEST(Title, NumbersThatNoCharacterHasDoNotBreakTheText) {
    for (const std::string text : {"前&#3755893393后", "前&amp;#3755893393;后", "前&#xdfdfdfd1;后"}) {
        const auto title = read_title(text);
        EXPECT_TRUE(base::is_valid_utf8(title.text)) << text;
        EXPECT_TRUE(title.text.starts_with("前") && title.text.ends_with("后")) << title.text;
    }
}

} // namespace
} // namespace cdtd::article
