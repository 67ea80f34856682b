#include "unit/store/fixture.hpp"

#include <cdtd/store/captures.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/jobs.hpp>

namespace cdtd::store {
namespace {

class Articles : public StoreTest {
  protected:
    std::int64_t put(int number, const std::string& text = "正文") {
        const auto article = sample(number);
        const auto id = insert_article(db, article);
        add_revision(db, id, reading(article, text));
        return id;
    }
    model::Article get(std::int64_t id, bool full = true) { return get_article(db, id, full).value(); }
};

TEST_F(Articles, TheStrongestKeyWinsAndNoKeyIsTakenOver) {
    const auto a = insert_article(db, sample(1)), b = insert_article(db, sample(2));
    add_keys(db, a, {{"post", "s#1"}, {"guid", "g1"}, {"link", "l1"}});
    add_keys(db, b, {{"post", "s#2"}, {"guid", "g1"}, {"link", "l2"}});
    const std::tuple<const char*, std::vector<change::Key>, std::optional<std::int64_t>> cases[] = {
        {"by guid", {{"guid", "g1"}}, a},
        {"by link", {{"post", "s#9"}, {"link", "l2"}}, b},
        {"keys disagree", {{"post", "s#2"}, {"guid", "g1"}}, b},
        {"another kind", {{"link", "g1"}}, std::nullopt},
        {"no key", {}, std::nullopt}};
    for (const auto& [name, keys, article] : cases)
        EXPECT_EQ(find_article(db, keys), article) << name;
}

TEST_F(Articles, InsertedArticleComesBackAsItWas) {
    auto article = sample(7);
    article.silent = true;
    article.page = {model::PageState::refused, "403", at(9)};
    article.censored_at = at(8);
    article.title.outlet.reset();
    const auto got = get(insert_article(db, article));
    EXPECT_EQ(got.url, article.url);
    EXPECT_EQ(got.guid, article.guid);
    EXPECT_EQ(got.site, article.site);
    EXPECT_EQ(got.post_id, 7);
    EXPECT_EQ(got.title.text, article.title.text);
    EXPECT_EQ(got.title.columns, article.title.columns);
    EXPECT_EQ(got.title.outlet, std::nullopt);
    EXPECT_EQ(got.editor, "编辑");
    EXPECT_EQ(got.published_at, article.published_at);
    EXPECT_EQ(got.categories, article.categories);
    EXPECT_TRUE(got.silent);
    EXPECT_EQ(got.state, model::ArticleState::seen);
    EXPECT_EQ(got.page.state, model::PageState::refused);
    EXPECT_EQ(got.page.reason, "403");
    EXPECT_EQ(got.page.next_try_at, at(9));
    EXPECT_EQ(got.censored_at, at(8));
    EXPECT_EQ(got.revision, 0);
    EXPECT_EQ(get_revision(db, got.id, 0), std::nullopt);
    EXPECT_EQ(get_article(db, 99, true), std::nullopt);
}

TEST_F(Articles, ARevisionMakesTheRowAgree) {
    const auto id = put(1);
    const auto got = get(id);
    EXPECT_EQ(got.state, model::ArticleState::stored);
    EXPECT_EQ(got.revision, 1);
    EXPECT_EQ(got.author, "作者");
    EXPECT_EQ(got.language, "zh-Hans");
    EXPECT_EQ(got.characters, 7);
    EXPECT_EQ(got.content_sha256, "sha-of-正文");
    ASSERT_TRUE(got.card);
    EXPECT_EQ(got.card->topics, std::vector<std::string>{"主题"});
    ASSERT_EQ(got.sources.size(), 3U);
    EXPECT_EQ(got.sources[0].url, "https://mp.weixin.qq.com/s/AbC");
    EXPECT_EQ(got.sources[0].name, "号");
    EXPECT_EQ(got.sources[1].url, std::nullopt);
    EXPECT_EQ(got.sources[1].link, "https://archive.ph/W29ZN");
    EXPECT_EQ(got.sources[2].name, "口述");
    EXPECT_EQ(got.sources[2].wayback.state, "unchecked");
    ASSERT_EQ(got.images.size(), 2U);
    ASSERT_EQ(got.revisions.size(), 1U);
    EXPECT_EQ(got.revisions[0].content.html, "");
    EXPECT_TRUE(get(id, false).images.empty());
    const auto revision = get_revision(db, id, 0);
    ASSERT_TRUE(revision);
    EXPECT_EQ(revision->content.html, "<p>正文</p>");
    EXPECT_EQ(revision->original_html, "<p class=\"raw\">正文</p>");
    EXPECT_EQ(known_of(db, id).content_sha256, "sha-of-正文");
}

TEST_F(Articles, AnEditKeepsTheRowsThatStay) {
    const auto id = put(1);
    const auto before = get(id);
    set_image(db, id, "https://example.org/b.png", std::nullopt, "404");
    auto edit = reading(sample(1), "新文");
    edit.content.images = {"https://example.org/c.png", "https://example.org/b.png"};
    edit.content.sources.erase(edit.content.sources.begin() + 1);
    edit.changed = {"content"};
    edit.title.columns = {"404文库"};
    EXPECT_EQ(add_revision(db, id, edit), 2);
    const auto after = get(id);
    EXPECT_GT(after.change, before.change);
    ASSERT_EQ(after.sources.size(), 2U);
    EXPECT_EQ(after.sources[0].id, before.sources[0].id);
    EXPECT_EQ(after.sources[1].id, before.sources[2].id);
    ASSERT_EQ(after.images.size(), 2U);
    EXPECT_EQ(after.images[1].url, "https://example.org/b.png");
    EXPECT_EQ(after.images[1].error, "404");
    ASSERT_EQ(after.revisions.size(), 2U);
    EXPECT_EQ(after.revisions[0].changed, std::vector<std::string>{"content"});
    EXPECT_EQ(get_revision(db, id, 1)->content.text, "正文");
    ArticleFilter filter;
    filter.columns = {"栏目"};
    EXPECT_TRUE(list_articles(db, filter).items.empty());
    filter.columns = {"404文库"};
    EXPECT_EQ(list_articles(db, filter).items.size(), 1U);
}

TEST_F(Articles, ATitleAloneLeavesTheContent) {
    const auto id = put(1);
    auto edit = reading(sample(1), "");
    edit.content = {};
    edit.original_html = "";
    edit.title.text = "改";
    edit.changed = {"title"};
    EXPECT_EQ(add_revision(db, id, edit), 2);
    const auto after = get(id);
    EXPECT_EQ(after.title.text, "改");
    EXPECT_EQ(after.content_sha256, "sha-of-正文");
    EXPECT_EQ(after.images.size(), 2U);
    EXPECT_EQ(get_revision(db, id, 0)->content.html, "<p>正文</p>");
}

TEST_F(Articles, ArticlesShareTheirSources) {
    const auto a = get(put(1)), b = get(put(2));
    EXPECT_EQ(a.sources[0].id, b.sources[0].id);
    EXPECT_EQ(a.sources[1].id, b.sources[1].id); // the same link
    EXPECT_NE(a.sources[2].id, b.sources[2].id); // only a name
}

TEST_F(Articles, EveryChangeHasANumberOfItsOwn) {
    const auto a = put(1), b = put(2);
    std::int64_t last = get(b).change;
    set_state(db, a, model::ArticleState::archived, at(5));
    EXPECT_GT(get(a).change, last);
    EXPECT_EQ(get(a).changed_at, at(5));
    last = get(a).change;
    set_censored(db, b, at(6));
    EXPECT_GT(get(b).change, last);
    last = get(b).change;
    set_censored(db, b, at(7));
    EXPECT_EQ(get(b).censored_at, at(6));
    EXPECT_EQ(get(b).change, last);
    ArticleFilter filter;
    filter.changed_after = 0;
    const auto page = list_articles(db, filter);
    ASSERT_EQ(page.items.size(), 2U);
    EXPECT_EQ(page.items[0].id, a);
    filter.changed_after = get(a).change;
    EXPECT_EQ(list_articles(db, filter).items.at(0).id, b);
    filter.states = {"stored"};
    EXPECT_EQ(list_articles(db, filter).items.at(0).id, b);
    filter.changed_after = last;
    EXPECT_TRUE(list_articles(db, filter).items.empty());
}

TEST_F(Articles, PagesFollowEachOtherWithoutGapOrRepeat) {
    for (int i = 1; i <= 23; ++i) {
        auto article = sample(i);
        article.published_at = at(1000 + i / 5); // several share a second
        if (i % 7 == 0)
            article.published_at.reset(); // first_seen_at then
        insert_article(db, article);
    }
    for (const bool by_change : {false, true}) {
        ArticleFilter filter;
        filter.limit = 4;
        filter.columns = {"栏目", "别的"};
        if (by_change)
            filter.changed_after = 0;
        std::vector<std::int64_t> seen;
        base::Time last = base::Time::max();
        for (bool more = true; more;) {
            const auto page = list_articles(db, filter);
            EXPECT_LE(page.items.size(), 4U);
            for (const auto& article : page.items) {
                seen.push_back(article.id);
                const auto time = article.published_at.value_or(article.first_seen_at);
                if (!by_change)
                    EXPECT_LE(time, last);
                last = time;
            }
            more = page.next.has_value();
            filter.cursor = page.next.value_or("");
        }
        std::sort(seen.begin(), seen.end());
        EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
        EXPECT_EQ(seen.size(), 23U);
    }
}

TEST_F(Articles, FiltersAreJoined) {
    sync_feeds(db, {{"cdt", "https://a.example/", true}});
    const auto feed = find_feed(db, "cdt")->id;
    const auto a = put(1), b = put(2), c = insert_article(db, sample(3));
    EXPECT_TRUE(note_in_feed(db, a, feed, at(1)));
    EXPECT_FALSE(note_in_feed(db, a, feed, at(2)));
    EXPECT_EQ(find_feed(db, "cdt")->entries, 1);
    EXPECT_EQ(get(a).feeds, std::vector<std::string>{"cdt"});
    using Ids = std::vector<std::int64_t>;
    const std::tuple<const char*, std::function<void(ArticleFilter&)>, Ids> cases[] = {
        {"none", [](auto&) {}, {c, b, a}},
        {"feed", [](auto& f) { f.feeds = {"cdt"}; }, {a}},
        {"unknown feed", [](auto& f) { f.feeds = {"no"}; }, {}},
        {"any of", [](auto& f) { f.states = {"seen", "stored", "gone"}; }, {c, b, a}},
        {"state", [](auto& f) { f.states = {"seen"}; }, {c}},
        {"outlet", [](auto& f) { f.outlets = {"某报"}; }, {c, b, a}},
        {"topic", [](auto& f) { f.topics = {"主题"}; }, {b, a}},
        {"source", [](auto& f) { f.source_states = {"unchecked"}; }, {b, a}},
        {"wayback", [](auto& f) { f.wayback = {"archived"}; }, {}},
        {"two kinds", [](auto& f) { f.topics = {"主题"}, f.feeds = {"cdt"}; }, {a}},
        {"three kinds", [](auto& f) { f.topics = {"主题"}, f.outlets = {"某报"}, f.states = {"seen"}; }, {}},
        {"since", [](auto& f) { f.since = at(1'000'002); }, {c, b}},
        {"until", [](auto& f) { f.until = at(1'000'002); }, {a}},
        {"both, topic",
         [](auto& f) { f.since = at(1'000'001), f.until = at(1'000'003), f.topics = {"主题"}; },
         {b, a}},
        {"changed", [](auto& f) { f.changed_after = 0, f.topics = {"主题"}, f.states = {"stored"}; }, {a, b}},
        {"changed since", [](auto& f) { f.changed_after = 0, f.since = at(1'000'002); }, {b, c}}};
    for (const auto& [name, set, ids] : cases) {
        ArticleFilter filter;
        set(filter);
        Ids got;
        for (const auto& article : list_articles(db, filter).items)
            got.push_back(article.id);
        EXPECT_EQ(got, ids) << name;
    }
}

TEST_F(Articles, ForeignCursorsAreRefused) {
    for (const char* cursor :
         {"x", "n", "n1", "n1.", "n1.x", "n1.2.3", "c1.2", "n 1.2", "n99999999999999999999.1"}) {
        ArticleFilter filter;
        filter.cursor = cursor;
        EXPECT_THROW(list_articles(db, filter), std::invalid_argument) << cursor;
    }
}

TEST_F(Articles, MissingIsWhatWasTriedAndIsNotHeld) {
    const auto id = put(1);
    add_job(db, {0, "capture", "page", id, "https://a.example/p", at(1), 0, std::nullopt});
    EXPECT_TRUE(get(id).missing.empty());
    postpone_job(db, due_jobs(db, "capture", at(1), 9).at(0).id, at(50), "403");
    set_image(db, id, "https://example.org/a.png", std::nullopt, "no such host");
    const auto missing = get(id).missing;
    ASSERT_EQ(missing.size(), 2U);
    EXPECT_EQ(missing[0].reason, "403");
    EXPECT_EQ(missing[0].next_try_at, at(50));
    EXPECT_EQ(missing[1].url, "https://example.org/a.png");
    EXPECT_EQ(missing[1].next_try_at, std::nullopt);
}

TEST_F(Articles, HostileTextIsKeptAsItIs) {
    auto article = sample(1);
    article.title.text = std::string("a\0b'\";--\x1b[2J", 12);
    article.title.columns = {"\"],[\"", std::string(5000, 'x')};
    const auto got = get(insert_article(db, article));
    EXPECT_EQ(got.title.text, article.title.text);
    EXPECT_EQ(got.title.columns, article.title.columns);
    ArticleFilter filter;
    filter.columns = {std::string(5000, 'x')};
    EXPECT_EQ(list_articles(db, filter).items.size(), 1U);
}

} // namespace
} // namespace cdtd::store
