#include "unit/store/fixture.hpp"

#include <cdtd/store/jobs.hpp>
#include <cdtd/store/saves.hpp>
#include <cdtd/store/status.hpp>
#include <cdtd/store/wayback.hpp>

#include <gmock/gmock.h>

namespace cdtd::store {
namespace {

using testing::ElementsAre;

const std::string weixin = "https://mp.weixin.qq.com/s/AbC";
const std::string host = "https://web.archive.org:443";

class WaybackTest : public StoreTest {
  protected:
    std::int64_t put(int number, const std::string& url, const std::string& link, bool silent = false) {
        auto article = sample(number);
        article.silent = silent;
        const auto id = insert_article(db, article);
        auto revision = reading(article, "文" + std::to_string(number));
        revision.content.sources = {{url, link, "号", "weixin"}};
        revision.content.card->published_on = "1970-01-12";
        add_revision(db, id, revision);
        return id;
    }

    std::vector<std::string> due(std::int64_t now) {
        std::vector<std::string> urls;
        for (const auto& job : due_jobs(db, "resolve_source", at(now), 100))
            urls.push_back(job.url);
        return urls;
    }

    static model::Wayback archived() {
        model::Wayback wayback;
        wayback.state = "archived";
        wayback.snapshot_url = "https://web.archive.org/web/20251117000000/x";
        wayback.snapshots = 2;
        wayback.checked_at = at(9);
        wayback.digest = "DIGEST";
        return wayback;
    }
};

TEST_F(WaybackTest, EachSourceIsLookedUpOnce) {
    const auto a = put(1, weixin, "https://web.archive.org/web/*/" + weixin);
    const auto b = put(2, weixin, weixin);
    look_up_sources_of(db, a, at(5));
    look_up_sources_of(db, b, at(6));
    EXPECT_THAT(due(5), ElementsAre(weixin));
    EXPECT_EQ(look_up_backlog(db, at(7), {}), 0);
    const auto sought = find_sought(db, weixin);
    ASSERT_TRUE(sought);
    EXPECT_EQ(sought->state, "unchecked");
    EXPECT_THAT(sought->links, ElementsAre(weixin, "https://web.archive.org/web/*/" + weixin));
    EXPECT_EQ(sought->published_on, "1970-01-12");
    EXPECT_FALSE(find_sought(db, "https://example.org/other"));
}

TEST_F(WaybackTest, TheBacklogComesOneAfterTheOtherTheNewestFirst) {
    for (int n = 1; n <= 3; ++n)
        put(n, weixin + std::to_string(n), weixin);
    EXPECT_EQ(look_up_backlog(db, at(100), std::chrono::seconds(10)), 3);
    EXPECT_THAT(due(100), ElementsAre(weixin + "3"));
    EXPECT_EQ(due(120).size(), 3u);
}

TEST_F(WaybackTest, WhatIsKnownIsShownAndToldOncePerCitation) {
    const auto told = put(1, weixin, weixin), silent = put(2, weixin, weixin, true);
    look_up_sources_of(db, told, at(5));
    const auto job = due_jobs(db, "resolve_source", at(5), 1).at(0);
    const auto source = find_sought(db, weixin)->id;
    EXPECT_TRUE(untold_snapshots(db, 0, source).empty());
    const auto change = get_article(db, told, false)->change;
    save_wayback(db, source, archived());
    schedule_look_up(db, job.id, source, std::nullopt);
    EXPECT_TRUE(due(1'000'000).empty());
    const auto article = get_article(db, told, false);
    EXPECT_GT(article->change, change);
    EXPECT_EQ(article->sources.at(0).wayback.state, "archived");
    EXPECT_EQ(article->sources.at(0).wayback.digest, "DIGEST");
    EXPECT_EQ(article->sources.at(0).wayback.next_check_at, std::nullopt);
    EXPECT_EQ(read_status(db, at(9)).sources_wayback.at("archived"), 1);
    auto untold = untold_snapshots(db, 0, source);
    ASSERT_EQ(untold.size(), 2u);
    EXPECT_FALSE(untold[0].silent);
    EXPECT_TRUE(untold[1].silent);
    mark_told(db, untold[0]);
    EXPECT_EQ(untold_snapshots(db, 0, source).size(), 1u);
    EXPECT_TRUE(untold_snapshots(db, told, 0).empty());
    EXPECT_EQ(untold_snapshots(db, silent, 0).size(), 1u);
    look_up_now(db, source, at(20)); // as after a save
    EXPECT_THAT(due(20), ElementsAre(weixin));
}

TEST_F(WaybackTest, CopiesInOtherArchivesStayWithTheirSource) {
    const auto article = sample(1);
    const auto id = insert_article(db, article);
    auto revision = reading(article, "文");
    revision.content.sources = {{weixin, weixin, "号", "weixin"},
                                {"https://example.org/b", "https://example.org/b", "乙", "web"}};
    revision.content.alternates = {
        {"https://archive.ph/W29ZN", "archive_today", std::nullopt},
        {"https://archive.ph/o/x/" + weixin, "archive_today", weixin},
        {"https://archive.ph/o/x/y", "archive_today", "https://example.org/other"}};
    add_revision(db, id, revision);
    auto sources = get_article(db, id, false)->sources;
    ASSERT_EQ(sources.at(0).alternates.size(), 1u); // of two sources nobody knows whose the short one is
    EXPECT_EQ(sources.at(0).alternates[0].url, "https://archive.ph/o/x/" + weixin);
    EXPECT_TRUE(sources.at(1).alternates.empty());
    revision.content.sources.pop_back();
    revision.content.sha256 = std::string(64, 'b');
    add_revision(db, id, revision);
    revision.content.alternates.clear(); // the link is gone again, the copy is not
    revision.content.sha256 = std::string(64, 'c');
    add_revision(db, id, revision);
    EXPECT_EQ(get_article(db, id, false)->sources.at(0).alternates.size(), 2u);
}

TEST_F(WaybackTest, VerdictsAreKeptByDigest) {
    put(1, weixin, weixin);
    const auto source = find_sought(db, weixin)->id;
    save_verdicts(db, source, {{"A", {"notice", "gone", std::nullopt}}});
    save_verdicts(db, source, {{"A", {"content", "", std::nullopt}}, {"B", {"unclear", "", std::nullopt}}});
    const auto verdicts = find_sought(db, weixin)->verdicts;
    EXPECT_EQ(verdicts.size(), 2u);
    EXPECT_EQ(verdicts.at("A").kind, "content");
}

TEST_F(WaybackTest, APutOffLookUpDoesNotCount) {
    const auto article = put(1, weixin, weixin);
    look_up_sources_of(db, article, at(5));
    auto job = due_jobs(db, "resolve_source", at(5), 1).at(0);
    const auto source = find_sought(db, weixin)->id;
    put_off_look_up(db, job.id, source, at(50), "429");
    EXPECT_TRUE(due(49).empty());
    job = due_jobs(db, "resolve_source", at(50), 1).at(0);
    EXPECT_EQ(job.attempts, 0);
    EXPECT_EQ(job.last_error, "429");
    schedule_look_up(db, job.id, source, at(90));
    EXPECT_EQ(due_jobs(db, "resolve_source", at(90), 1).at(0).attempts, 1);
    EXPECT_EQ(get_article(db, article, false)->sources.at(0).wayback.next_check_at, at(90));
}

TEST_F(WaybackTest, ThePaceOfAHostIsKept) {
    EXPECT_EQ(find_pace(db, host, "cdx").host, model::HostPace{});
    EXPECT_EQ(find_pace(db, host, "cdx").last_start, std::nullopt);
    const model::HostPace pace{at(70), "429", 2, 1, 4, at(9)};
    save_host_pace(db, host, pace);
    save_start(db, host, "cdx", at(9));
    EXPECT_EQ(find_pace(db, host, "cdx").host, pace);
    EXPECT_EQ(find_pace(db, host, "cdx").last_start, at(9));
    EXPECT_EQ(find_pace(db, host, "replay").last_start, std::nullopt);
    EXPECT_THAT(hosts_in_flight(db), ElementsAre(host));
    EXPECT_EQ(closed_until(db, host, at(69)), at(70));
    EXPECT_EQ(closed_until(db, host, at(70)), std::nullopt);
    save_pause(db, {host, at(99), "an image of theirs was refused"});
    EXPECT_EQ(closed_until(db, host, at(69)), at(99));
    EXPECT_EQ(closed_until(db, "https://archive.org:443", at(69)), std::nullopt);
}

class SavesTest : public StoreTest {
  protected:
    std::int64_t add(const std::string& url, std::int64_t known_at) {
        Save save;
        save.url = url;
        save.known_at = at(known_at);
        add_save(db, save, at(now));
        return find_save_of(db, url)->id;
    }
    std::vector<std::string> due(int limit = 10, int concurrent = 10) {
        std::vector<std::string> urls;
        for (const auto& save : due_saves(db, at(now), limit, concurrent))
            urls.push_back(save.url);
        return urls;
    }
    void become(std::int64_t id, model::SaveJob::State state, std::int64_t due_at) {
        auto save = *find_save(db, id);
        save.job.state = state;
        save.job.due = at(due_at);
        store_save(db, save, at(now));
    }
    std::int64_t now = 1'000'000;
};

TEST_F(SavesTest, TheYoungGoFirstAndAHoldKeepsTheOthers) {
    add("old", 1), add("young", now - 60), add("older", 0);
    add("young", 0); // known already
    EXPECT_THAT(due(), ElementsAre("young", "old", "older"));
    hold_saves(db, false, at(now + 50), "nine tenths of the day's captures are used up");
    EXPECT_THAT(due(), ElementsAre("young"));
    EXPECT_EQ(next_save_due(db, at(now)), at(now + 50));
    hold_saves(db, true, at(now + 30), "the day's captures are used up");
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(next_save_due(db, at(now)), at(now + 30));
    ASSERT_EQ(read_status(db, at(now)).paused.size(), 2u);
    EXPECT_EQ(read_status(db, at(now)).paused[1].reason, "the day's captures are used up");
    now += 50;
    EXPECT_EQ(due().size(), 3u);
}

TEST_F(SavesTest, NoMoreThanSoManyAreOpen) {
    using State = model::SaveJob::State;
    const auto a = add("a", now), b = add("b", now), c = add("c", now);
    EXPECT_EQ(due(10, 2).size(), 2u);
    become(a, State::submitting, now + 600);
    EXPECT_THAT(due(10, 2), ElementsAre("b"));
    become(b, State::submitted, now);
    EXPECT_THAT(due(10, 2), ElementsAre("b")); // it is asked about
    EXPECT_EQ(saves_on_their_way(db).at(0).id, a);
    become(a, State::captured, now + 600);
    EXPECT_THAT(due(10, 2), ElementsAre("b", "c"));
    become(c, State::failed, now + 900);
    EXPECT_THAT(due(10, 2), ElementsAre("b"));
    now += 900;
    EXPECT_THAT(due(10, 2), ElementsAre("b", "a", "c")); // failed ones come again, by the long schedule
    EXPECT_EQ(read_status(db, at(now)).queue.at("save_page").waiting, 3);
}

TEST_F(SavesTest, SubmissionsAreCountedByDay) {
    EXPECT_EQ(used_of_day(db, "2026-11-28"), 0);
    count_submission(db, "2026-11-28");
    count_submission(db, "2026-11-28");
    count_submission(db, "2026-11-29");
    EXPECT_EQ(used_of_day(db, "2026-11-28"), 2);
    note_server_count(db, "2026-11-28", 1); // it lags
    EXPECT_EQ(used_of_day(db, "2026-11-28"), 2);
    note_server_count(db, "2026-11-28", 9); // seven are others'
    EXPECT_EQ(used_of_day(db, "2026-11-28"), 9);
    count_submission(db, "2026-11-28");
    note_server_count(db, "2026-11-28", 9);
    EXPECT_EQ(used_of_day(db, "2026-11-28"), 10);
    note_server_count(db, "2026-11-30", 4);
    EXPECT_EQ(used_of_day(db, "2026-11-30"), 4);
}

} // namespace
} // namespace cdtd::store
