#include <cdtd/pipeline/survey.hpp>
#include <cdtd/pipeline/take_in.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/jobs.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <unit/store/fixture.hpp>

namespace cdtd::pipeline {
namespace {

using namespace std::chrono_literals;

const base::Time start{std::chrono::sys_days{std::chrono::year(2026) / 11 / 24}};

model::Entry entry(int number, std::string title, std::string text) {
    model::Entry e;
    e.guid = "https://example.org/chinese/?p=" + std::to_string(number);
    e.link = "https://example.org/chinese/" + std::to_string(number) + ".html";
    e.title = std::move(title);
    e.content = "<p>" + text + "</p>";
    e.published = start - std::chrono::hours(100 - number);
    return e;
}

class TakeInTest : public store::StoreTest {
  protected:
    TakeInTest() {
        store::sync_feeds(db, {{"cdt", "https://example.org/chinese/feed/", true}});
        state_ = store::list_feeds(db).front();
        feed_.name = "cdt";
        feed_.url = state_.url;
    }

    Taken take(std::vector<model::Entry> entries) {
        model::Feed document;
        document.link = "https://example.org/chinese/";
        document.entries = std::move(entries);
        store::Transaction transaction(db);
        const TakeIn how{feed_, archive_, teller_, state_, now_ += 1h, std::nullopt, backfill_, told_after_};
        std::vector<Reading> readings = list_entries(document, feed_.url);
        survey(db, state_.id, readings, now_);
        unchanged_ = static_cast<int>(std::ranges::count(readings, true, &Reading::unchanged));
        read_contents(readings, feed_.url);
        const Taken taken = take_in(db, how, readings);
        transaction.commit();
        state_.polled = true;
        return taken;
    }

    std::vector<std::string> types() {
        std::vector<std::string> result;
        const auto events = store::list_events(db, "", 100);
        for (const model::Event& event : *events)
            result.push_back(event.type);
        return result;
    }

    FeedSettings feed_;
    ArchiveSettings archive_;
    Teller teller_{{}};
    model::FeedState state_;
    base::Time now_ = start;
    bool backfill_ = false;
    std::optional<base::Time> told_after_;
    int unchanged_ = 0; ///< entries of the last document that were not read again
};

/// An entry with an archive card, as the publisher's plugin writes it, and a picture.
model::Entry carded(const std::string& source, const std::string& more, const std::string& picture,
                    const std::string& link = "https://example.org/elsewhere") {
    auto e = entry(1, "一", "河边有一座桥，桥上有人走过。<a href='" + link + "'>那里</a>");
    e.content += "<p><img src='" + picture +
                 "'></p><div class='su-spoiler'><div class='su-spoiler-title'>CDT 档案卡</div>"
                 "<div class='su-spoiler-content'><strong>标题：</strong>桥<br><strong>来源：</strong>" +
                 source + "<br>" + more + "</div></div>";
    return e;
}

TEST_F(TakeInTest, ACardThatIsCompletedLaterIsSeen) {
    const std::string picture = "https://example.org/files/2026/01/image.png";
    take({carded("河边的号", "", picture)});
    EXPECT_EQ(store::get_article(db, 1, true)->sources.at(0).url, std::nullopt);
    // Markup, tracking, another size of the same picture: nothing.
    take({carded("河边的号", "<p></p>", "http://example.org/files/2026/01/image-300x200.png?x=1")});
    EXPECT_EQ(types(), std::vector<std::string>{});
    EXPECT_EQ(store::get_article(db, 1, false)->revision, 1);

    take({carded("<a href='https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv'>河边的号</a>",
                 "<strong>404 日期：</strong>2026.1.5<br>", picture)});
    auto article = store::get_article(db, 1, true);
    EXPECT_EQ(article->sources.at(0).url, "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv");
    EXPECT_EQ(article->card->censored_on, "2026-01-05");
    EXPECT_EQ(article->revision, 2);
    EXPECT_EQ(types(), std::vector<std::string>{"article.updated"});
    EXPECT_EQ(store::get_revision(db, 1, 2)->changed, std::vector<std::string>{"card"});

    take({carded("<a href='https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv'>河边的号</a>",
                 "<strong>404 日期：</strong>2026.1.5<br>", "https://example.org/files/2026/02/image.png")});
    EXPECT_EQ(store::get_revision(db, 1, 3)->changed, std::vector<std::string>{"images"});
    article = store::get_article(db, 1, true);
    EXPECT_EQ(article->images.at(0).url, "https://example.org/files/2026/02/image.png");
    const auto jobs = store::due_jobs(db, "capture", now_, 10);
    EXPECT_TRUE(
        std::ranges::any_of(jobs, [&](const store::Job& job) { return job.url == article->images[0].url; }));
}

TEST_F(TakeInTest, ACardThatComesWithTheMarkOfCensorshipIsToldOnce) {
    take({carded("河边的号", "", "https://example.org/1.png")});
    auto marked = carded("河边的号", "<strong>404 日期：</strong>2026.1.5<br>", "https://example.org/1.png");
    marked.title = "【404文库】" + marked.title;
    take({marked});
    EXPECT_EQ(types(), std::vector<std::string>{"article.censored"});
    EXPECT_EQ(store::get_article(db, 1, false)->card->censored_on, "2026-01-05");
    EXPECT_EQ(store::get_revision(db, 1, 2)->changed, (std::vector<std::string>{"title", "card"}));
}

TEST_F(TakeInTest, CategoriesAndEditorFollowTheFeedWithoutARevision) {
    auto e = entry(1, "一", "正文");
    e.categories = {"河流"};
    e.author = "甲";
    take({e});
    const auto before = store::get_article(db, 1, false)->change;
    e.categories = {"河流", "桥"};
    e.author = "乙";
    take({e});
    const auto article = store::get_article(db, 1, false);
    EXPECT_EQ(article->categories, (std::vector<std::string>{"河流", "桥"}));
    EXPECT_EQ(article->editor, "乙");
    EXPECT_GT(article->change, before);
    EXPECT_EQ(article->revision, 1);
    EXPECT_EQ(types(), std::vector<std::string>{});
    // An entry that names none takes nothing away.
    e.categories.clear();
    e.author.clear();
    take({e});
    EXPECT_EQ(store::get_article(db, 1, false)->categories.size(), 2u);
}

TEST_F(TakeInTest, TheFirstDocumentIsSilentButForTheNewestAnnounced) {
    feed_.announce = 1;
    const Taken taken = take({entry(3, "三", "正文三"), entry(2, "二", "正文二"), entry(1, "一", "正文一")});
    EXPECT_EQ(taken.fresh, 3u);
    EXPECT_EQ(types(), std::vector<std::string>{"article.new"});
    const auto page = store::list_articles(db, {});
    for (const model::Article& article : page.items)
        EXPECT_EQ(article.silent, article.post_id != 3);
}

TEST_F(TakeInTest, WhatIsTheSameIsNothing) {
    take({entry(1, "一", "正文")});
    const Taken again = take({entry(1, "一", "正文")});
    EXPECT_EQ(again.fresh + again.edited + again.censored, 0u);
    EXPECT_TRUE(types().empty());
    EXPECT_EQ(unchanged_, 1) << "and is not even read";
    model::Entry redated = entry(1, "一", "正文");
    redated.published = start;
    take({redated});
    EXPECT_EQ(unchanged_, 1) << "publishers redate at every build";
    take({entry(1, "一", "正文。")});
    EXPECT_EQ(unchanged_, 0);
}

TEST_F(TakeInTest, A404ColumnIsCensorshipAndToldOnce) {
    take({entry(1, "茶馆｜一", "正文")});
    take({entry(1, "【404文库】茶馆｜一", "正文")});
    take({entry(1, "【404文库】茶馆｜一", "正文")});
    EXPECT_EQ(types(), std::vector<std::string>{"article.censored"});
    const auto article = store::get_article(db, 1, true);
    EXPECT_TRUE(article->censored_at);
    EXPECT_EQ(article->revision, 2);
    EXPECT_EQ(article->title.columns, std::vector<std::string>{"404文库"});
}

TEST_F(TakeInTest, ACensoredAndEditedArticleIsToldAsBoth) {
    take({entry(1, "一", "正文")});
    take({entry(1, "【404文库】一", "改过的正文")});
    EXPECT_EQ(types(), (std::vector<std::string>{"article.censored", "article.updated"}));
}

TEST_F(TakeInTest, AnEntryThatLosesItsContentKeepsWhatIsHeld) {
    take({entry(1, "一", "正文")});
    model::Entry bare = entry(1, "一改", "");
    bare.content.clear();
    take({bare});
    EXPECT_EQ(store::get_revision(db, 1, 0)->content.text, "正文");
}

TEST_F(TakeInTest, PagesAndImagesAreQueuedWithTheArticle) {
    model::Entry e = entry(1, "一", "正文");
    e.content += "<p><img src=\"https://example.org/a.png\"><img src=\"https://example.org/b.png\"></p>";
    take({e});
    EXPECT_EQ(store::due_jobs(db, "capture", now_, 10).size(), 3u);
    EXPECT_EQ(store::get_article(db, 1, false)->state, model::ArticleState::stored);
}

TEST_F(TakeInTest, WithPagesOffNothingIsQueuedAndNothingIsLeftToDo) {
    feed_.fetch_articles = false;
    take({entry(1, "一", "正文")});
    EXPECT_TRUE(store::due_jobs(db, "capture", now_, 10).empty());
    const auto article = store::get_article(db, 1, false);
    EXPECT_EQ(article->state, model::ArticleState::archived);
    EXPECT_EQ(article->page.state, model::PageState::off);
    EXPECT_TRUE(types().empty());
}

TEST_F(TakeInTest, BackfilledEntriesAreStoredSilently) {
    take({entry(9, "九", "正文")});
    backfill_ = true;
    take({entry(1, "一", "旧文")});
    EXPECT_TRUE(types().empty());
    EXPECT_TRUE(store::get_article(db, 2, false)->silent);
    told_after_ = entry(9, "", "").published;
    take({entry(10, "十", "新文"), entry(2, "二", "旧文二")});
    EXPECT_EQ(types(), std::vector<std::string>{"article.new"}) << "newer than anything that polls have seen";
}

TEST_F(TakeInTest, EntriesThatAreCountedAsTheyStandAreKnownByTheirLinks) {
    const auto at_place = [](int place, int number) {
        model::Entry e = entry(number, "第" + std::to_string(number), "正文" + std::to_string(number));
        e.guid = std::to_string(place);
        return e;
    };
    take({at_place(1, 3), at_place(2, 2), at_place(3, 1)});
    for (int newest = 4; newest < 9; ++newest)
        take({at_place(1, newest), at_place(2, newest - 1), at_place(3, newest - 2)});
    EXPECT_EQ(count("articles"), 8);
    EXPECT_EQ(types().size(), 5u);
}

TEST_F(TakeInTest, TheSameTextUnderAnotherGuidAndLinkIsTheSameArticle) {
    take({entry(1, "一", "正文")});
    model::Entry moved = entry(1, "【404文库】一", "正文");
    moved.guid = "https://example.org/chinese/?p=7001";
    moved.link = "https://example.org/chinese/7001.html";
    take({moved});
    EXPECT_EQ(types(), (std::vector<std::string>{"article.censored", "article.updated"}));
    EXPECT_EQ(count("articles"), 1);
    take({entry(1, "【404文库】一", "正文")});
    EXPECT_EQ(count("articles"), 1) << "either key finds it";
}

TEST_F(TakeInTest, TheSameTextOfAnotherDayOrBesideItIsAnotherArticle) {
    take({entry(1, "一", "正文")});
    model::Entry again = entry(7001, "一", "正文"); // run again a year later
    take({again});
    EXPECT_EQ(count("articles"), 2);
    model::Entry twin = entry(7002, "二", "正文二"), beside = entry(7003, "二", "正文二");
    beside.published = twin.published;
    take({twin, beside});
    EXPECT_EQ(count("articles"), 4) << "two entries of one document are two articles";
}

TEST_F(TakeInTest, ANumberThatIsGivenAwayAgainIsANewArticle) {
    take({entry(1, "一", "正文")});
    model::Entry other = entry(1, "别的文章", "别的正文");
    other.link = "https://example.org/chinese/other.html";
    other.published = start + 1h;
    take({other});
    EXPECT_EQ(count("articles"), 2);
    EXPECT_EQ(types(), std::vector<std::string>{"article.new"});
    take({other});
    EXPECT_EQ(count("articles"), 2) << "the number is the newer one's from now on";
}

TEST_F(TakeInTest, ATextThatIsAnotherAtEveryLookDoesNotFillTheArchive) {
    take({entry(1, "一", "正文")});
    for (int i = 0; i < 60; ++i) {
        now_ -= 59min; // a look a minute
        take({entry(1, "一", "正文，现在是" + std::to_string(i) + "点")});
    }
    EXPECT_EQ(store::get_article(db, 1, false)->revision, 24);
    now_ -= 59min;
    take({entry(1, "【404文库】一", "正文")});
    EXPECT_TRUE(store::get_article(db, 1, false)->censored_at) << "censorship is told all the same";
    now_ += 48h;
    take({entry(1, "【404文库】一", "正文定稿")});
    EXPECT_EQ(store::get_article(db, 1, false)->revision, 26);
}

TEST_F(TakeInTest, EventsComeInTheOrderOfPublication) {
    take({});
    take({entry(2, "二", "正文二"), entry(1, "一", "正文一")});
    EXPECT_EQ(store::get_article(db, 1, false)->post_id, 1);
    EXPECT_EQ(types(), (std::vector<std::string>{"article.new", "article.new"}));
}

} // namespace
} // namespace cdtd::pipeline
