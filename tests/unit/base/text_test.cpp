#include <cdtd/base/text.hpp>

#include <gtest/gtest.h>

namespace cdtd::base {
namespace {

using namespace std::string_literals;

TEST(Utf8, repairs_what_is_no_utf8) {
    const std::pair<std::string, std::string> rows[] = {
        {"中国数字时代 🐱", "中国数字时代 🐱"},
        {"a\0b"s, "ab"},
        {"a\xFFz", "a\uFFFDz"},
        {"\xC0\xAF", "\uFFFD\uFFFD"},                     // overlong slash
        {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},           // surrogate
        {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"}, // past U+10FFFF
        {"\xE4\xB8", "\uFFFD"}, // cut off: one sign for the beginning of one character
        {"\xE4\xB8x", "\uFFFDx"},
    };
    for (const auto& [text, repaired] : rows) {
        EXPECT_EQ(to_valid_utf8(text), repaired);
        EXPECT_TRUE(is_valid_utf8(to_valid_utf8(text)));
        EXPECT_EQ(is_valid_utf8(text), text == repaired || text.find('\0') != std::string::npos) << text;
    }
}

TEST(Utf8, words_at_a_time_judge_like_single_characters) {
    const auto check = [](const std::string& text) {
        ASSERT_EQ(is_valid_utf8(text), to_valid_utf8(text) == text) << testing::PrintToString(text);
    };
    for (int first = 0x80; first < 0x100; ++first)
        for (int second = 0x20; second < 0x100; second += 4)
            for (const char* rest : {"", "\x7F", "\x80", "\xBF", "\xC0", "\xBF\x80"})
                for (const char* before : {"", "12345", "好好", "é好", "1好23456"}) {
                    std::string text = before;
                    text += static_cast<char>(first);
                    text += static_cast<char>(second);
                    text += rest;
                    check(text);
                    check(text + "好好12345678");
                }
}

TEST(Normal, forms) {
    EXPECT_EQ(to_nfc("e\u0301"), "é");
    EXPECT_EQ(to_nfc("\u1100\u1161"), "가");
    EXPECT_EQ(to_nfc("\xFFx"), "\uFFFDx");
    EXPECT_EQ(to_nfc("１２３"), "１２３");
    std::string marks = "a"; // put in order they would take a quarter of an hour
    for (int i = 0; i < 1'000'000; ++i)
        marks += "\u0301\u0327";
    const std::string settled = to_nfc(marks);
    EXPECT_EQ(to_nfc(settled), settled);
    EXPECT_TRUE(is_valid_utf8(settled));
    EXPECT_LT(fold(marks).size(), marks.size());
    std::string thirty = "桥";
    for (int i = 0; i < 30; ++i)
        thirty += "\u0327";
    EXPECT_EQ(to_nfc(thirty), thirty);
    EXPECT_EQ(to_nfc(thirty + "\u0327\u0327"), thirty);
    EXPECT_EQ(to_nfc(thirty + "\u0327河\u0327"), thirty + "河\u0327");
    EXPECT_EQ(fold("ＡＢＣ１２３　Straße É"), "abc123 strasse e");
    EXPECT_EQ(fold("カﾞ"), fold("ガ"));
    EXPECT_NE(fold("か"), fold("が"));
    EXPECT_EQ(fold("Hello"), "hello");
    EXPECT_EQ(fold("404文库"), "404文库");
}

TEST(Spaces, trimmed_and_tidied) {
    EXPECT_EQ(trim(" \u00A0\u3000\u200B\uFEFFa b\t\r\n\u2028"), "a b");
    EXPECT_EQ(trim("\u3000\u3000"), "");
    EXPECT_EQ(trim("\xFF x \x80"), "\xFF x \x80");
    EXPECT_EQ(tidy("  Queer\u200B  Squad\u200B\u00A0\n｜ x "), "Queer Squad ｜ x");
    EXPECT_EQ(tidy("\uFEFF"), "");
    EXPECT_EQ(tidy("a\xFF"), "a\uFFFD");
}

TEST(Width, cells) {
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("中文abc"), 7U);
    EXPECT_EQ(display_width("ＡＢ"), 4U);
    EXPECT_EQ(display_width("e\u0301"), 1U);
    EXPECT_EQ(display_width("a\u200Bb"), 2U);
    EXPECT_EQ(display_width("🐱"), 2U);
}

TEST(Width, fits_and_pads) {
    EXPECT_EQ(fit("中文字", 6), "中文字");
    EXPECT_EQ(fit("中文字", 5), "中文…");
    EXPECT_EQ(fit("中文字", 4), "中…");
    EXPECT_EQ(fit("中文字", 1), "…");
    EXPECT_EQ(fit("中文字", 0), "");
    EXPECT_EQ(fit("abc", 3), "abc");
    EXPECT_EQ(fit("abcd", 3), "ab…");
    EXPECT_EQ(pad("中文字", 4), "中… ");
    EXPECT_EQ(pad("ab", 4), "ab  ");
    for (std::size_t cells = 0; cells < 12; ++cells)
        EXPECT_EQ(display_width(pad("【404文库】x", cells)), cells);
}

TEST(Terminal, nothing_steers_it) {
    const std::pair<std::string, std::string> rows[] = {
        {"plain 中文", "plain 中文"},
        {"\x1B[31mred\x1B[0m", "red"},
        {"\x1B]0;title\adone", "done"},
        {"\x1B]8;;http://x\x1B\\link\x1B]8;;\x1B\\", "link"},
        {"\x1BPq#0\x1B\\z", "z"},
        {"\x1B]never closed", "never closed"},
        {"\x1B(Bx\x1B", "x"},
        {"\xC2\x9B"
         "31mx",
         "x"},
        {"\x9B"
         "31m",
         "\uFFFD31m"},
        {"a\nb\tc", "a b c"},
        {"a\r\nb\rc", "a b c"},
        {"a\x08\x7F\x01z", "az"},
        {"\u202Eevil\u202C\u2066x\u2069\u200E\u200F\u061C", "evilx"},
        {"a\u2028b\u2029c", "a b c"},
        {"a\0b"s, "ab"},
    };
    for (const auto& [text, safe] : rows)
        EXPECT_EQ(terminal_safe(text), safe);
    EXPECT_EQ(terminal_safe("a\n\tb\r\nc\rd", true), "a\n\tb\nc\nd");
}

TEST(Terminal, many_openings_take_linear_time) {
    std::string text;
    for (int i = 0; i < 300'000; ++i)
        text += "\x1B]";
    EXPECT_EQ(terminal_safe(text), "");
}

TEST(Cut, never_inside_a_character) {
    EXPECT_EQ(cut_bytes("中文", 6), "中文");
    EXPECT_EQ(cut_bytes("中文", 5), "中");
    EXPECT_EQ(cut_bytes("中文", 3), "中");
    EXPECT_EQ(cut_bytes("中文", 2), "");
    EXPECT_EQ(cut_bytes("🐱", 3), "");
    EXPECT_EQ(cut_bytes("abc", 2), "ab");
    EXPECT_EQ(cut_bytes("", 2), "");
    EXPECT_EQ(cut_bytes(std::string(10, '\x80'), 5).size(), 5U);
}

TEST(Count, characters_as_people_count) {
    EXPECT_EQ(count_characters("中国 数字，时代\n\nab"), 9U);
    EXPECT_EQ(count_characters("e\u0301\u200B\u3000"), 1U);
    EXPECT_EQ(count_characters(""), 0U);
}

TEST(Ascii, lower_and_equal) {
    EXPECT_EQ(ascii_lower("Content-TYPE É"), "content-type É");
    EXPECT_TRUE(iequals("GZip", "gzIP"));
    EXPECT_FALSE(iequals("gzip", "gzi"));
    EXPECT_FALSE(iequals("[", "{"));
}

} // namespace
} // namespace cdtd::base
