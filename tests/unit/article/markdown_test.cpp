#include <cdtd/article/markdown.hpp>
#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace cdtd::article {
namespace {

using std::chrono::milliseconds;

constexpr const char* url = "https://example.org/chinese/715285.html";

Markdown file(std::string title, std::string link = url, std::string html = "<p>正文</p>") {
    return {base::Time(milliseconds(1737546740000)), std::move(title), std::move(link), std::move(html)};
}

std::string said(const std::string& bytes) {
    const auto parsed = parse_markdown(bytes);
    return parsed ? "" : parsed.error().message;
}

TEST(Markdown, HasTheFormOfOldArchives) {
    EXPECT_EQ(
        write_markdown(file("【栏目】某报｜标题")),
        "<!--1737546740000-->\n[【栏目】某报｜标题](https://example.org/chinese/715285.html)\n------\n\n"
        "<p>正文</p>\n");
    Markdown undated = file("a");
    undated.published_at.reset();
    EXPECT_EQ(write_markdown(undated),
              "[a](https://example.org/chinese/715285.html)\n------\n\n<p>正文</p>\n");
    EXPECT_EQ(write_markdown(file("x [y] z", "https://a.example/A_(b)")),
              "<!--1737546740000-->\n[x \\[y\\] z](https://a.example/A_(b))\n------\n\n<p>正文</p>\n");
}

TEST(Markdown, ComesBackAsItWas) {
    const std::string titles[] = {"",
                                  "平常的标题",
                                  "[",
                                  "]",
                                  "a[b]c",
                                  "](https://evil.example/)",
                                  "a](b",
                                  "\\",
                                  "\\\\",
                                  "a\\",
                                  "\\]",
                                  "\\[x\\]",
                                  "¯\\_(ツ)_/¯",
                                  "a|b (c) *d* _e_ `f` <g> # h",
                                  "line\nline\r\nline\r",
                                  "\\\nx",
                                  "&#10; &#13; &amp; &lt;b&gt; & &x \\& \\&amp;",
                                  "------",
                                  "\n------\n",
                                  "<!--1-->",
                                  " spaces ",
                                  "\u3000全角\u200b",
                                  "日期：Sat, 13 Jun 2020 00:48:41 +0000",
                                  std::string("a\0b", 3),
                                  "\u2028\u0085\v\f"};
    const std::string urls[] = {url,
                                "",
                                "https://a.example/(",
                                "https://a.example/)",
                                "https://a.example/A_(b)_(c(d))",
                                "https://a.example/](x",
                                "https://a.example/a b",
                                "<https://a.example/>",
                                "\\<>]",
                                "\n",
                                "&#10;",
                                "\\&#10;\r\\",
                                "https://a.example/?a=1&amp;b=2&#038;",
                                "https://a.example/【汉字】",
                                "\u3000x"};
    const std::string bodies[] = {"",   "\n",     "\n\n\n",     "<p>a</p>", "<p>a</p>\n", "a\r\nb\r\n",
                                  "\r", "------", "日期：gone", "[x](y)",   "  \n x",     "\n------\n"};
    for (const std::string& title : titles)
        for (const std::string& link : urls)
            for (const std::string& html : bodies) {
                Markdown wanted = file(title, link, html);
                for (const bool dated : {true, false}) {
                    if (!dated)
                        wanted.published_at.reset();
                    const std::string bytes = write_markdown(wanted);
                    const auto parsed = parse_markdown(bytes);
                    ASSERT_TRUE(parsed) << bytes << parsed.error().message;
                    EXPECT_EQ(parsed->title, title) << bytes;
                    EXPECT_EQ(parsed->url, link) << bytes;
                    EXPECT_EQ(parsed->html, html) << bytes;
                    EXPECT_EQ(parsed->published_at, wanted.published_at);
                    EXPECT_EQ(write_markdown(*parsed), bytes);
                }
            }
}

TEST(Markdown, TakesDatesFromTheYear1To9999) {
    for (const std::int64_t count : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-62'135'596'800'000},
                                     std::int64_t{253'402'300'799'999}}) {
        Markdown wanted = file("a");
        wanted.published_at = base::Time(milliseconds(count));
        EXPECT_EQ(parse_markdown(write_markdown(wanted)).value(), wanted);
    }
    Markdown fine = file("a");
    fine.published_at = base::Time(base::Duration(-1)); // microseconds are cut to milliseconds
    EXPECT_EQ(parse_markdown(write_markdown(fine))->published_at, base::Time(milliseconds(-1)));
    fine.published_at = base::Time(milliseconds(253'402'300'800'000));
    EXPECT_TRUE(write_markdown(fine).starts_with("[a]("));
}

TEST(Markdown, TakesOlderForms) {
    struct Row {
        const char* what;
        std::string bytes;
        std::string title, url, html;
        const char* date; ///< "" = none
    };
    const std::string link = "https://example.org/2020/06/x/";
    const Row rows[] = {
        {"a date behind the rule",
         "[某报 | 题](" + link + ")\n------\n日期：Sat, 13 Jun 2020 00:48:41 +0000\n\n<p>x</p>\n",
         "某报 | 题", link, "<p>x</p>", "2020-06-13T00:48:41.000Z"},
        {"no date at all", "[题](" + link + ")\n------\n\n<p>x</p>\n", "题", link, "<p>x</p>", ""},
        {"an unreadable date", "[题](" + link + ")\n------\n日期：昨天\n\n<p>x</p>", "题", link, "<p>x</p>",
         ""},
        {"both dates: the first",
         "<!--0-->\n[题](" + link + ")\n------\n日期：Sat, 13 Jun 2020 00:48:41 +0000\n\nx", "题", link, "x",
         "1970-01-01T00:00:00.000Z"},
        {"CRLF", "<!--0-->\r\n[题](" + link + ")\r\n------\r\n\r\n<p>a</p>\r\n<p>b</p>\r\n", "题", link,
         "<p>a</p>\n<p>b</p>", "1970-01-01T00:00:00.000Z"},
        {"CRLF and the old date",
         "[题](" + link + ")\r\n------\r\n日期：Sat, 13 Jun 2020 00:48:41 +0000\r\n\r\na\r\n", "题", link,
         "a", "2020-06-13T00:48:41.000Z"},
        {"a byte order mark", "\xEF\xBB\xBF[题](" + link + ")\n------\n\nx", "题", link, "x", ""},
        {"brackets as they are", "[a[b]c](" + link + ")\n------\n\nx", "a[b]c", link, "x", ""},
        {"a bracket that ends early", "[a](b](" + link + ")\n------\n\nx", "a](b", link, "x", ""},
        {"a link in the title", "[a](https://x.example/)](" + link + ")\n------\n\nx",
         "a](https://x.example/)", link, "x", ""},
        {"a backslash at the end", "[a\\](" + link + ")\n------\n\nx", "a\\", link, "x", ""},
        {"parentheses in the URL", "[a](https://a.example/b_(c))\n------\n\nx", "a",
         "https://a.example/b_(c)", "x", ""},
        {"a closing parenthesis only", "[a](https://a.example/b))\n------\n\nx", "a", "https://a.example/b)",
         "x", ""},
        {"entities", "[&#8220;a&#8221; &amp;amp; b](" + link + ")\n------\n\nx", "“a” & b", link, "x", ""},
        {"a title of two lines", "[a\n b](" + link + ")\n------\n\nx", "a b", link, "x", ""},
        {"no empty line", "[a](" + link + ")\n------\n<p>x</p>", "a", link, "<p>x</p>", ""},
        {"nothing behind the rule", "[a](" + link + ")\n------", "a", link, "", ""},
        {"a short rule", "[a](" + link + ")\n---\n\nx", "a", link, "x", ""},
        {"empty lines before", "\n\n<!--0-->\n\n[a](" + link + ")\n\n------\n\nx", "a", link, "x",
         "1970-01-01T00:00:00.000Z"},
    };
    for (const Row& row : rows) {
        const auto parsed = parse_markdown(row.bytes);
        ASSERT_TRUE(parsed) << row.what << ": " << parsed.error().message;
        EXPECT_EQ(parsed->title, row.title) << row.what;
        EXPECT_EQ(parsed->url, row.url) << row.what;
        EXPECT_EQ(parsed->html, row.html) << row.what;
        EXPECT_EQ(parsed->published_at ? base::format_rfc3339(*parsed->published_at) : "", row.date)
            << row.what;
    }
}

TEST(Markdown, SaysWhatIsMissing) {
    EXPECT_EQ(said("[a](b)\n------\n\n\xff"), "it is not UTF-8");
    const std::string no_title = "it does not begin with [title](URL) over a line ------";
    for (const char* bytes :
         {"", "\n", "# 标题\n\n文字\n", "[a](b)", "[a](b)\n\n文字\n", "a](b)\n------\n", "[a]\n------\n",
          "[a](b\n------\n", "<!--0-->\n", "------\n[a](b)\n", "M-D [a](/b)\n------\n"})
        EXPECT_EQ(said(bytes), no_title) << bytes;
    for (const char* line : {"<!---->", "<!--x-->", "<!--1.5-->", "<!--99999999999999999999-->",
                             "<!--253402300800000-->", "<!--{\"url\": \"x\"}-->"})
        EXPECT_TRUE(said(line + std::string("\n[a](b)\n------\n")).contains("time of publication")) << line;
}

TEST(Markdown, TitlesThatWereReadAreReadAsTheSame) {
    for (const char* raw : {"【404文库】【CDTV】某报｜标题", "a &amp;amp;amp;amp;lt; b", "&lt;&lt;b&gt;b&gt;",
                            "e\u200b\u0301", "x | y | z", "\u2000\u2001 a", "\u0958\u0959", "[a](b)"}) {
        const model::Title read = read_title(raw), again = title_of_text(read.text);
        EXPECT_EQ(again.text, read.text) << raw;
        EXPECT_EQ(again.columns, read.columns);
        EXPECT_EQ(again.outlet, read.outlet);
        EXPECT_EQ(again.headline, read.headline);
    }
}

TEST(MarkdownName, NamesTheYear) {
    EXPECT_EQ(markdown_folder(base::Time(milliseconds(1737546740000))), "2025");
    EXPECT_EQ(markdown_folder(base::Time{}), "1970");
    EXPECT_EQ(markdown_folder(base::Time(milliseconds(-62'135'596'800'000))), "0001");
}

TEST(MarkdownName, IsSafeEverywhere) {
    const std::pair<std::string, std::string> rows[] = {
        {"标题", "7_标题.md"},
        {"", "7.md"},
        {"  \u3000", "7.md"},
        {"..", "7.md"},
        {"../../etc/passwd", "7_／..／etc／passwd.md"},
        {"a/b\\c", "7_a／b＼c.md"},
        {"a:b*c?d\"e<f>g|h", "7_a：b＊c？d＂e＜f＞g｜h.md"},
        {std::string("a\0b\n\tc\x7f", 7), "7_ab c.md"},
        {"\u202Eabc\u202C\u2066x\u200e", "7_abcx.md"},
        {". a .", "7_a.md"},
        {"CON", "7_CON.md"},
        {"NUL.txt", "7_NUL.txt.md"},
        {"e\u0301", "7_é.md"},
        {"[a](b) #1 'x' $(y)", "7_[a](b) #1 'x' $(y).md"},
    };
    for (const auto& [title, name] : rows)
        EXPECT_EQ(markdown_name(7, title), name) << title;
    EXPECT_EQ(markdown_name(7, "a", 3), "7-3_a.md");
    EXPECT_EQ(markdown_name(7, "", 3), "7-3.md");
}

TEST(MarkdownName, IsCutBetweenCharacters) {
    std::string han, flags, zalgo = "a";
    for (int i = 0; i < 200; ++i) {
        han += "汉";
        flags += "🇨🇳";
        zalgo += "\u0335";
    }
    for (const std::string& title :
         {han, "x" + han, "xy" + han, flags, "a" + flags, zalgo, std::string(300, 'a')}) {
        const std::string name = markdown_name(9'007'199'254'740'991, title);
        EXPECT_LE(name.size(), 255u);
        if (title != zalgo) // of which thirty marks are left
            EXPECT_GT(name.size(), 240u) << name;
        EXPECT_TRUE(base::is_valid_utf8(name));
        EXPECT_TRUE(name.ends_with(".md"));
        EXPECT_EQ(base::to_nfc(name), name);
    }
    const std::string name = markdown_name(1, flags);
    EXPECT_EQ((name.size() - 5) % 8, 0u) << "no half of a flag";
    EXPECT_EQ(markdown_name(1, std::string(248, 'a') + ". b"), "1_" + std::string(248, 'a') + ".md");
}

} // namespace
} // namespace cdtd::article
