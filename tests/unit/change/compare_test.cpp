#include <cdtd/change/compare.hpp>

#include <gtest/gtest.h>

namespace cdtd::change {
namespace {

using Words = std::vector<std::string>;

const Known known{"玖奌杂货铺｜五年了", {}, "https://chinadigitaltimes.net/chinese/715653.html", "aa", {}};

Seen same() {
    return {known.title, known.columns, known.url, known.content_sha256, {}};
}

TEST(Compare, same_is_same) {
    const Verdict verdict = compare(known, same());
    EXPECT_TRUE(verdict.changed.empty());
    EXPECT_FALSE(verdict.censored || verdict.only_censored);
}

TEST(Compare, what_a_look_did_not_give_is_not_compared) {
    Seen seen = same();
    seen.url = seen.content_sha256 = "";
    EXPECT_TRUE(compare(known, seen).changed.empty());
    Known empty = known;
    empty.content_sha256 = "";
    EXPECT_TRUE(compare(empty, same()).changed.empty());
}

TEST(Compare, each_field_in_order) {
    Seen seen = same();
    seen.title = "玖奌杂货铺｜六年了";
    seen.content_sha256 = "bb";
    seen.url = "https://chinadigitaltimes.net/chinese/1.html";
    const Verdict verdict = compare(known, seen);
    EXPECT_EQ(verdict.changed, (Words{"title", "content", "link"}));
    EXPECT_FALSE(verdict.censored);
}

struct Row {
    const char* what;
    const char* before;
    Words columns_before;
    const char* after;
    Words columns_after;
    bool censored;
    bool only;
};

TEST(Compare, censored_columns) {
    const Row rows[] = {
        {"added", "外｜题", {}, "【404文库】外｜题", {"404文库"}, true, true},
        {"added with a blank", "外｜题", {}, "【404文库】 外｜题", {"404文库"}, true, true},
        {"added before another",
         "【CDTV】题",
         {"CDTV"},
         "【404视频】【CDTV】题",
         {"404视频", "CDTV"},
         true,
         true},
        {"added behind another",
         "【CDTV】题",
         {"CDTV"},
         "【CDTV】【404文库】题",
         {"CDTV", "404文库"},
         true,
         true},
        {"in full width", "题", {}, "【４０４文库】题", {"４０４文库"}, true, true},
        {"with an edit", "题", {}, "【404文库】新题", {"404文库"}, true, false},
        {"in place of another", "【重温】题", {"重温"}, "【404文库】题", {"404文库"}, true, false},
        {"another 404 column", "【404文库】题", {"404文库"}, "【404帖子】题", {"404帖子"}, false, false},
        {"taken away", "【404文库】题", {"404文库"}, "题", {}, false, false},
        {"no column at all", "题", {}, "404文库 题", {}, false, false},
        {"an ordinary column", "题", {}, "【立此存照】题", {"立此存照"}, false, false},
    };
    for (const Row& row : rows) {
        Known before = known;
        before.title = row.before;
        before.columns = row.columns_before;
        Seen after = same();
        after.title = row.after;
        after.columns = row.columns_after;
        const Verdict verdict = compare(before, after);
        EXPECT_EQ(verdict.changed, Words{"title"}) << row.what;
        EXPECT_EQ(verdict.censored, row.censored) << row.what;
        EXPECT_EQ(verdict.only_censored, row.only) << row.what;
    }
}

TEST(Compare, censored_and_edited_is_told_as_both) {
    Seen seen = same();
    seen.title = "【404文库】" + known.title;
    seen.columns = {"404文库"};
    seen.content_sha256 = "bb";
    const Verdict verdict = compare(known, seen);
    EXPECT_EQ(verdict.changed, (Words{"title", "content"}));
    EXPECT_TRUE(verdict.censored);
    EXPECT_FALSE(verdict.only_censored);
}

TEST(Compare, columns_that_say_censored) {
    for (const char* column : {"404文库", "404", "404档案馆", " 404帖子"})
        EXPECT_TRUE(is_censored_column(column)) << column;
    for (const char* column : {"", "立此存照", "重温404", "40"})
        EXPECT_FALSE(is_censored_column(column)) << column;
}

} // namespace
} // namespace cdtd::change
