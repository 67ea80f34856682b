// Edits that CDT really made, where the corpus of real articles is at hand.
#include <cdtd/article/read.hpp>
#include <cdtd/change/compare.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace cdtd::pipeline {
namespace {

namespace json = boost::json;
using Words = std::vector<std::string>;

const std::filesystem::path corpus = CDTD_SOURCE_DIR "/../shared/corpus/cdt";

std::string slurp(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// The Markdown form: "[title](url)", a rule, "日期：…", the content.
change::Seen read(const std::string& text) {
    const std::size_t end = text.find("\n------");
    const std::size_t link = text.rfind("](", end);
    std::string html = text.substr(end + 8);
    if (html.starts_with("日期"))
        html = html.substr(html.find('\n') + 1);
    const model::Title title = article::read_title(text.substr(1, link - 1));
    change::Seen seen;
    seen.title = title.text;
    seen.columns = title.columns;
    seen.url = text.substr(link + 2, end - link - 3);
    seen.content_sha256 = article::read(html, seen.url).sha256;
    return seen;
}

change::Known known(const change::Seen& seen) {
    return {seen.title, seen.columns, seen.url, seen.content_sha256, {}};
}

class RealEdits : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(corpus))
            GTEST_SKIP() << "no corpus at " << corpus;
    }
    change::Verdict between(const std::string& before, const std::string& after) {
        return change::compare(known(read(slurp(corpus / before))), read(slurp(corpus / after)));
    }
};

TEST_F(RealEdits, versions) {
    struct Row {
        const char* id;
        Words changed;
        bool marked; ///< the second version has a 404 column where the first has none
        bool unmarked;
    };
    const Row rows[] = {{"647692", {"title", "link"}, false, true}, // the text is the same but for the footer
                        {"647705", {"title", "content", "link"}, false, true},
                        {"647883", {"title", "content", "link"}, true, false},
                        {"648409", {"title", "content"}, false, false}};
    for (const Row& row : rows) {
        const std::string first = std::string(row.id) + ".feed2020.md",
                          second = std::string(row.id) + ".feed2020.v2.md";
        const change::Verdict there = between(first, second), back = between(second, first);
        EXPECT_EQ(there.changed, row.changed) << row.id;
        EXPECT_EQ(back.changed, row.changed) << row.id;
        EXPECT_EQ(there.censored, row.marked) << row.id;
        EXPECT_EQ(back.censored, row.unmarked) << row.id;
        EXPECT_TRUE(between(first, first).changed.empty()) << row.id;
    }
}

/// A 404 column at the beginning, as a reader sees it.
bool looks_marked(const std::string& title) {
    return title.starts_with("【404");
}

TEST_F(RealEdits, titles) {
    int marked = 0, nothing_else = 0, unmarked = 0;
    for (const json::value& row : json::parse(slurp(corpus / "title_edits.json")).as_array()) {
        const auto old_title = json::value_to<std::string>(row.at(2)),
                   new_title = json::value_to<std::string>(row.at(3));
        const model::Title before = article::read_title(old_title), after = article::read_title(new_title);
        const auto verdict = change::compare({before.text, before.columns, "u", "c", {}},
                                             {after.text, after.columns, "u", "c", {}});
        EXPECT_EQ(verdict.changed, Words{"title"}) << old_title << " → " << new_title;
        EXPECT_EQ(verdict.censored, !looks_marked(old_title) && looks_marked(new_title))
            << old_title << " → " << new_title;
        EXPECT_TRUE(verdict.censored || !verdict.only_censored);
        marked += verdict.censored;
        nothing_else += verdict.only_censored;
        unmarked += looks_marked(old_title) && !looks_marked(new_title);
    }
    EXPECT_EQ(marked, 107);
    EXPECT_EQ(nothing_else, 104) << "three were reworded too";
    EXPECT_EQ(unmarked, 1);
}

} // namespace
} // namespace cdtd::pipeline
