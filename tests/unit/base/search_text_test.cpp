#include <cdtd/base/search_text.hpp>
#include <cdtd/base/text.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::base {
namespace {

using testing::ElementsAre;

TEST(SearchText, FoldsWidthCaseAccentsAndForms) {
    EXPECT_EQ(fold_for_search("ＡＢＣ１２３，ｄｅｆ！"), "abc123,def!");
    EXPECT_EQ(fold_for_search("Café CAFE\u0301 Straße Ωmega ﬁn"), "cafe cafe strasse ωmega fin");
    EXPECT_EQ(fold_for_search("漢語與國際後面頭髮發展"), fold_for_search("汉语与国际后面头发发展"));
    EXPECT_EQ(fold_for_search("裏裡里"), "里里里");
    EXPECT_EQ(fold_for_search("ｶﾞが\u304b\u3099"), "ガがが");
    EXPECT_EQ(fold_for_search("\u3000。「」…—"), fold("\u3000。「」…—"));
    EXPECT_EQ(fold_for_search("\uF9DD"), "利"); // a compatibility ideograph
    EXPECT_EQ(fold_for_search("\U00020000"), "\U00020000");
    EXPECT_EQ(fold_for_search("言\u200b论\ufeff自由"), "言论自由");
    EXPECT_EQ(fold_for_search("a\xff"), "a\uFFFD");
    EXPECT_EQ(fold_for_search(""), "");
}

TEST(SearchText, WhatIsFoldedStaysAsItIs) {
    std::string all;
    for (char32_t c = 0x20; c <= 0x2FFFF; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        all += c < 0x80 ? std::string(1, static_cast<char>(c)) : "";
        const auto put = [&](unsigned byte) { all += static_cast<char>(static_cast<unsigned char>(byte)); };
        if (c >= 0x80 && c < 0x800) {
            put(0xC0U | (c >> 6U));
            put(0x80U | (c & 0x3FU));
        } else if (c >= 0x800 && c < 0x10000) {
            put(0xE0U | (c >> 12U));
            put(0x80U | ((c >> 6U) & 0x3FU));
            put(0x80U | (c & 0x3FU));
        } else if (c >= 0x10000) {
            put(0xF0U | (c >> 18U));
            put(0x80U | ((c >> 12U) & 0x3FU));
            put(0x80U | ((c >> 6U) & 0x3FU));
            put(0x80U | (c & 0x3FU));
        }
        if (c % 64 != 63)
            continue;
        const auto once = fold_for_search(all);
        EXPECT_EQ(fold_for_search(once), once) << "U+" << std::hex << static_cast<unsigned>(c);
        // The fast ways give what the slow one gives, but for the forms of Han.
        if (c < 0x3400 || (c > 0x9FFF && c < 0xF900) || c > 0xFAFF)
            EXPECT_EQ(once, fold_for_search(fold(all))) << "U+" << std::hex << static_cast<unsigned>(c);
        all.clear();
    }
}

TEST(SearchText, KnowsWhereFoldedTextCameFrom) {
    const std::string text = "Ａ国é\u0301…x";
    const auto folded = fold_with_origin(text);
    EXPECT_EQ(folded.text, "a国e...x");
    ASSERT_EQ(folded.origin.size(), folded.text.size() + 1);
    EXPECT_EQ(folded.origin[0], 0U);
    EXPECT_EQ(folded.origin[1], 3U);
    EXPECT_EQ(folded.origin[4], 6U);
    EXPECT_EQ(folded.origin.back(), text.size());
}

TEST(SearchText, UnitsAreCharactersAndWords) {
    std::vector<std::string> all;
    std::vector<bool> apart;
    for (const auto& unit : units_of("中国,nba2024年 한국e.")) {
        all.emplace_back(unit.text);
        apart.push_back(unit.apart);
    }
    EXPECT_THAT(all, ElementsAre("中", "国", "nba2024", "年", "한", "국", "e"));
    EXPECT_THAT(apart, ElementsAre(true, false, true, false, true, false, false));
    EXPECT_TRUE(units_of("。—!").empty());
    EXPECT_EQ(units_of(std::string(500, 'x')).at(0).text.size(), 120U);
}

} // namespace
} // namespace cdtd::base
