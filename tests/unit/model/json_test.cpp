#include <cdtd/model/json.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace cdtd::model {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

base::Time at(std::int64_t seconds) {
    return base::Time(std::chrono::seconds(seconds));
}

std::vector<std::string> keys(const json::object& object) {
    std::vector<std::string> names;
    for (const auto& member : object)
        names.emplace_back(member.key());
    return names;
}

using Keys = std::vector<std::string>;

Article article() {
    Article a;
    a.id = 17;
    a.url = "https://example.org/chinese/17.html";
    a.guid = "https://example.org/chinese/?p=17";
    a.title = {"【404文库】某报｜标题", {"404文库"}, "某报", "标题"};
    a.feeds = {"cdt-chinese"};
    a.published_at = at(1'737'546'740);
    a.revision = 2;
    a.state = ArticleState::stored;
    a.card = Card{.title = "原题",
                  .author = {},
                  .published_on = "2025-01-22",
                  .submitter = {},
                  .censored_on = {},
                  .topics = {"人工智能"},
                  .collections = {},
                  .kind = "reprint",
                  .license = "原作者所有"};
    Source source;
    source.id = 9;
    source.platform = "weixin";
    a.sources = {source};
    a.images = {{"https://example.org/a.", 31, {}}};
    Capture capture;
    capture.id = 30;
    a.captures = {capture};
    a.missing = {{"https://example.org/b.png", "403", at(1)}};
    Revision second;
    second.number = 2;
    second.changed = {"title"};
    second.content.sha256 = "ab";
    a.revisions = {second, Revision{}};
    return a;
}

TEST(Json, ArticleAsInLists) {
    const auto object = to_json(article(), false);
    EXPECT_EQ(keys(object), (Keys{"id",
                                  "url",
                                  "guid",
                                  "site",
                                  "post_id",
                                  "title",
                                  "columns",
                                  "outlet",
                                  "headline",
                                  "author",
                                  "editor",
                                  "language",
                                  "feeds",
                                  "published_at",
                                  "first_seen_at",
                                  "changed_at",
                                  "change",
                                  "revision",
                                  "silent",
                                  "state",
                                  "page",
                                  "censored_at",
                                  "categories",
                                  "excerpt",
                                  "characters",
                                  "content_sha256",
                                  "card",
                                  "sources"}));
    EXPECT_EQ(object.at("title"), "【404文库】某报｜标题");
    EXPECT_EQ(json::serialize(object.at("columns")), "[\"404文库\"]");
    EXPECT_EQ(object.at("published_at"), "2025-01-22T11:52:20.000Z");
    EXPECT_TRUE(object.at("site").is_null());
    EXPECT_TRUE(object.at("post_id").is_null());
    EXPECT_TRUE(object.at("censored_at").is_null());
    EXPECT_EQ(object.at("state"), "stored");
    EXPECT_EQ(json::serialize(object.at("page")), R"({"state":"pending","reason":null,"next_try_at":null})");
}

TEST(Json, ArticleInFull) {
    const auto object = to_json(article(), true);
    EXPECT_EQ(keys(object).at(20), "missing");
    const auto names = keys(object);
    EXPECT_EQ(Keys(names.end() - 4, names.end()), (Keys{"embeds", "related", "captures", "revisions"}));
    EXPECT_EQ(json::serialize(object.at("images")),
              R"([{"url":"https://example.org/a.","capture":31,"error":null}])");
    EXPECT_EQ(
        json::serialize(object.at("missing")),
        R"([{"url":"https://example.org/b.png","reason":"403","next_try_at":"1970-01-01T00:00:01.000Z"}])");
    EXPECT_EQ(keys(object.at("captures").at(0).as_object()),
              (Keys{"id", "url", "at", "status", "type", "bytes", "sha256", "warc", "offset", "length",
                    "original"}));
    const auto& revisions = object.at("revisions").as_array();
    ASSERT_EQ(revisions.size(), 2U);
    EXPECT_EQ(keys(revisions[0].as_object()),
              (Keys{"number", "seen_at", "title", "changed", "content_sha256", "capture"}));
    EXPECT_EQ(revisions[0].at("number"), 2);
    EXPECT_EQ(json::serialize(revisions[0].at("changed")), R"(["title"])");
}

TEST(Json, SourceAndCard) {
    const auto object = to_json(article().sources.at(0));
    EXPECT_EQ(
        json::serialize(object),
        R"({"id":9,"url":null,"name":null,"platform":"weixin","link":null,"wayback":{"state":"unchecked",)"
        R"("reason":null,"snapshot_url":null,"snapshot_at":null,"snapshots":null,"save":null,"checked_at":null,)"
        R"("next_check_at":null,"first_at":null,"newest_url":null,"newest_at":null,"digest":null,)"
        R"("capture":null},"liveness":{"state":"unchecked","reason":null,"since":null,"checked_at":null,)"
        R"("next_check_at":null,"confirmed":false},"held":null,"alternates":[]})");
    Source source = article().sources.at(0);
    source.looks.push_back({at(7), "censored", "violation", "因违规", 200, 31});
    EXPECT_EQ(json::serialize(to_json(source, true).at("looks")),
              R"([{"at":"1970-01-01T00:00:07.000Z","state":"censored","reason":"violation","words":"因违规",)"
              R"("status":200,"capture":31}])");
    const auto card = *article().card;
    const auto written = to_json(card);
    EXPECT_EQ(
        json::serialize(written),
        R"({"title":"原题","author":null,"published_on":"2025-01-22","submitter":null,"censored_on":null,)"
        R"("topics":["人工智能"],"collections":[],"kind":"reprint","license":"原作者所有"})");
    EXPECT_EQ(to_json(card_from_json(written)), written);
    EXPECT_FALSE(card_from_json(json::parse(R"({"title":5,"topics":"x"})").as_object()).title);
    EXPECT_TRUE(to_json(Article{}, false).at("card").is_null());
}

TEST(Json, Feed) {
    FeedState feed;
    feed.name = "cdt-chinese";
    feed.last_error = std::string(599, 'x') + "新闻";
    feed.bounds = {{"interval", "3600", "configuration", at(60), true}};
    feed.validators.etag = "\"W\"";
    const auto object = to_json(feed);
    EXPECT_EQ(keys(object), (Keys{"name",           "url",
                                  "enabled",        "state",
                                  "title",          "last_poll_at",
                                  "last_status",    "last_error",
                                  "error_class",    "consecutive_failures",
                                  "last_change_at", "next_poll_at",
                                  "bounds",         "etag",
                                  "last_modified",  "entries",
                                  "configured_url", "former_urls",
                                  "move",           "cadence",
                                  "stale",          "unusual_silence",
                                  "repairs",        "walks"}));
    EXPECT_EQ(object.at("state"), "new");
    EXPECT_EQ(object.at("last_error").as_string().size(),
              599U); // cut before the character that would not fit
    EXPECT_TRUE(object.at("last_status").is_null());
    EXPECT_EQ(object.at("etag"), "\"W\"");
    feed.validators.etag = "\"\xff\"";
    EXPECT_NO_THROW(json::parse(json::serialize(to_json(feed)))) << "validators are opaque bytes";
    EXPECT_EQ(
        json::serialize(object.at("bounds")),
        R"([{"kind":"interval","value":"3600","origin":"configuration","until":"1970-01-01T00:01:00.000Z","won":true}])");
}

TEST(Json, EventAndDelivery) {
    const Event event{3, "evt_1", "article.new", at(0), R"({"article":{"id":17}})", 17};
    EXPECT_EQ(
        json::serialize(to_json(event)),
        R"({"id":"evt_1","type":"article.new","timestamp":"1970-01-01T00:00:00.000Z","data":{"article":{"id":17}}})");
    EXPECT_THROW(to_json(Event{1, "evt_2", "x", at(0), "{", {}}), std::runtime_error);
    EXPECT_THROW(to_json(Event{1, "evt_3", "x", at(0), "[]", {}}), std::runtime_error);

    Delivery delivery{5, "evt_1", "article.new", "newsroom", DeliveryState::failed, {}, {}, {}, {}};
    delivery.attempts = {{at(1), 503, 12, "busy", {}}};
    EXPECT_EQ(
        json::serialize(to_json(delivery)),
        R"({"id":5,"event_id":"evt_1","type":"article.new","endpoint":"newsroom","state":"failed","attempts":[)"
        R"({"at":"1970-01-01T00:00:01.000Z","status":503,"ms":12,"error":"busy","answer":null}],"next_attempt_at":null,)"
        R"("kind":"event","digest":null})");
}

TEST(Json, Status) {
    Status status;
    status.version = "0.1.0";
    status.articles = {{"total", 5}, {"censored", 1}};
    status.queue = {{"capture", {3, 1, at(2)}}};
    EndpointState endpoint;
    endpoint.name = "newsroom";
    status.endpoints = {endpoint};
    status.paused = {{"https://example.org:443", at(9), "429"}};
    const auto object = to_json(status);
    EXPECT_EQ(keys(object),
              (Keys{"version", "schema", "started_at", "now", "running", "feeds", "articles", "sources",
                    "captures", "events", "queue", "endpoints", "paused", "manifests", "disk", "markdown"}));
    EXPECT_TRUE(object.at("markdown").is_null());
    status.markdown = {"/srv/cdt", 2, "no space"};
    EXPECT_EQ(json::serialize(to_json(status).at("markdown")),
              R"({"folder":"/srv/cdt","waiting":2,"error":"no space"})");
    EXPECT_EQ(json::serialize(object.at("articles")),
              R"({"total":5,"seen":0,"stored":0,"archived":0,"failed":0,"gone":0,"censored":1})");
    EXPECT_EQ(keys(object.at("sources").at("liveness").as_object()),
              (Keys{"alive", "deleted", "censored", "challenged", "unreachable", "unknown", "unchecked"}));
    EXPECT_EQ(keys(object.at("queue").as_object()),
              (Keys{"capture", "resolve_source", "save_page", "watch_source", "deliver"}));
    EXPECT_EQ(json::serialize(object.at("queue").at("capture")),
              R"({"waiting":3,"due":1,"oldest_due_at":"1970-01-01T00:00:02.000Z"})");
    EXPECT_EQ(json::serialize(object.at("endpoints")),
              R"([{"name":"newsroom","state":"ok","waiting":0,"last_success_at":null,"last_error":null,)"
              R"("format":"standard","enabled":true,"failing_since":null,"disabled_at":null,)"
              R"("oldest_waiting_at":null,"next_attempt_at":null,"paused_until":null,"max_per_hour":0,)"
              R"("told_last_hour":0}])");
    EXPECT_EQ(json::serialize(object.at("disk")), R"({"database_bytes":0,"warc_bytes":0,"free_bytes":0})");
}

TEST(Json, StateNames) {
    for (const auto state : {ArticleState::seen, ArticleState::stored, ArticleState::archived,
                             ArticleState::failed, ArticleState::gone})
        EXPECT_EQ(article_state(to_string(state)), state);
    for (const auto state :
         {PageState::captured, PageState::pending, PageState::refused, PageState::failed, PageState::off})
        EXPECT_EQ(page_state(to_string(state)), state);
    for (const auto state : {DeliveryState::pending, DeliveryState::delivered, DeliveryState::failed})
        EXPECT_EQ(delivery_state(to_string(state)), state);
    for (const auto kind :
         {DeliveryKind::event, DeliveryKind::replay, DeliveryKind::test, DeliveryKind::digest})
        EXPECT_EQ(delivery_kind(to_string(kind)), kind);
    EXPECT_EQ(feed_health("new"), FeedHealth::fresh);
    EXPECT_EQ(to_string(FeedHealth::held), "held");
    EXPECT_EQ(to_string(ArticleState::archived), "archived");
    EXPECT_THROW(feed_health("fresh"), std::invalid_argument);
    EXPECT_THROW(article_state(""), std::invalid_argument);
}

} // namespace
} // namespace cdtd::model
