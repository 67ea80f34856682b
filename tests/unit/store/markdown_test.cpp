#include "unit/store/fixture.hpp"

#include <cdtd/store/markdown.hpp>
#include <cdtd/store/status.hpp>

namespace cdtd::store {
namespace {

using MarkdownTest = StoreTest;

TEST_F(MarkdownTest, SourceIsTheArticleWithTheContentThatCameLast) {
    const auto article = sample(7);
    const auto id = insert_article(db, article);
    auto source = markdown_source(db, id);
    ASSERT_TRUE(source);
    EXPECT_EQ(source->html, "");
    EXPECT_EQ(source->title, article.title.text);
    EXPECT_EQ(source->number, 7);
    EXPECT_EQ(source->filed_at, *article.published_at);
    auto revision = reading(article, "一");
    add_revision(db, id, revision);
    revision.title.text = "新题";
    revision.original_html = "";
    revision.content = {};
    add_revision(db, id, revision); // the title alone
    source = markdown_source(db, id);
    EXPECT_EQ(source->title, "新题");
    EXPECT_EQ(source->html, "<p class=\"raw\">一</p>");
    EXPECT_EQ(source->url, article.url);
    add_revision(db, id, reading(article, "二"));
    EXPECT_EQ(markdown_source(db, id)->html, "<p class=\"raw\">二</p>");
    EXPECT_EQ(markdown_source(db, id, 2)->html, "<p class=\"raw\">一</p>");
    EXPECT_EQ(markdown_source(db, id, 2)->title, "新题");
    EXPECT_FALSE(markdown_source(db, id, 4));
    EXPECT_FALSE(markdown_source(db, id + 1));
}

TEST_F(MarkdownTest, WithoutAPostIdAndADateItIsFiledByIdAndFirstSight) {
    auto article = sample(7);
    article.post_id.reset();
    article.published_at.reset();
    const auto id = insert_article(db, article);
    EXPECT_EQ(markdown_source(db, id)->number, id);
    EXPECT_EQ(markdown_source(db, id)->filed_at, article.first_seen_at);
    EXPECT_FALSE(markdown_source(db, id)->published_at);
}

TEST_F(MarkdownTest, ArticlesAreTheQueue) {
    EXPECT_EQ(markdown_state(db).folder, "");
    EXPECT_FALSE(read_status(db, at(1)).markdown);
    keep_markdown(db, "/a");
    const auto first = insert_article(db, sample(1)), second = insert_article(db, sample(2));
    EXPECT_EQ(read_status(db, at(1)).markdown->waiting, 2);
    auto changed = changed_after(db, markdown_state(db).change, 1);
    ASSERT_EQ(changed.size(), 1u);
    EXPECT_EQ(changed[0].article, first);
    note_markdown(db, {{first, "1970/1.md"}}, changed[0].change);
    changed = changed_after(db, markdown_state(db).change, 10);
    ASSERT_EQ(changed.size(), 1u);
    note_markdown(db, {{second, "1970/2.md"}}, changed[0].change);
    EXPECT_EQ(markdown_state(db).waiting, 0);
    set_state(db, first, model::ArticleState::gone, at(3));
    EXPECT_EQ(changed_after(db, markdown_state(db).change, 10).front().article, first);
    EXPECT_EQ(markdown_path(db, first), "1970/1.md");
    EXPECT_EQ(markdown_owner(db, "1970/2.md"), second);
    EXPECT_EQ(markdown_owner(db, "1970/3.md"), std::nullopt);
    EXPECT_EQ(markdown_files(db, first, 10).size(), 1u);
    set_markdown_error(db, "no space");
    EXPECT_EQ(read_status(db, at(1)).markdown->error, "no space");
}

TEST_F(MarkdownTest, AnotherFolderIsBegunAnewTheSameGoesOn) {
    keep_markdown(db, "/a");
    const auto id = insert_article(db, sample(1));
    note_markdown(db, {{id, "1970/1.md"}}, 1);
    keep_markdown(db, "");
    EXPECT_EQ(markdown_state(db).folder, "");
    keep_markdown(db, "/a");
    EXPECT_EQ(markdown_state(db).change, 1);
    EXPECT_EQ(markdown_files(db, 0, 10).size(), 1u);
    keep_markdown(db, "/b");
    EXPECT_EQ(markdown_state(db).change, 0);
    EXPECT_TRUE(markdown_files(db, 0, 10).empty());
}

TEST_F(MarkdownTest, ACopyHasContentAndDateAndSaysMoreThanALine) {
    auto article = sample(1);
    auto revision = reading(article, "正文");
    revision.content.characters = 199;
    const auto id = insert_article(db, article);
    add_revision(db, id, revision);
    const auto& sha = revision.content.sha256;
    EXPECT_TRUE(has_copy(db, sha, article.published_at, article.title.headline));
    EXPECT_TRUE(has_copy(db, sha, *article.published_at + std::chrono::microseconds(999), "标题1"));
    EXPECT_FALSE(has_copy(db, sha, *article.published_at + std::chrono::milliseconds(1), "标题1"));
    EXPECT_FALSE(has_copy(db, sha, std::nullopt, "标题1"));
    EXPECT_FALSE(has_copy(db, sha, article.published_at, "别的"));
    EXPECT_FALSE(has_copy(db, "other", article.published_at, "标题1"));
    auto longer = reading(article, "长文");
    longer.content.characters = 200;
    add_revision(db, id, longer);
    EXPECT_TRUE(has_copy(db, longer.content.sha256, article.published_at, "别的"));
}

} // namespace
} // namespace cdtd::store
