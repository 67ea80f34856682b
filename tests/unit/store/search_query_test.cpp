#include "store/search_rows.hpp"
#include "store/search_tokens.hpp"

#include <cdtd/base/search_text.hpp>
#include <cdtd/store/search_query.hpp>

#include <gtest/gtest.h>

namespace cdtd::store {
namespace {

/// (any "a" (all "b" (none title:"c")))
std::string shape(const Query& query) {
    if (query.kind == Query::Kind::phrase)
        return (query.field.empty() ? "" : query.field + ":") + query.text;
    std::string text = query.kind == Query::Kind::all   ? "(all"
                       : query.kind == Query::Kind::any ? "(any"
                                                        : "(none";
    for (const auto& part : query.parts)
        text += " " + shape(part);
    return text + ")";
}

std::string read(std::string_view typed) {
    const auto query = parse_query(typed);
    return query ? shape(*query) : query.error().message;
}

TEST(SearchQuery, JoinsAndBinds) {
    EXPECT_EQ(read("长江"), "长江");
    EXPECT_EQ(read("a b c"), "(all a b c)");
    EXPECT_EQ(read("a AND b OR c d"), "(any (all a b) (all c d))");
    EXPECT_EQ(read("a NOT b"), "(all a (none b))");
    EXPECT_EQ(read("-a -b"), "(all (none a) (none b))");
    EXPECT_EQ(read("NOT (a OR b) c"), "(all (none (any a b)) c)");
    EXPECT_EQ(read("((a))"), "a");
    EXPECT_EQ(read("and or not"), "(all and or not)");
    EXPECT_EQ(read("\"AND\""), "and");
}

TEST(SearchQuery, FieldsQuotesAndSigns) {
    EXPECT_EQ(read("title:长江 Author:\"J. Doe\""), "(all title:长江 author:j. doe)");
    EXPECT_EQ(read("topic:(a OR -b) c"), "(all (any topic:a (none topic:b)) c)");
    EXPECT_EQ(read("title：（甲　OR　乙）"), "(any title:甲 title:乙)");
    EXPECT_EQ(read("“言论 自由” 「甲」"), "(all 言论 自由 甲)");
    EXPECT_EQ(read("title: 甲"), "title:甲");
    EXPECT_EQ(read("source:https://example.org/a-b?c=1"), "source:https://example.org/a-b?c=1");
    EXPECT_EQ(read("https://example.org/a"), "https://example.org/a");
    EXPECT_EQ(read("12:30"), "12:30");
    EXPECT_EQ(read("甲 - 乙 & 丙"), "(all 甲 乙 丙)");
    EXPECT_EQ(read("a-b"), "a-b");
    EXPECT_EQ(read("國"), "国");
}

TEST(SearchQuery, EveryFaultHasItsPlace) {
    const std::pair<const char*, const char*> faults[] = {
        {"", "column 1: nothing to search for"},
        {"  。！ ", "column 1: nothing to search for"},
        {"长江 a)", "column 5: a \")\" without \"(\""},
        {")", "column 1: a \")\" without \"(\""},
        {"a (b", "column 3: a \"(\" without \")\""},
        {"a ()", "column 3: nothing between the parentheses"},
        {"甲 \"乙", "column 3: a quotation (\") that does not end"},
        {"\"。\"", "column 1: a quotation with no letter"},
        {"a AND", "column 3: nothing behind AND"},
        {"OR a", "column 1: nothing before OR"},
        {"a OR OR b", "column 6: nothing before OR"},
        {"(AND a)", "column 2: nothing before AND"},
        {"a NOT", "column 3: nothing to leave out behind NOT"},
        {"a title:", "column 3: nothing to search for behind title:"},
        {"titel:a", "column 1: there is no field \"titel\""},
        {"title:(author:b)", "column 8: the field author: inside title:"}};
    for (const auto& [typed, said] : faults)
        EXPECT_EQ(read(typed).substr(0, std::string(said).size()), said) << typed;
}

TEST(SearchQuery, IsBounded) {
    std::string words, deep;
    for (int i = 0; i < 65; ++i)
        words += "w ";
    EXPECT_EQ(read(words), "column 129: a query has at most 64 words");
    EXPECT_EQ(read(words.substr(2)).substr(0, 4), "(all");
    for (int i = 0; i < 400; ++i)
        deep += "(";
    EXPECT_EQ(read(deep), "column 21: parentheses and NOTs more than 20 deep");
    deep.clear();
    for (int i = 0; i < 200; ++i)
        deep += "NOT ";
    EXPECT_EQ(read(deep + "a"), "column 81: parentheses and NOTs more than 20 deep");
    EXPECT_EQ(read(std::string(1001, 'x')), "column 1001: a query has at most 1000 characters");
}

std::string fts(std::string_view typed) {
    const auto expression = expression_of(*parse_query(typed));
    return (expression.others ? "but " : "") + expression.text;
}

TEST(SearchQuery, BecomesWhatFts5Takes) {
    EXPECT_EQ(fts("国"), "\"=国\"");
    EXPECT_EQ(fts("中国"), "\"中国\"");
    EXPECT_EQ(fts("中国人"), "\"中国 国人\"");
    EXPECT_EQ(fts("a股"), "\"a <股\"");
    EXPECT_EQ(fts("股票a"), "\"股票 票 a\"");
    EXPECT_EQ(fts("\"你好，世界\""), "\"你好 好 世界\"");
    EXPECT_EQ(fts("\"好，世\""), "\"好 <世\"");
    EXPECT_EQ(fts("a -title:b"), "(\"a\" NOT title : \"b\")");
    EXPECT_EQ(fts("-a -b"), "but (\"a\" OR \"b\")");
    EXPECT_EQ(fts("-a OR b"), "but (\"a\" NOT \"b\")");
    EXPECT_EQ(fts("NOT NOT a"), "\"a\"");
    EXPECT_EQ(fts("\"a* NEAR(b) ^c + {d}\""), "\"a near b c d\"");
}

} // namespace
} // namespace cdtd::store
