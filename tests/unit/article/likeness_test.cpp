#include <cdtd/article/likeness.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace cdtd::article {
namespace {

/// Sentences that share no run of four characters, numbered.
std::string prose(int from, int to) {
    static constexpr const char* kWords[] = {"河", "岸", "树", "影", "风", "雨", "灯", "船", "桥", "路"};
    std::string text;
    for (int i = from; i < to; ++i) {
        for (int digit = i * 7919 + 13; digit > 0; digit /= 10) {
            text += kWords[digit % 10];
        }
        text += "第" + std::to_string(i) + "句。";
    }
    return text;
}

double between(const std::string& a, const std::string& b) {
    return likeness(likeness_of(a), likeness_of(b));
}

TEST(Likeness, OfTheSameTextIsWholeHoweverItIsWritten) {
    const auto text = prose(0, 100);
    EXPECT_EQ(between(text, text), 1.0);
    std::string spaced;
    for (const char c : text) {
        spaced += c;
        spaced += c == '\x82' ? "\n\n　" : "";
    }
    EXPECT_EQ(between(prose(0, 100) + "ABC", prose(0, 100) + "ａｂｃ！"), 1.0);
}

TEST(Likeness, FallsWithWhatIsAnother) {
    const auto text = prose(0, 200);
    EXPECT_GE(between(text, "编者按：" + prose(900, 910) + text), kAlike);
    EXPECT_GE(between(text, prose(0, 180)), kAlike);
    EXPECT_LT(between(text, prose(0, 60)), kAlike);
    EXPECT_LT(between(text, prose(300, 500)), 0.2);
}

TEST(Likeness, OfShortOrBrokenTextsIsNotTold) {
    EXPECT_EQ(likeness_of(""), "");
    EXPECT_EQ(likeness_of("短。"), "");
    EXPECT_EQ(between("短。", "短。"), 0.0);
    EXPECT_EQ(likeness("x", likeness_of(prose(0, 100))), 0.0);
    EXPECT_EQ(likeness_of(prose(0, 100)).size(), 128U);
}

TEST(Likeness, BandsMeetWhereTextsAreAlike) {
    const auto shared = [](const std::string& a, const std::string& b) {
        const auto one = likeness_bands(likeness_of(a));
        const auto other = likeness_bands(likeness_of(b));
        return std::ranges::count_if(
            one, [&other](std::int64_t band) { return std::ranges::find(other, band) != other.end(); });
    };
    EXPECT_EQ(shared(prose(0, 100), prose(0, 100)), 16);
    EXPECT_GE(shared(prose(0, 200), prose(0, 180)), 1);
    EXPECT_EQ(shared(prose(0, 200), prose(500, 700)), 0);
}

} // namespace
} // namespace cdtd::article
