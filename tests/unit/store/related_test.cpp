#include "unit/store/fixture.hpp"

#include <cdtd/article/likeness.hpp>
#include <cdtd/store/status.hpp>

namespace cdtd::store {
namespace {

std::string prose(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i)
        text += "第" + std::to_string(i * i) + "段说的是" + std::to_string(i * 7 + 3) + "号桥。";
    return text;
}

class RelatedArticles : public StoreTest {
  protected:
    std::int64_t put(int number, const std::string& text, const std::string& source = "") {
        const auto article = sample(number);
        const auto id = insert_article(db, article);
        revise(id, text, source);
        return id;
    }
    void revise(std::int64_t id, const std::string& text, const std::string& source = "") {
        auto revision = reading(get_article(db, id, false).value(), text);
        revision.content.likeness = article::likeness_of(text);
        revision.content.sources.clear();
        if (!source.empty())
            revision.content.sources.push_back({source, source, "某号", "weixin"});
        add_revision(db, id, revision);
    }
    std::vector<std::int64_t> related(std::int64_t id) {
        std::vector<std::int64_t> ids;
        for (const auto& other : related_of(db, id))
            ids.push_back(other.id);
        return ids;
    }
};

using Ids = std::vector<std::int64_t>;

TEST_F(RelatedArticles, BySourceOrText) {
    const auto a = put(1, prose(0, 80), "https://example.org/a");
    const auto b = put(2, "编者按。" + prose(0, 78));
    const auto c = put(3, prose(500, 600), "https://example.org/a");
    const auto d = put(4, prose(800, 900), "https://example.org/d");
    EXPECT_EQ(related(a), (Ids{b, c}));
    EXPECT_EQ(related(b), (Ids{a}));
    EXPECT_EQ(related(c), (Ids{a}));
    EXPECT_EQ(related(d), Ids{});
    const auto others = related_of(db, a);
    EXPECT_FALSE(others[0].same_source);
    EXPECT_GE(others[0].likeness, article::kAlike);
    EXPECT_TRUE(others[1].same_source);
    EXPECT_LT(others[1].likeness, article::kAlike);
}

TEST_F(RelatedArticles, AnEditMovesTheArticle) {
    const auto a = put(1, prose(0, 80)), b = put(2, prose(0, 80));
    revise(b, prose(900, 999));
    EXPECT_EQ(related(a), Ids{});
    revise(b, "短。");
    EXPECT_EQ(related(a), Ids{});
    revise(b, prose(0, 80));
    EXPECT_EQ(related(a), Ids{b});
}

TEST_F(RelatedArticles, OldArticlesGetTheirsInTheBackground) {
    const auto a = put(1, prose(0, 80)), b = put(2, prose(0, 80));
    db.exec("DELETE FROM likeness_bands; DELETE FROM likenesses;");
    EXPECT_EQ(related(a), Ids{});
    EXPECT_EQ(unlikened(db), 0);
    set_fact(db, "likenesses_pending", std::to_string(b)); // as the migration leaves it
    EXPECT_EQ(liken_more(db, 1), a);
    EXPECT_EQ(liken_more(db, 1), 0);
    EXPECT_EQ(liken_more(db, 1), 0);
    EXPECT_EQ(related(a), Ids{b});
}

TEST_F(RelatedArticles, EmbedsAndSummariesComeBack) {
    const auto id = put(1, "正文");
    auto revision = reading(sample(1), "正文二");
    revision.content.embeds = {{"https://player.example/1", "https://example.org/1", "web"}};
    add_revision(db, id, revision);
    EXPECT_EQ(get_article(db, id, true)->embeds, revision.content.embeds);
    EXPECT_EQ(find_summary(db, id), std::nullopt);
    set_summary(db, id, "abc");
    EXPECT_EQ(find_summary(db, id), "abc");
    EXPECT_EQ(known_of(db, id).content_sha256, "abc");
    set_summary(db, id, std::nullopt);
    EXPECT_EQ(known_of(db, id).content_sha256, revision.content.sha256);
}

} // namespace
} // namespace cdtd::store
