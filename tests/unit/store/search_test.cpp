#include "unit/store/fixture.hpp"

#include <cdtd/store/feeds.hpp>
#include <cdtd/store/search.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <set>
#include <span>

namespace cdtd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SearchTest : public StoreTest {
  protected:
    std::int64_t put(int number, const std::string& text) {
        const auto article = sample(number);
        const auto id = insert_article(db, article);
        add_revision(db, id, reading(article, text));
        return id;
    }
    static Query parsed(std::string_view typed) { return parse_query(typed).value(); }

    std::vector<std::int64_t> list(std::string_view typed, ArticleFilter filter = {}) {
        filter.query = parsed(typed);
        std::vector<std::int64_t> ids;
        for (const auto& article : list_articles(db, filter).items)
            ids.push_back(article.id);
        return ids;
    }
    std::vector<std::int64_t> found(std::string_view typed) {
        std::vector<std::int64_t> ids;
        for (const auto& hit : search(db, parsed(typed), "", 500).items)
            ids.push_back(hit.article.id);
        return ids;
    }
};

TEST_F(SearchTest, FindsSubstringsWordsFormsAndFields) {
    const auto one = put(1, "長江的水位，持續下降。Café society");
    const auto two = put(2, "长江大桥。水，位置");
    EXPECT_THAT(list("长江"), ElementsAre(two, one));
    EXPECT_THAT(list("長江"), ElementsAre(two, one));
    EXPECT_THAT(list("水位"), ElementsAre(one)) << "a comma parts the characters of the other";
    EXPECT_THAT(list("水"), ElementsAre(two, one));
    EXPECT_THAT(list("江大桥"), ElementsAre(two));
    EXPECT_THAT(list("ＣＡＦＥ"), ElementsAre(one));
    EXPECT_THAT(list("caf"), IsEmpty());
    EXPECT_THAT(list("\"水位 持续\""), ElementsAre(one));
    EXPECT_THAT(list("降caf"), IsEmpty());
    EXPECT_THAT(list("下降café"), ElementsAre(one));
    EXPECT_THAT(list("title:长江"), IsEmpty());
    EXPECT_THAT(list("title:标题1"), ElementsAre(one));
    EXPECT_THAT(list("author:作者 outlet:某报 topic:主题"), ElementsAre(two, one));
    EXPECT_THAT(list("author:编 topic:一"), ElementsAre(two, one));
    EXPECT_THAT(list("source:mp.weixin.qq.com source:口述"), ElementsAre(two, one));
    EXPECT_THAT(list("长江 -大桥"), ElementsAre(one));
    EXPECT_THAT(list("NOT 大桥"), ElementsAre(one));
    EXPECT_THAT(list("大桥 OR society"), ElementsAre(two, one));
    EXPECT_THAT(list("NOT (大桥 OR society)"), IsEmpty());
}

TEST_F(SearchTest, EditsKeepTheIndexRight) {
    const auto id = put(1, "旧的正文");
    auto revision = reading(sample(1), "新的内容");
    revision.title = {"【404文库】某报｜改题", {"404文库"}, "某报", "改题"};
    revision.content.sources = {};
    add_revision(db, id, revision);
    EXPECT_THAT(list("旧的"), IsEmpty());
    EXPECT_THAT(list("标题"), IsEmpty());
    EXPECT_THAT(list("source:weixin"), IsEmpty());
    EXPECT_THAT(list("新的内容 title:404文库 title:改题"), ElementsAre(id));
    revision.content = {}; // the title alone
    revision.title = {"只改题", {}, std::nullopt, "只改题"};
    add_revision(db, id, revision);
    EXPECT_THAT(list("outlet:某报"), IsEmpty());
    EXPECT_THAT(list("404文库"), IsEmpty());
    EXPECT_THAT(list("只改题 新的内容"), ElementsAre(id));
    sync_feeds(db, {{"sample-feed", "https://example.org/feed/", true}});
    EXPECT_THAT(list("feed:sample-feed"), IsEmpty());
    note_in_feed(db, id, find_feed(db, "sample-feed")->id, at(1));
    EXPECT_THAT(list("feed:sample-feed"), ElementsAre(id));
    db.exec("INSERT INTO search (search) VALUES ('integrity-check')");
}

TEST_F(SearchTest, WhatIsUndoneWasNeverIndexed) {
    const auto id = put(1, "旧的正文");
    Transaction outer(db);
    const auto kept = put(2, "留下的正文");
    {
        const Transaction job(db);
        add_revision(db, id, reading(sample(1), "不作数"));
        put(3, "不作数");
        EXPECT_EQ(list("不作数").size(), 2U);
    }
    EXPECT_THAT(list("不作数"), IsEmpty());
    outer.commit();
    EXPECT_THAT(list("正文"), ElementsAre(kept, id));
    {
        const Transaction lost(db);
        add_revision(db, id, reading(sample(1), "不作数"));
    }
    EXPECT_THAT(list("不作数"), IsEmpty());
    EXPECT_THAT(list("旧的"), ElementsAre(id));
    add_revision(db, id, reading(sample(1), "又一次"));
    EXPECT_THAT(list("旧的"), IsEmpty());
    EXPECT_THAT(list("又一次"), ElementsAre(id));
}

TEST_F(SearchTest, AListGoesOnThroughTheHits) {
    ArticleFilter filter;
    filter.limit = 1000;
    std::vector<std::int64_t> expected;
    {
        const Transaction all(db);
        for (int i = 0; i < 2500; ++i) { // more than are taken in one go
            const auto id = put(i * 7919 % 2500, i % 5 == 0 ? "常见的字" : "常见的字 罕见");
            if (i % 5 == 0)
                expected.push_back(id);
        }
        std::vector<std::int64_t> seen;
        filter.query = parsed("常见 -罕见");
        filter.limit = 90;
        for (int page = 0; page < 20; ++page) {
            const auto got = list_articles(db, filter);
            for (const auto& article : got.items)
                seen.push_back(article.id);
            if (!got.next)
                break;
            filter.cursor = *got.next;
        }
        EXPECT_THAT(seen, testing::UnorderedElementsAreArray(expected));
        filter.cursor.clear();
        filter.limit = 50;
        for (const auto* common : {"常见", "字", "NOT 没有"}) { // through the newest
            filter.query = parsed(common);
            const auto got = list_articles(db, filter);
            ASSERT_EQ(got.items.size(), 50U) << common;
            EXPECT_EQ(*got.items.front().post_id, 2499);
            EXPECT_EQ(*got.items.back().post_id, 2450);
            filter.cursor = *got.next;
            EXPECT_EQ(*list_articles(db, filter).items.front().post_id, 2449);
            filter.cursor.clear();
        }
        filter.changed_after = 0;
        filter.query = parsed("常见");
        const auto upward = list_articles(db, filter);
        ASSERT_EQ(upward.items.size(), 50U);
        EXPECT_LT(upward.items[0].change, upward.items[1].change);
        EXPECT_EQ(upward.items[0].id, 1);
        EXPECT_EQ(found("常见").size(), 500U) << "the limit is the page's";
    }
}

TEST_F(SearchTest, WhatComesBetweenTwoPagesMovesNothing) {
    const Transaction all(db);
    std::set<std::int64_t> expected;
    for (int i = 0; i < static_cast<int>(most_ranked) + 1; ++i)
        expected.insert(put(i, i == 1 ? "长江，长江，长江" : "长江在这里"));
    auto page = search(db, parsed("长江"), "", 20);
    std::multiset<std::int64_t> seen;
    for (int pages = 0; pages < 30; ++pages) {
        for (const auto& hit : page.items)
            seen.insert(hit.article.id);
        if (!page.next)
            break;
        put(1000 + pages, "长江到了");
        page = search(db, parsed("长江"), *page.next, 20);
        EXPECT_TRUE(page.items.size() == 20 || !page.next);
    }
    EXPECT_EQ(seen.size(), expected.size());
    EXPECT_TRUE(std::ranges::equal(seen, expected));
}

/// Ids follow time, or mostly, or run against it, as an archive that was filled afterwards has them.
class SearchOrderTest : public SearchTest, public testing::WithParamInterface<int (*)(int)> {};

TEST_P(SearchOrderTest, WhateverTheOrderOfIdsAListIsNewestFirst) {
    const Transaction all(db);
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < 1400; ++i) {
        const int number = GetParam()(i); // the greater the newer
        put(number, i % 3 == 0 ? "常见的字，罕见" : "常见的字");
        if (i % 3 == 0)
            numbers.push_back(number);
    }
    std::ranges::sort(numbers, std::greater());
    for (const int limit : {20, 400}) {
        ArticleFilter filter;
        filter.query = parsed("罕见");
        filter.limit = limit;
        std::vector<std::int64_t> seen;
        do {
            const auto page = list_articles(db, filter);
            for (const auto& article : page.items)
                seen.push_back(*article.post_id);
            filter.cursor = page.next.value_or("");
        } while (!filter.cursor.empty());
        EXPECT_EQ(seen, numbers) << limit;
    }
    std::vector<std::int64_t> seen;
    std::string cursor;
    do {
        const auto page = search(db, parsed("常见 罕见"), cursor, 70);
        for (const auto& hit : page.items)
            seen.push_back(*hit.article.post_id);
        cursor = page.next.value_or("");
    } while (!cursor.empty());
    ASSERT_EQ(seen.size(), numbers.size());
    const auto window = static_cast<std::ptrdiff_t>(most_ranked); // alike as they are, newest first
    EXPECT_TRUE(std::ranges::is_permutation(std::span(seen).first(most_ranked),
                                            std::span(numbers).first(most_ranked)));
    EXPECT_TRUE(std::is_permutation(seen.begin() + window, seen.end(), numbers.begin() + window));
    EXPECT_THROW(search(db, parsed("常见"), "s1.2", 5), std::invalid_argument);
    EXPECT_THROW(search(db, parsed("常见"), "s1.2.3x", 5), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Orders, SearchOrderTest,
                         testing::Values([](int i) { return i; },
                                         [](int i) { return i % 50 == 7 ? i + 5000 : i; },
                                         [](int i) { return 5000 - i; },
                                         [](int i) { return i < 700 ? 5000 + i : i; }));

TEST_F(SearchTest, TheBestComesFirstWithItsPassage) {
    const auto far = put(3, "开头。" + std::string(3000, 'x') + " 提到长江一次。 " + std::string(3000, 'y'));
    const auto often = put(1, "长江，长江，长江。");
    const auto once = put(2, "提到長江<b>\n一次");
    const auto page = search(db, parsed("长江"), "", 2);
    ASSERT_EQ(page.items.size(), 2U);
    EXPECT_EQ(page.items[0].article.id, often);
    EXPECT_GT(page.items[0].rank, page.items[1].rank);
    EXPECT_EQ(search(db, parsed("长江"), *page.next, 2).items.size(), 1U);
    EXPECT_THAT(found("长江"), UnorderedElementsAre(often, once, far));
    const auto passage = find_passage(db, *get_article(db, once, false), parsed("长江 一次"));
    EXPECT_EQ(passage.field, "body");
    ASSERT_EQ(passage.parts.size(), 4U);
    EXPECT_EQ(passage.parts[0].text, "提到");
    EXPECT_EQ(passage.parts[1].text, "長江");
    EXPECT_TRUE(passage.parts[1].match);
    EXPECT_EQ(passage.parts[2].text, "<b> ");
    EXPECT_EQ(search(db, parsed("title:标题3"), "", 5).items.at(0).passage.field, "title");
    EXPECT_EQ(search(db, parsed("-大桥"), "", 5).items.at(0).passage.parts.size(), 1U);
    EXPECT_THROW(search(db, parsed("a"), "n1.2", 5), std::invalid_argument);
}

TEST_F(SearchTest, OneArticleIsAskedFor) {
    const auto id = put(1, "长江");
    EXPECT_TRUE(matches(db, id, parsed("长江 outlet:某报")));
    EXPECT_FALSE(matches(db, id, parsed("黄河")));
    EXPECT_TRUE(matches(db, id, parsed("-黄河")));
    EXPECT_FALSE(matches(db, id, parsed("-长江")));
}

TEST_F(SearchTest, WhatWasThereBeforeTheIndexIsIndexedInSteps) {
    for (int i = 1; i <= 5; ++i)
        put(i, "长江");
    check_search_version(db);
    EXPECT_EQ(unindexed(db), 0) << "it is the one that is in force";
    db.exec("UPDATE search_state SET folding = 'another ICU'");
    check_search_version(db);
    EXPECT_EQ(unindexed(db), 5);
    EXPECT_THAT(list("长江"), IsEmpty());
    EXPECT_EQ(index_more(db, 2), 3);
    EXPECT_EQ(list("长江").size(), 2U);
    add_revision(db, 1, reading(sample(1), "黄河")); // comes in by itself, and not twice
    EXPECT_EQ(put(6, "长江"), 6);
    EXPECT_EQ(index_more(db, 2), 1);
    EXPECT_EQ(index_more(db, 2), 0);
    EXPECT_EQ(unindexed(db), 0);
    EXPECT_THAT(list("长江"), ElementsAre(6, 5, 4, 3, 2));
    EXPECT_THAT(list("黄河"), ElementsAre(1));
}

} // namespace
} // namespace cdtd::store
