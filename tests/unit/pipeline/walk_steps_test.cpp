// The way through older pages against a publisher in memory: pages of a list that changes under our feet.
#include <cdtd/feed/pages.hpp>
#include <cdtd/pipeline/walk_steps.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace cdtd::pipeline {
namespace {

using namespace std::chrono_literals;

const base::Time start{std::chrono::sys_days{std::chrono::year(2026) / 11 / 24}};
const std::string url = "https://example.org/feed/";

base::Time published(int number) {
    return start - 1000h + std::chrono::hours(number);
}

/// Posts by number, newest first, so many a page.
struct Publisher {
    std::vector<int> posts;
    std::size_t per_page = 5;

    std::vector<int> page(int number) const {
        std::vector<int> found;
        const std::size_t first = static_cast<std::size_t>(number - 1) * per_page;
        for (std::size_t i = first; i < std::min(first + per_page, posts.size()); ++i)
            found.push_back(posts[i]);
        return found;
    }
    void publish(int number) { posts.insert(posts.begin(), number); }
    void remove(int number) { std::erase(posts, number); }
};

Publisher publisher_of(int newest) {
    Publisher publisher;
    for (int number = newest; number > 0; --number)
        publisher.posts.push_back(number);
    return publisher;
}

/// What we know, and the walk that asks.
struct Reader {
    std::set<int> before; ///< known when the walk began
    std::set<int> held;
    std::vector<std::string> asked;

    PageRead read(const std::vector<int>& posts) {
        PageRead page;
        for (const int number : posts) {
            page.entries.push_back({before.contains(number), held.contains(number), published(number)});
            page.digest += std::to_string(number) + " ";
        }
        held.insert(posts.begin(), posts.end());
        return page;
    }

    void step(model::Walk& walk, const Publisher& publisher) {
        const std::string asking = page_to_ask(walk).url;
        asked.push_back(asking.substr(asking.find('=') + 1));
        const auto posts = publisher.page(std::stoi(asked.back()));
        if (posts.empty())
            return past_the_end(walk);
        const PageRead page = read(posts);
        if (repeats_document(walk, page))
            return past_the_end(walk);
        took_page(walk, page);
    }
};

Reader reader_of(int known) {
    Reader reader;
    for (int number = 1; number <= known; ++number)
        reader.before.insert(number);
    reader.held = reader.before;
    return reader;
}

model::FeedState feed_state() {
    model::FeedState state;
    state.url = url;
    return state;
}

model::Walk gap(Reader& reader, const Publisher& publisher) {
    const PageRead document = reader.read(publisher.page(1));
    return *begin_gap(feed_state(), true, document.digest, published(*reader.before.rbegin()), start);
}

TEST(Walk, a_gap_is_walked_until_what_is_known) {
    const Publisher publisher = publisher_of(40);
    Reader reader = reader_of(20);
    model::Walk walk = gap(reader, publisher);
    while (walk.state == model::WalkState::walking && reader.asked.size() < 50)
        reader.step(walk, publisher);
    EXPECT_EQ(walk.state, model::WalkState::done);
    EXPECT_EQ(reader.held.size(), 40u);
    EXPECT_EQ(reader.asked.back(), "5") << "the page behind the border is read, and found to be known";
    EXPECT_EQ(std::ranges::count(reader.asked, "2"), 2) << "looked at again after page 3";
}

TEST(Walk, posts_that_come_meanwhile_make_pages_overlap) {
    Publisher publisher = publisher_of(40);
    Reader reader = reader_of(20);
    model::Walk walk = gap(reader, publisher);
    for (int next = 41; walk.state == model::WalkState::walking && next < 80; ++next) {
        reader.step(walk, publisher);
        publisher.publish(next);
    }
    for (int number = 1; number <= 40; ++number)
        EXPECT_TRUE(reader.held.contains(number)) << number;
}

TEST(Walk, posts_that_are_removed_meanwhile_hide_none) {
    for (int removed = 36; removed <= 40; ++removed)
        for (int after = 1; after <= 3; ++after) {
            Publisher publisher = publisher_of(40);
            Reader reader = reader_of(20);
            model::Walk walk = gap(reader, publisher);
            for (int step = 1; walk.state == model::WalkState::walking && step < 50; ++step) {
                reader.step(walk, publisher);
                if (step == after)
                    publisher.remove(removed);
            }
            reader.read(publisher.page(1)); // the next poll
            EXPECT_EQ(walk.state, model::WalkState::done);
            EXPECT_EQ(reader.held.size(), 40u) << removed << " removed after step " << after;
        }
}

TEST(Walk, past_the_end_is_an_end) {
    const Publisher publisher = publisher_of(12);
    Reader reader; // nothing that we knew is left
    reader.before = {9000};
    model::Walk walk =
        *begin_gap(feed_state(), true, reader.read(publisher.page(1)).digest, published(0), start);
    while (walk.state == model::WalkState::walking && reader.asked.size() < 50)
        reader.step(walk, publisher);
    EXPECT_EQ(walk.state, model::WalkState::done);
    EXPECT_EQ(reader.held.size(), 12u);
}

TEST(Walk, a_server_that_does_not_know_pages_is_seen_at_once) {
    const Publisher publisher = publisher_of(40);
    Reader reader = reader_of(20);
    const model::Walk walk = gap(reader, publisher);
    PageRead again = reader.read(publisher.page(1));
    EXPECT_TRUE(repeats_document(walk, again));
    again.digest = "more " + again.digest;
    EXPECT_FALSE(repeats_document(walk, again));
    EXPECT_FALSE(begin_gap(feed_state(), false, "", {}, start)) << "and not asked again";
}

TEST(Walk, links_go_before_numbers_and_their_end_is_the_end) {
    model::FeedState state = feed_state();
    state.older_url = "https://example.org/archive/7";
    model::Walk walk = *begin_gap(state, false, "", published(5), start);
    EXPECT_EQ(page_to_ask(walk).url, "https://example.org/archive/7");
    PageRead page;
    page.entries = {{false, true, published(9)}};
    page.older_url = "https://example.org/archive/6";
    page.digest = "seven";
    took_page(walk, page);
    EXPECT_EQ(page_to_ask(walk).url, "https://example.org/archive/6");
    page.older_url = "https://example.org/archive/6"; // leads back to itself
    took_page(walk, page);
    EXPECT_EQ(walk.state, model::WalkState::done);
}

TEST(Walk, pages_that_come_again_lead_nowhere) {
    model::FeedState state = feed_state();
    state.older_url = "https://example.org/a";
    model::Walk walk = *begin_gap(state, false, "document", published(5), start);
    int pages = 0;
    for (; walk.state == model::WalkState::walking && pages < 50; ++pages) {
        PageRead page;
        page.entries = {{false, true, published(9)}};
        page.digest = pages % 2 == 0 ? "a" : "b";
        page.older_url = pages % 2 == 0 ? "https://example.org/b" : "https://example.org/a";
        took_page(walk, page);
    }
    EXPECT_EQ(pages, 4) << "twice round";

    // But one that comes again may be the page before, moved down by as many new posts as a page holds.
    walk = *begin_gap(feed_state(), true, "document", published(5), start);
    for (const char* digest : {"two", "three", "three", "four", "five", "five", "six"}) {
        PageRead page;
        page.entries = {{false, true, published(9)}};
        page.digest = digest;
        took_page(walk, page);
        EXPECT_EQ(walk.state, model::WalkState::walking);
    }
}

TEST(Walk, a_second_gap_goes_back_to_what_the_first_one_looked_for) {
    model::FeedState state = feed_state();
    state.walks = {*begin_gap(state, true, "a", published(5), start)};
    const auto again = begin_gap(state, true, "b", published(90), start + 10h);
    EXPECT_EQ(again->started_at, start) << "what came since does not count as known";
    EXPECT_EQ(again->until, published(5));
    EXPECT_EQ(again->page, 2);
    state.walks.front().state = model::WalkState::done;
    EXPECT_EQ(begin_gap(state, true, "b", published(90), start + 10h)->started_at, start + 10h);
}

TEST(Walk, a_backfill_ends_at_its_pages_or_its_date) {
    const Publisher publisher = publisher_of(100);
    Reader reader;
    model::Walk pages = begin_backfill(feed_state(), {3, std::nullopt}, start);
    while (pages.state == model::WalkState::walking)
        reader.step(pages, publisher);
    EXPECT_EQ(reader.held.size(), 15u) << "three older pages; the feed's own document is not among them";
    EXPECT_EQ(*reader.held.begin(), 81);

    Reader dated;
    model::Walk until = begin_backfill(feed_state(), {std::nullopt, published(79)}, start);
    while (until.state == model::WalkState::walking)
        dated.step(until, publisher);
    EXPECT_TRUE(dated.held.contains(79));
    EXPECT_FALSE(dated.held.contains(70));
}

TEST(Walk, a_backfill_that_is_under_way_goes_on_where_it_is) {
    model::FeedState state = feed_state();
    model::Walk walk = begin_backfill(state, {9, std::nullopt}, start);
    walk.page = 6;
    walk.next = feed::paged_url(url, 6);
    state.walks = {walk};
    EXPECT_EQ(begin_backfill(state, {20, std::nullopt}, start).page, 6);
    EXPECT_EQ(begin_backfill(state, {20, std::nullopt}, start).last_page, 21);
    state.walks.front().state = model::WalkState::done;
    EXPECT_EQ(begin_backfill(state, {20, std::nullopt}, start).page, 2);
}

TEST(Walk, failures_wait_longer_and_longer_and_are_given_up_in_the_end) {
    model::Walk walk = *begin_gap(feed_state(), true, "", {}, start);
    failed(walk, "no", start, std::nullopt);
    EXPECT_EQ(walk.due_at, start + 1min);
    failed(walk, "no", start, start + 5h);
    EXPECT_EQ(walk.due_at, start + 5h) << "Retry-After";
    PageRead page;
    page.entries = {{false, true, start}};
    took_page(walk, page);
    EXPECT_EQ(walk.attempts, 0);
    for (int i = 0; i < 20; ++i)
        failed(walk, "no", start, std::nullopt);
    EXPECT_EQ(walk.state, model::WalkState::failed);
    EXPECT_EQ(walk.last_error, "no");
}

} // namespace
} // namespace cdtd::pipeline
