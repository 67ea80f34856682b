#include "unit/store/fixture.hpp"

#include <cdtd/store/feeds.hpp>
#include <cdtd/store/walks.hpp>

namespace cdtd::store {
namespace {

class WalksTest : public StoreTest {
  protected:
    WalksTest() {
        sync_feeds(db, {{"a", "https://a.example/feed/", true}, {"b", "https://b.example/feed/", true}});
        a = find_feed(db, "a")->id;
        b = find_feed(db, "b")->id;
    }

    static model::Walk walk(model::WalkKind kind, base::Time due_at) {
        model::Walk walk;
        walk.kind = kind;
        walk.started_at = at(10);
        walk.due_at = due_at;
        walk.next = "https://a.example/feed/?paged=2";
        walk.last = {"https://a.example/feed/?paged=1", {"\"e\"", std::nullopt}};
        walk.seen = {"one"};
        walk.until = at(5);
        return walk;
    }

    std::int64_t a = 0, b = 0;
};

TEST_F(WalksTest, come_back_as_they_were_and_stand_beside_their_feed) {
    model::Walk gap = walk(model::WalkKind::gap, at(20));
    gap.again = {"https://a.example/feed/?paged=0", {std::nullopt, "yesterday"}};
    gap.last_page = 7;
    gap.found = 3;
    gap.attempts = 2;
    gap.last_error = "no";
    save_walk(db, a, gap);
    const auto state = *find_feed(db, "a");
    ASSERT_EQ(state.walks.size(), 1u);
    const model::Walk& read = state.walks.front();
    EXPECT_EQ(read.next, gap.next);
    EXPECT_EQ(read.last.validators.etag, "\"e\"");
    EXPECT_EQ(read.again.url, gap.again.url);
    EXPECT_EQ(read.again.validators.last_modified, "yesterday");
    EXPECT_EQ(read.seen, gap.seen);
    EXPECT_EQ(read.until, gap.until);
    EXPECT_EQ(read.last_page, 7);
    EXPECT_EQ(read.found, 3);
    EXPECT_EQ(read.attempts, 2);
    EXPECT_EQ(read.last_error, "no");
}

TEST_F(WalksTest, the_gap_of_a_feed_goes_before_its_backfill) {
    save_walk(db, a, walk(model::WalkKind::backfill, at(1)));
    save_walk(db, a, walk(model::WalkKind::gap, at(2)));
    save_walk(db, b, walk(model::WalkKind::backfill, at(3)));
    const auto due = due_walks(db, at(100), 10);
    ASSERT_EQ(due.size(), 2u);
    EXPECT_EQ(due[0].walk.kind, model::WalkKind::gap);
    EXPECT_EQ(due[1].name, "b");
    EXPECT_TRUE(due_walks(db, at(0), 10).empty());
    EXPECT_EQ(due_walks(db, at(1), 10).size(), 1u) << "while the gap waits the backfill goes on";
    EXPECT_EQ(next_due_walk(db, at(2)), at(3));
    sync_feeds(db, {{"a", "https://a.example/feed/", false}, {"b", "https://b.example/feed/", true}});
    EXPECT_EQ(due_walks(db, at(100), 10).size(), 1u) << "of enabled feeds";
}

TEST_F(WalksTest, a_step_does_not_undo_a_walk_that_was_begun_anew_meanwhile) {
    const model::Walk before = walk(model::WalkKind::gap, at(20));
    save_walk(db, a, before);
    model::Walk after = before;
    after.page = 3;
    move_walk(db, a, before, after);
    EXPECT_EQ(find_walk(db, a, model::WalkKind::gap)->page, 3);
    model::Walk anew = walk(model::WalkKind::gap, at(30));
    anew.seen = {"another document"};
    save_walk(db, a, anew);
    model::Walk later = after;
    later.page = 4;
    move_walk(db, a, after, later);
    EXPECT_EQ(find_walk(db, a, model::WalkKind::gap)->page, 2);
}

TEST_F(WalksTest, another_url_ends_what_was_under_way_at_the_old_one) {
    save_walk(db, a, walk(model::WalkKind::gap, at(20)));
    model::FeedState old = *find_feed(db, "a");
    sync_feeds(db, {{"a", "https://new.example/feed/", true}, {"b", "https://b.example/feed/", true}});
    move_walk(db, a, old.walks.front(), old.walks.front());
    EXPECT_FALSE(find_walk(db, a, model::WalkKind::gap));
    old.validators.etag = "\"of the old one\"";
    save_feed(db, old); // a poll that was under way
    EXPECT_EQ(find_feed(db, "a")->url, "https://new.example/feed/");
    EXPECT_FALSE(find_feed(db, "a")->validators.etag);
}

TEST_F(WalksTest, the_configuration_may_follow_a_move) {
    model::FeedState moved = *find_feed(db, "a");
    moved.former_urls = {moved.url};
    moved.url = "https://new.example/feed/";
    moved.validators.etag = "\"kept\"";
    save_feed(db, moved);
    sync_feeds(db, {{"a", "https://new.example/feed/", true}});
    const auto state = *find_feed(db, "a");
    EXPECT_EQ(state.configured_url, "https://new.example/feed/");
    EXPECT_EQ(state.validators.etag, "\"kept\"");
    EXPECT_EQ(state.former_urls.size(), 1u);
}

TEST_F(WalksTest, pages_that_lead_nowhere_are_remembered) {
    EXPECT_TRUE(is_paged(db, a));
    set_unpaged(db, a);
    EXPECT_FALSE(is_paged(db, a));
    EXPECT_TRUE(is_paged(db, b));
    sync_feeds(db, {{"a", "https://new.example/feed/", true}});
    EXPECT_TRUE(is_paged(db, a)) << "of another address nothing is known";
}

} // namespace
} // namespace cdtd::store
