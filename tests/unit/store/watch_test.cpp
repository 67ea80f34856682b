#include "unit/store/fixture.hpp"

#include <cdtd/store/captures.hpp>
#include <cdtd/store/hosts.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/lookup.hpp>
#include <cdtd/store/sources.hpp>
#include <cdtd/store/watch.hpp>

#include <algorithm>

namespace cdtd::store {
namespace {

const std::string weixin = "https://mp.weixin.qq.com/s/AbC";

class WatchTest : public StoreTest {
  protected:
    std::int64_t put(int number, const std::string& url, const std::string& link,
                     const std::string& platform) {
        const auto article = sample(number);
        const auto id = insert_article(db, article);
        auto revision = reading(article, "文" + std::to_string(number));
        revision.content.sources = {{url, link, "号", platform}};
        revision.content.card->published_on = "1970-01-12";
        add_revision(db, id, revision);
        return id;
    }

    std::vector<std::string> jobs() {
        std::vector<std::string> urls;
        for (const auto& job : due_jobs(db, "watch_source", at(99'000'000), 100))
            urls.push_back(job.url);
        std::ranges::sort(urls);
        return urls;
    }

    void look(const std::string& url, const std::string& state, std::int64_t when) {
        auto known = find_watched(db, url);
        ASSERT_TRUE(known);
        model::Look look;
        look.at = at(when);
        look.state = state;
        look.words = "words";
        look.status = 200;
        change::take_look(known->standing, look, 2);
        save_look(db, *known, look);
    }
};

TEST_F(WatchTest, EachOriginalOnce) {
    const auto a = put(1, weixin, "https://web.archive.org/web/*/" + weixin, "weixin");
    const auto b = put(2, weixin, weixin, "weixin");
    watch_sources_of(db, a, at(5));
    watch_sources_of(db, b, at(6));
    EXPECT_EQ(jobs(), std::vector{weixin});
    EXPECT_EQ(find_watched(db, weixin)->standing.shown.state, "unchecked");
    EXPECT_EQ(get_article(db, a, false)->sources[0].liveness.next_check_at, at(5));
    EXPECT_EQ(watch_backlog(db, at(7), {}, 100), 0);
}

TEST_F(WatchTest, AsPublishedWhereNobodyKnowsBetter) {
    for (const auto& [n, url, link, platform] :
         std::vector<std::tuple<int, std::string, std::string, std::string>>{
             {1, "https://old.example/a", "http://www.old.example/a#top", "web"},
             {2, "https://other.example/b", "https://web.archive.org/web/2025/http://other.example/b", "web"},
             {3, "https://douban.com/note/1/", "http://www.douban.com/note/1/", "douban"},
             // A page of the citing site is an article there.
             {4, "https://chinadigitaltimes.net/chinese/9.html",
              "https://chinadigitaltimes.net/chinese/9.html", "web"}})
        watch_sources_of(db, put(n, url, link, platform), at(5));
    EXPECT_EQ(jobs(), (std::vector<std::string>{"http://other.example/b", "http://www.old.example/a",
                                                "https://douban.com/note/1/"}));
}

TEST_F(WatchTest, ABacklogComesOneAfterTheOther) {
    for (int n = 1; n <= 3; ++n)
        put(n, "https://news.example/" + std::to_string(n), "https://news.example/" + std::to_string(n),
            "web");
    EXPECT_EQ(watch_backlog(db, at(100), std::chrono::seconds(10), 100), 3);
    const auto due = due_jobs(db, "watch_source", at(1000), 10);
    ASSERT_EQ(due.size(), 3U);
    EXPECT_EQ(due[0].url, "https://news.example/3") << "the newest first";
    EXPECT_EQ(due[2].due_at, at(120));
    EXPECT_EQ(watch_backlog(db, at(100), {}, 100), 0);
}

TEST_F(WatchTest, WhatTheLooksSay) {
    const auto id = put(1, weixin, weixin, "weixin");
    watch_sources_of(db, id, at(5));
    const auto before = get_article(db, id, false)->change;
    look(weixin, "alive", 10);
    const auto after = get_article(db, id, false)->change;
    EXPECT_GT(after, before);
    look(weixin, "alive", 20);
    EXPECT_EQ(get_article(db, id, false)->change, after) << "nothing new";
    look(weixin, "deleted", 30);
    look(weixin, "challenged", 40);
    look(weixin, "deleted", 50);
    const auto known = find_watched(db, weixin)->standing;
    EXPECT_EQ(known.believed, "deleted");
    EXPECT_EQ(known.gone_at, at(30));
    EXPECT_EQ(known.alive_until, at(20));
    EXPECT_EQ(known.agreed, 2);
    const auto found = look_up(db, weixin, weixin);
    EXPECT_EQ(found.source->liveness.since, at(30));
    EXPECT_TRUE(found.source->liveness.confirmed);
    ASSERT_EQ(found.source->looks.size(), 5U);
    EXPECT_EQ(found.source->looks[1].state, "challenged");
    EXPECT_TRUE(get_article(db, id, false)->sources[0].looks.empty());
    EXPECT_EQ(get_article(db, id, true)->sources[0].looks.size(), 5U);
    ArticleFilter filter;
    filter.source_states = {"deleted"};
    EXPECT_EQ(list_articles(db, filter).items.size(), 1U);
    filter.source_states = {"alive"};
    EXPECT_TRUE(list_articles(db, filter).items.empty());
}

TEST_F(WatchTest, ListsByPlace) {
    for (int n = 1; n <= 5; ++n) {
        const auto url = "https://news.example/" + std::to_string(n);
        watch_sources_of(db, put(n, url, url, n == 3 ? "zhihu" : "web"), at(5));
        if (n % 2 == 0)
            look(url, "alive", 10);
    }
    const auto urls = [this](SourceFilter filter) {
        std::string all;
        for (filter.limit = 2;;) {
            const auto page = list_sources(db, filter);
            for (const auto& item : page.items)
                all += item.source.url->back();
            if (!page.next)
                return all;
            filter.cursor = *page.next;
        }
    };
    EXPECT_EQ(urls({}), "54321");
    EXPECT_EQ(urls({{"alive"}, {}, {}, {}, 2}), "42");
    EXPECT_EQ(urls({{"alive", "unchecked"}, {}, {"web"}, {}, 2}), "5421");
    EXPECT_EQ(urls({{}, {"unchecked"}, {"zhihu"}, {}, 2}), "3");
    EXPECT_EQ(urls({{}, {"archived"}, {}, {}, 2}), "");
    for (const auto* cursor : {"x", "s", "s1x", "d1"})
        EXPECT_THROW(list_sources(db, {{}, {}, {}, cursor, 2}), std::invalid_argument) << cursor;
}

TEST_F(WatchTest, Lives) {
    const auto id = put(1, weixin, weixin, "weixin");
    put(2, weixin, weixin, "weixin");
    watch_sources_of(db, id, at(5));
    look(weixin, "alive", 2'000'000);
    look(weixin, "censored", 2'000'100);
    look(weixin, "censored", 2'000'200);
    set_censored(db, id, at(2'000'050));
    const auto lives = lives_of(db);
    ASSERT_EQ(lives.size(), 1U);
    EXPECT_EQ(lives[0].state, "censored");
    EXPECT_EQ(lives[0].outlet, "某报");
    EXPECT_EQ(lives[0].gone, at(2'000'100));
    EXPECT_EQ(lives[0].reported, at(2'000'050));
    EXPECT_EQ(lives[0].published, change::day_in_beijing("1970-01-12"));
}

TEST_F(WatchTest, ACircuitHoldsLooksAtItsHostOnly) {
    watch_sources_of(db, put(1, weixin, weixin, "weixin"), at(5));
    watch_sources_of(db, put(2, "https://news.example/1", "https://news.example/1", "web"), at(5));
    hold_jobs(db, {"https://mp.weixin.qq.com:443", "page"}, at(500));
    EXPECT_EQ(due_jobs(db, "watch_source", at(10), 10).size(), 2U);
    hold_jobs(db, {"https://mp.weixin.qq.com:443", "source"}, at(500));
    const auto due = due_jobs(db, "watch_source", at(10), 10);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].url, "https://news.example/1");
}

} // namespace
} // namespace cdtd::store
