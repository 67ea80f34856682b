#include "unit/api/sample.hpp"

#include <cdtd/api/answer.hpp>
#include <cdtd/base/url.hpp>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace cdtd;
namespace json = boost::json;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

class AnswerTest : public testing::Test {
  protected:
    AnswerTest() : db_(directory_.database(), store::Mode::create) {
        sample::fill(db_);
        std::ofstream(directory_.path() + "/warc/cdtd-1.warc.gz") << std::string(321, 'x');
    }

    api::Answer get(const std::string& target) { return api::answer(db_, target, context_); }
    json::object good(const std::string& target) {
        const auto answer = get(target);
        EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
        EXPECT_EQ(answer.type, "application/json");
        return json::parse(answer.body).as_object();
    }
    json::object bad(const std::string& target, int status) {
        const auto answer = get(target);
        EXPECT_EQ(answer.status, status) << target << ": " << answer.body;
        EXPECT_EQ(answer.type, "application/problem+json") << target;
        auto body = json::parse(answer.body).as_object();
        EXPECT_EQ(body.at("type"), "about:blank");
        EXPECT_EQ(body.at("status"), status);
        EXPECT_FALSE(body.at("title").as_string().empty());
        EXPECT_FALSE(body.at("detail").as_string().empty());
        return body;
    }
    std::vector<std::int64_t> ids(const std::string& target) {
        std::vector<std::int64_t> out;
        for (const auto& item : good(target).at("items").as_array())
            out.push_back(item.at("id").as_int64());
        return out;
    }

    sample::Directory directory_;
    api::Context context_{sample::at("2025-03-01T00:00:00Z"), directory_.path(), {}, false};
    store::Connection db_;
};

TEST_F(AnswerTest, UnknownRoutesAndMethods) {
    for (const auto* target : {"/", "/api/v1", "/api/v1/nothing", "/api/v1/articles/1/x", "/api/v2/status"})
        bad(target, 404);
    const auto poll = get("/api/v1/feeds/cdt-chinese/poll");
    EXPECT_EQ(poll.status, 405);
    EXPECT_EQ(poll.allow, "POST");
}

TEST_F(AnswerTest, BadParameters) {
    for (const auto* target : {"/api/v1/articles?q=x)",
                               "/api/v1/articles?limit=0",
                               "/api/v1/articles?feed=",
                               "/api/v1/articles?feed=%ff",
                               "/api/v1/articles?cursor=nonsense!",
                               "/api/v1/articles?state=lost",
                               "/api/v1/articles?wayback=maybe",
                               "/api/v1/articles?source_state=dead",
                               "/api/v1/articles?changed_after=-1",
                               "/api/v1/articles?since=yesterday",
                               "/api/v1/articles/1?x=1",
                               "/api/v1/status?x=1",
                               "/api/v1/feeds?cursor=%C3%A4",
                               "/api/v1/feeds/cdt-chinese?x=1",
                               "/api/v1/lookup",
                               "/api/v1/lookup?url=",
                               "/api/v1/lookup?url=https://x.org/?a=1&b=2",
                               "/api/v1/events?after=evt_nothing",
                               "/api/v1/events?wait=30",
                               "/api/v1/events?wait=2m",
                               "/api/v1/events?wait=-1s",
                               "/api/v1/webhooks?x=1",
                               "/api/v1/deliveries?state=lost",
                               "/api/v1/deliveries?cursor=x!",
                               "/api/v1/%zz"})
        bad(target, 400);
}

TEST_F(AnswerTest, Articles) {
    EXPECT_THAT(ids("/api/v1/articles"), ElementsAre(3, 2, 1));
    EXPECT_THAT(ids("/api/v1/articles?feed=cdt-english"), ElementsAre(3));
    EXPECT_THAT(ids("/api/v1/articles?feed=cdt-english,cdt-chinese&outlet=%E7%94%B2%E6%8A%A5"),
                ElementsAre(3, 1));
    EXPECT_THAT(ids("/api/v1/articles?since=2025-01-22T08:00:00Z&until=2025-01-23"), ElementsAre(2));
    EXPECT_THAT(ids("/api/v1/articles?since=1d"), IsEmpty());
    EXPECT_THAT(ids("/api/v1/articles?state=stored&source_state=unchecked"), ElementsAre(1));
    EXPECT_THAT(ids("/api/v1/articles?changed_after=0"), ElementsAre(1, 2, 3));
    const auto list = good("/api/v1/articles");
    EXPECT_TRUE(list.at("next").is_null());
    const auto& item = list.at("items").at(2).as_object();
    EXPECT_EQ(item.at("url"), "https://chinadigitaltimes.net/chinese/700001.html");
    EXPECT_EQ(item.at("published_at"), "2025-01-21T08:00:00.000Z");
    EXPECT_FALSE(item.contains("images"));
    EXPECT_FALSE(item.contains("captures"));
}

TEST_F(AnswerTest, PagesOfArticles) {
    for (const std::string start : {"/api/v1/articles?limit=2", "/api/v1/articles?changed_after=0&limit=2"}) {
        const auto first = good(start);
        ASSERT_TRUE(first.at("next").is_string()) << start;
        const auto cursor = base::percent_encode(json::value_to<std::string>(first.at("next")));
        const auto second = good(start + "&cursor=" + cursor);
        EXPECT_EQ(second.at("items").as_array().size(), 1U);
        EXPECT_TRUE(second.at("next").is_null());
        EXPECT_NE(second.at("items").at(0).at("id"), first.at("items").at(1).at("id"));
    }
}

TEST_F(AnswerTest, OneArticle) {
    const auto article = good("/api/v1/articles/1");
    EXPECT_EQ(article.at("headline"), "第1篇");
    EXPECT_EQ(article.at("images").at(0).at("url"), sample::image);
    EXPECT_EQ(article.at("captures").as_array().size(), 1U);
    EXPECT_EQ(article.at("sources").at(0).at("url"), sample::original);
    for (const auto* id : {"4", "0", "01", "-1", "x", "1x", "99999999999999999999", "%20"})
        bad(std::string("/api/v1/articles/") + id, 404);
}

TEST_F(AnswerTest, Feeds) {
    const auto list = good("/api/v1/feeds?limit=1");
    EXPECT_EQ(list.at("items").at(0).at("name"), "cdt-chinese");
    EXPECT_EQ(list.at("next"), "cdt-chinese");
    const auto rest = good("/api/v1/feeds?limit=1&cursor=cdt-chinese");
    EXPECT_EQ(rest.at("items").at(0).at("name"), "cdt-english");
    EXPECT_TRUE(rest.at("next").is_null());
    EXPECT_EQ(good("/api/v1/feeds/cdt-chinese").at("entries"), 2);
    bad("/api/v1/feeds/none", 404);
    bad("/api/v1/feeds/%E7%94%B2", 404);
}

TEST_F(AnswerTest, LookupOfAnArticle) {
    const auto found = good(
        "/api/v1/lookup?url=http%3A%2F%2Fwww.chinadigitaltimes.net%2Fchinese%2F700001.html%3Futm_source%3Dx");
    EXPECT_EQ(found.at("kind"), "article");
    EXPECT_EQ(found.at("canonical_url"), "https://chinadigitaltimes.net/chinese/700001.html");
    EXPECT_EQ(found.at("article").at("id"), 1);
    EXPECT_TRUE(found.at("source").is_null());
    EXPECT_TRUE(found.at("wayback").is_null());
    EXPECT_EQ(
        good("/api/v1/lookup?url=https://chinadigitaltimes.net/chinese/%3Fp=700002").at("article").at("id"),
        2);
}

TEST_F(AnswerTest, LookupOfASourceAndAnImage) {
    for (const auto& url : {std::string(sample::original),
                            "https://web.archive.org/web/20250122000000/" + std::string(sample::original)}) {
        const auto found = good("/api/v1/lookup?url=" + base::percent_encode(url));
        EXPECT_EQ(found.at("url"), json::value(url));
        EXPECT_EQ(found.at("canonical_url"), sample::original);
        EXPECT_EQ(found.at("kind"), "source") << url;
        EXPECT_EQ(found.at("cited_by").at(0).at("id"), 1);
        EXPECT_EQ(found.at("wayback").at("state"), "unchecked");
        EXPECT_EQ(found.at("liveness").at("state"), "unchecked");
        EXPECT_TRUE(found.at("article").is_null());
    }
    const auto picture = good("/api/v1/lookup?url=" + base::percent_encode(sample::image));
    EXPECT_EQ(picture.at("kind"), "image");
    EXPECT_EQ(picture.at("captures").at(0).at("bytes"), 1234);
}

TEST_F(AnswerTest, LookupOfTheUnknown) {
    for (const auto* url : {"https://example.org/none", "archive.ph/W29ZN", "no url at all", "999999"}) {
        const auto found = good("/api/v1/lookup?url=" + base::percent_encode(url));
        EXPECT_EQ(found.at("kind"), "unknown") << url;
        EXPECT_EQ(found.at("url"), json::value(url));
        EXPECT_TRUE(found.at("article").is_null());
        EXPECT_TRUE(found.at("cited_by").as_array().empty());
        EXPECT_TRUE(found.at("captures").as_array().empty());
        EXPECT_EQ(found.size(), 9U);
    }
}

TEST_F(AnswerTest, EventsInOrder) {
    const auto first = good("/api/v1/events?limit=2");
    ASSERT_EQ(first.at("items").as_array().size(), 2U);
    EXPECT_EQ(first.at("items").at(0).at("data").at("article").at("id"), 1);
    EXPECT_EQ(first.at("next"), first.at("items").at(1).at("id"));
    for (const std::string name : {"after", "cursor"}) {
        const auto rest =
            good("/api/v1/events?" + name + "=" + json::value_to<std::string>(first.at("next")));
        ASSERT_EQ(rest.at("items").as_array().size(), 1U);
        EXPECT_EQ(rest.at("items").at(0).at("data").at("article").at("id"), 3);
        EXPECT_TRUE(rest.at("next").is_null());
    }
}

TEST_F(AnswerTest, EventsThatAreNotThereYet) {
    const auto last = json::value_to<std::string>(good("/api/v1/events").at("items").at(2).at("id"));
    for (const std::string after : {"latest", last.c_str()})
        EXPECT_TRUE(good("/api/v1/events?wait=30s&after=" + after).at("items").as_array().empty());
    const auto nothing = api::answer(db_, "/api/v1/events?after=latest&wait=30s", context_);
    ASSERT_TRUE(nothing.sequel);
    EXPECT_EQ(nothing.sequel->at_most, std::chrono::seconds(30));
    EXPECT_THAT(nothing.sequel->target, testing::HasSubstr(last));
    EXPECT_FALSE(api::answer(db_, "/api/v1/events?after=latest", context_).sequel);
    EXPECT_FALSE(api::answer(db_, "/api/v1/events?wait=30s", context_).sequel);
}

TEST_F(AnswerTest, EventsAsAStream) {
    auto context = context_;
    context.stream = true;
    const auto all = api::answer(db_, "/api/v1/events?limit=2", context);
    EXPECT_EQ(all.type, "text/event-stream");
    EXPECT_THAT(all.body, testing::StartsWith("id: evt_"));
    EXPECT_THAT(all.body, testing::HasSubstr("\nevent: article.new\ndata: {\"id\":\"evt_"));
    ASSERT_TRUE(all.sequel && all.sequel->stream);
    const auto rest = api::answer(db_, all.sequel->target, context);
    EXPECT_THAT(rest.body, testing::HasSubstr("\"id\":3"));
    EXPECT_EQ(api::answer(db_, rest.sequel->target, context).body, "");
    // A browser comes back with the URL of the first time.
    context.last_event_id = all.body.substr(4, all.body.find('\n') - 4);
    EXPECT_THAT(api::answer(db_, "/api/v1/events?limit=1&after=latest", context).body,
                testing::HasSubstr("\"id\":2"));
    EXPECT_EQ(api::answer(db_, "/api/v1/events?wait=5s", context).status, 400);
}

TEST_F(AnswerTest, Deliveries) {
    const auto hooks = good("/api/v1/webhooks").at("items").as_array();
    ASSERT_EQ(hooks.size(), 1U);
    EXPECT_EQ(hooks[0].at("name"), "newsroom");
    EXPECT_EQ(hooks[0].at("waiting"), 3);
    EXPECT_EQ(hooks[0].at("oldest_waiting_at"), "2025-02-01T00:00:01.000Z");
    EXPECT_EQ(hooks[0].at("next_attempt_at"), "2025-02-01T00:00:01.000Z");
    EXPECT_TRUE(good("/api/v1/webhooks?cursor=newsroom").at("items").as_array().empty());
    const auto all = good("/api/v1/deliveries?endpoint=newsroom&state=pending,failed");
    ASSERT_EQ(all.at("items").as_array().size(), 3U);
    EXPECT_EQ(all.at("items").at(0).at("endpoint"), "newsroom");
    EXPECT_EQ(good("/api/v1/deliveries?endpoint=other").at("items").as_array().size(), 0U);
    EXPECT_EQ(good("/api/v1/deliveries?state=delivered").at("items").as_array().size(), 0U);
    const auto page = good("/api/v1/deliveries?limit=2");
    ASSERT_TRUE(page.at("next").is_string());
    const auto cursor = base::percent_encode(json::value_to<std::string>(page.at("next")));
    EXPECT_EQ(good("/api/v1/deliveries?limit=2&cursor=" + cursor).at("items").as_array().size(), 1U);
}

TEST_F(AnswerTest, Status) {
    const auto status = good("/api/v1/status");
    EXPECT_EQ(status.at("version"), CDTD_VERSION);
    EXPECT_EQ(status.at("now"), "2025-03-01T00:00:00.000Z");
    EXPECT_EQ(status.at("running"), false);
    EXPECT_TRUE(status.at("started_at").is_null());
    EXPECT_EQ(status.at("articles").at("total"), 3);
    EXPECT_EQ(status.at("feeds").at("total"), 2);
    EXPECT_EQ(status.at("events"), 3);
    EXPECT_EQ(status.at("disk").at("warc_bytes"), 321);
    EXPECT_GT(status.at("disk").at("database_bytes").as_int64(), 0);
    EXPECT_GT(status.at("disk").at("free_bytes").as_int64(), 0);
}

TEST_F(AnswerTest, SearchAnswersWithPassagesAndFaultsWithTheirPlace) {
    const auto list = good("/api/v1/search?q=" + base::percent_encode("正文 outlet:甲"));
    ASSERT_EQ(list.at("items").as_array().size(), 2U);
    const auto& item = list.at("items").at(0).as_object();
    EXPECT_TRUE(item.contains("sources"));
    EXPECT_GT(item.at("rank").as_double(), 0);
    EXPECT_EQ(json::serialize(item.at("passage")),
              R"({"field":"body","parts":[{"text":"正文","match":true}]})");
    const auto page = good("/api/v1/search?limit=2&q=" + base::percent_encode("正"));
    const std::string next(page.at("next").as_string());
    EXPECT_EQ(good("/api/v1/search?limit=2&cursor=" + next + "&q=" + base::percent_encode("正"))
                  .at("items")
                  .as_array()
                  .size(),
              1U);
    EXPECT_THAT(ids("/api/v1/articles?q=title:%E7%AC%AC2%E7%AF%87"), ElementsAre(2));
    EXPECT_THAT(ids("/api/v1/articles?feed=cdt-chinese&q=%E6%AD%A3%E6%96%87"), ElementsAre(2, 1));
    EXPECT_THAT(ids("/api/v1/articles?outlet=%E4%B9%99%E6%8A%A5&q=-title:x"), ElementsAre(2));
    for (const auto* target : {"/api/v1/search?q=a)", "/api/v1/articles?q=a)"}) {
        const std::string detail(bad(target, 400).at("detail").as_string());
        EXPECT_NE(detail.find("column 2: a \")\" without \"(\""), std::string::npos) << detail;
    }
    bad("/api/v1/search", 400);
    bad("/api/v1/search?q=", 400);
    bad("/api/v1/search?q=a&cursor=n1.1", 400);
    bad("/api/v1/search?q=a&outlet=b", 400);
}

TEST_F(AnswerTest, WorksReadOnlyAndLeavesNoTransactionOpen) {
    store::Connection reader(directory_.database(), store::Mode::read_only);
    const api::Context context{sample::at("2025-03-01T00:00:00Z"), directory_.path(), {}, false};
    EXPECT_EQ(
        json::parse(api::answer(reader, "/api/v1/articles", context).body).at("items").as_array().size(), 3U);
    {
        store::Transaction transaction(db_);
        sample::put_article(db_, 4, store::find_feed(db_, "cdt-chinese")->id);
        transaction.commit();
    }
    EXPECT_EQ(
        json::parse(api::answer(reader, "/api/v1/articles", context).body).at("items").as_array().size(), 4U);
    reader.exec("BEGIN; COMMIT");
}

TEST_F(AnswerTest, ATimeLimitIsAProblemAndPasses) {
    {
        store::Transaction transaction(db_);
        for (int i = 0; i < 400; ++i)
            sample::put_event(db_, i, 1);
        transaction.commit();
    }
    db_.set_time_limit(base::Duration(-1));
    bad("/api/v1/events?limit=500", 503);
    good("/api/v1/events?limit=500");
}

} // namespace
