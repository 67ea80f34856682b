// Feeds, captures, jobs, status and lookups.
#include "unit/store/fixture.hpp"

#include <cdtd/store/captures.hpp>
#include <cdtd/store/endpoints.hpp>
#include <cdtd/store/events.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/jobs.hpp>
#include <cdtd/store/lookup.hpp>
#include <cdtd/store/status.hpp>

namespace cdtd::store {
namespace {

class Aggregates : public StoreTest {
  protected:
    std::int64_t capture(const std::string& url, int status, std::int64_t when, std::int64_t offset = 0,
                         const char* kind = "page") {
        model::Capture made;
        made.url = url;
        made.at = at(when);
        made.kind = kind;
        made.status = status;
        made.type = "text/html";
        made.bytes = 10;
        made.sha256 = "aa";
        made.payload_sha1 = "sha1:BB";
        made.warc = "cdtd-1.warc.gz";
        made.offset = offset;
        made.length = 100;
        return insert_capture(db, made);
    }
};

TEST_F(Aggregates, APayloadIsFoundWhereItIsHeldFirst) {
    const auto first = capture("https://example.org/a", 200, 1);
    auto again = get_capture(db, first).value();
    EXPECT_EQ(again.group_offset, std::nullopt);
    again.original = first;
    again.record_id = "<urn:uuid:1>";
    again.group_offset = 500;
    again.truncated = "length";
    const auto revisit = get_capture(db, insert_capture(db, again)).value();
    EXPECT_EQ(revisit.original, first);
    EXPECT_EQ(revisit.record_id, "<urn:uuid:1>");
    EXPECT_EQ(revisit.group_offset, 500);
    EXPECT_EQ(revisit.truncated, "length");
    ASSERT_TRUE(find_payload(db, "sha1:BB", "aa", 10));
    EXPECT_EQ(find_payload(db, "sha1:BB", "aa", 10)->id, first);
    EXPECT_FALSE(find_payload(db, "sha1:BB", "ab", 10)); // sha-1 alone is no proof any more
    EXPECT_FALSE(find_payload(db, "sha1:BB", "aa", 11));
}

TEST_F(Aggregates, FeedsFollowTheConfigurationAndKeepTheirState) {
    sync_feeds(db, {{"b", "https://b.example/", true}, {"a", "https://a.example/", true}});
    ASSERT_EQ(list_feeds(db).size(), 2U);
    auto feed = list_feeds(db)[0];
    EXPECT_EQ(feed.name, "a");
    EXPECT_EQ(feed.state, model::FeedHealth::fresh);
    feed.state = model::FeedHealth::ok;
    feed.title = "标题";
    feed.last_poll_at = at(5);
    feed.last_status = 200;
    feed.last_error = std::string(2000, 'e');
    feed.next_poll_at = at(9);
    feed.allowed_at = at(7);
    feed.bounds = {{"max-age", "60", "response", at(9), true}};
    feed.validators = {"W/\"x\"", "Mon"};
    feed.last_entry_count = 20;
    feed.polled = true;
    save_feed(db, feed);
    auto got = find_feed(db, "a").value();
    EXPECT_EQ(got.title, "标题");
    EXPECT_EQ(got.last_status, 200);
    EXPECT_EQ(got.last_error->size(), 600U);
    ASSERT_EQ(got.bounds.size(), 1U);
    EXPECT_EQ(got.bounds[0].until, at(9));
    EXPECT_TRUE(got.bounds[0].won);
    EXPECT_EQ(got.validators.etag, "W/\"x\"");
    EXPECT_EQ(got.allowed_at, at(7));
    EXPECT_TRUE(got.polled);
    sync_feeds(db, {{"a", "https://a.example/", false}});
    EXPECT_EQ(list_feeds(db).size(), 1U);
    EXPECT_FALSE(find_feed(db, "a")->enabled);
    EXPECT_EQ(find_feed(db, "a")->validators.last_modified, "Mon");
    EXPECT_EQ(find_feed(db, "b"), std::nullopt);
    sync_feeds(db, {{"a", "https://elsewhere.example/", true}});
    EXPECT_EQ(find_feed(db, "a")->validators.etag, std::nullopt);
    EXPECT_EQ(find_feed(db, "a")->next_poll_at, std::nullopt);
    EXPECT_TRUE(find_feed(db, "a")->polled);
}

TEST_F(Aggregates, CapturesAreFoundByAnyFormOfTheirUrl) {
    capture("https://www.example.org/a?utm_source=x", 200, 1);
    const auto newest = capture("http://example.org/a", 200, 2, 120);
    capture("https://example.org/a", 403, 3, 240);
    const auto found = find_capture(db, "https://example.org/a#top");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, newest);
    EXPECT_EQ(found->warc, "cdtd-1.warc.gz");
    EXPECT_EQ(found->offset, 120);
    EXPECT_EQ(captures_of_url(db, "https://example.org/a").size(), 3U);
    EXPECT_EQ(captures_of_url(db, "https://example.org/a")[0].status, 403);
    EXPECT_EQ(find_capture(db, "https://example.org/b"), std::nullopt);
    const auto files = warc_files(db);
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].end, 340);
}

TEST_F(Aggregates, ImagesAreSettledWhenNoneIsOpen) {
    const auto id = insert_article(db, sample(1));
    EXPECT_TRUE(images_settled(db, id));
    add_revision(db, id, reading(sample(1), "x"));
    EXPECT_FALSE(images_settled(db, id));
    const auto held = capture("https://example.org/a.png", 200, 1);
    set_image(db, id, "https://example.org/a.png", held, std::nullopt);
    EXPECT_FALSE(images_settled(db, id));
    set_image(db, id, "https://example.org/b.png", std::nullopt, "404");
    EXPECT_TRUE(images_settled(db, id));
    const auto page = capture("https://chinadigitaltimes.net/chinese/1.html", 200, 2);
    link_capture(db, id, page);
    link_capture(db, id, page);
    EXPECT_EQ(get_article(db, id, true)->captures.size(), 2U);
}

TEST_F(Aggregates, AnImageThatComesBackIsHeldAlready) {
    const auto id = insert_article(db, sample(1));
    add_revision(db, id, reading(sample(1), "x"));
    const auto held = capture("https://example.org/a.png", 200, 1, 0, "image");
    link_capture(db, id, held);
    set_image(db, id, "https://example.org/a.png", held, std::nullopt);
    auto without = reading(sample(1), "y");
    without.content.images = {"https://example.org/b.png"};
    add_revision(db, id, without);
    add_revision(db, id, reading(sample(1), "z"));
    const auto images = get_article(db, id, true)->images;
    ASSERT_EQ(images.size(), 2U);
    EXPECT_EQ(images[0].capture, held);
    EXPECT_EQ(images[1].capture, std::nullopt);
}

TEST_F(Aggregates, JobsAreQueuedOnceAndComeWhenDue) {
    const Job job{0, "capture", "image", 3, "https://a.example/i", at(10), 0, std::nullopt};
    add_job(db, job);
    add_job(db, job);
    auto other = job;
    other.url += "2";
    other.due_at = at(5);
    add_job(db, other);
    EXPECT_TRUE(due_jobs(db, "capture", at(4), 9).empty());
    EXPECT_TRUE(due_jobs(db, "watch_source", at(99), 9).empty());
    const auto due = due_jobs(db, "capture", at(10), 9);
    ASSERT_EQ(due.size(), 2U);
    EXPECT_EQ(due[0].url, other.url);
    EXPECT_EQ(due[1].role, "image");
    EXPECT_TRUE(
        due_jobs(db, "capture", at(10), 9, {"https://b.example:443", "https://a.example:443"}).empty());
    EXPECT_EQ(due_jobs(db, "capture", at(10), 9, {"https://a.example:8443", "http://a.example:80"}).size(),
              2U);
    EXPECT_EQ(next_due(db, "capture", at(5)), at(10));
    EXPECT_EQ(next_due(db, "capture", at(10)), std::nullopt);
    EXPECT_TRUE(has_untried_jobs(db, 3, "capture"));
    postpone_job(db, due[0].id, at(60), "no");
    finish_job(db, due[1].id);
    EXPECT_FALSE(has_untried_jobs(db, 3, "capture"));
    EXPECT_EQ(due_jobs(db, "capture", at(60), 9).at(0).attempts, 1);
    EXPECT_EQ(due_jobs(db, "capture", at(60), 9).at(0).last_error, "no");
}

TEST_F(Aggregates, StatusCountsByState) {
    sync_feeds(db, {{"a", "https://a.example/", true}, {"b", "https://b.example/", false}});
    sync_endpoints(db, {{.name = "one"}});
    const auto a = insert_article(db, sample(1)), b = insert_article(db, sample(2));
    add_revision(db, a, reading(sample(1), "x"));
    set_state(db, a, model::ArticleState::archived, at(1));
    set_censored(db, b, at(1));
    capture("https://a.example/1", 200, 1);
    add_event(db, {0, "", "article.new", at(50), "{}", a}, {"one"});
    add_job(db, {0, "capture", "page", a, "https://a.example/1", at(10), 0, std::nullopt});
    add_job(db, {0, "capture", "page", b, "https://a.example/2", at(500), 0, std::nullopt});
    save_pause(db, {"https://slow.example:443", at(300), "429"});
    save_pause(db, {"https://slow.example:443", at(200), "sooner"});
    save_pause(db, {"https://past.example:443", at(20), "over"});
    const auto status = read_status(db, at(100));
    EXPECT_EQ(status.schema, newest_schema());
    EXPECT_EQ(status.feeds_total, 2);
    EXPECT_EQ(status.feeds_enabled, 1);
    const std::map<std::string, std::int64_t> articles = {{"total", 2},    {"seen", 1},   {"stored", 0},
                                                          {"archived", 1}, {"failed", 0}, {"gone", 0},
                                                          {"censored", 1}};
    EXPECT_EQ(status.articles, articles);
    EXPECT_EQ(status.sources_total, 3);
    EXPECT_EQ(status.sources_wayback.at("unchecked"), 3);
    EXPECT_EQ(status.sources_liveness.at("deleted"), 0);
    EXPECT_EQ(status.captures_total, 1);
    EXPECT_EQ(status.captures_bytes, 10);
    EXPECT_EQ(status.events, 1);
    EXPECT_EQ(status.queue.at("capture").waiting, 2);
    EXPECT_EQ(status.queue.at("capture").due, 1);
    EXPECT_EQ(status.queue.at("capture").oldest_due_at, at(10));
    EXPECT_EQ(status.queue.at("resolve_source").waiting, 0);
    EXPECT_EQ(status.queue.at("deliver").due, 1);
    EXPECT_EQ(status.endpoints.at(0).waiting, 1);
    ASSERT_EQ(status.paused.size(), 1U);
    EXPECT_EQ(status.paused[0].until, at(300));
    EXPECT_EQ(status.paused[0].reason, "429");
}

TEST_F(Aggregates, AnythingWeKnowIsLookedUp) {
    const auto id = insert_article(db, sample(1));
    add_keys(db, id, {{"post", "chinadigitaltimes.net/chinese#1"}, {"link", "https://old.example/1"}});
    auto revision = reading(sample(1), "x");
    revision.capture = capture("https://chinadigitaltimes.net/chinese/feed", 200, 5);
    add_revision(db, id, revision);
    const auto other = insert_article(db, sample(2));
    add_revision(db, other, reading(sample(2), "x"));
    const std::tuple<std::string, std::string, std::size_t> cases[] = {
        {"https://chinadigitaltimes.net/chinese/1.html", "article", 0},
        {"https://chinadigitaltimes.net/chinese/?p=1", "article", 0},
        {"https://old.example/1", "article", 0},
        {"https://mp.weixin.qq.com/s/AbC", "source", 2},
        {"https://archive.ph/W29ZN", "source", 2},
        {"https://example.org/a.png", "image", 2},
        {"https://nobody.example/", "unknown", 0}};
    for (const auto& [url, kind, citations] : cases) {
        const auto found = look_up(db, url, url);
        EXPECT_EQ(found.kind, kind) << url;
        EXPECT_EQ(found.cited_by.size(), citations) << url;
        EXPECT_EQ(found.article.has_value(), kind == "article") << url;
        EXPECT_EQ(found.source.has_value(), kind == "source") << url;
    }
    EXPECT_EQ(look_up(db, std::get<0>(cases[0]), std::get<0>(cases[0])).captures.size(), 1U);
    const auto source = look_up(db, "https://mp.weixin.qq.com/s/AbC", "https://mp.weixin.qq.com/s/AbC");
    EXPECT_EQ(source.cited_by[0].id, other);
    EXPECT_EQ(source.source->name, "号");
    EXPECT_EQ(find_by_reference(db, std::to_string(id)), id);
    EXPECT_EQ(find_by_reference(db, "  https://chinadigitaltimes.net/chinese/1.html "), id);
    EXPECT_EQ(find_by_reference(db, "https://old.example/1"), id);
    for (const char* unknown : {"", "0", "-1", "99999999999999999999999", "nothing", "1x"})
        EXPECT_EQ(find_by_reference(db, unknown), std::nullopt) << unknown;
}

TEST_F(Aggregates, FactsAreReplaced) {
    EXPECT_EQ(get_fact(db, "clean_stop"), std::nullopt);
    set_fact(db, "clean_stop", "0");
    set_fact(db, "clean_stop", "1");
    EXPECT_EQ(get_fact(db, "clean_stop"), "1");
}

} // namespace
} // namespace cdtd::store
