// What the running program is asked to do about a feed: bodies, guards, answers.
#include "unit/api/client.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace cdtd;
namespace json = boost::json;
using sample::header;
using sample::Running;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

const std::string as_json = "Content-Type: application/json\r\n";

std::string path_of(const std::string& feed, const std::string& order) {
    return "/api/v1/feeds/" + feed + "/" + order;
}

TEST(Orders, ReachTheProgramAndAreAccepted) {
    const Running running;
    for (const auto* order : {"release", "enable"}) {
        const auto response = running.ask(running.post(path_of("cdt-chinese", order), as_json, "{}"));
        EXPECT_EQ(response.result_int(), 202U) << response.body();
        EXPECT_EQ(json::parse(response.body()), json::parse(R"({"feed":"cdt-chinese","state":"accepted"})"));
    }
    EXPECT_EQ(running.ask(running.post(path_of("b", "release"), as_json, "")).result_int(), 202U);
    EXPECT_THAT(running.control.orders,
                ElementsAre("release cdt-chinese", "enable cdt-chinese", "release b"));
}

TEST(Orders, BackfillTakesPagesAndATime) {
    const Running running;
    const auto ask = [&](const std::string& body) {
        const auto response = running.ask(running.post(path_of("a", "backfill"), as_json, body));
        EXPECT_EQ(response.result_int(), 202U) << body << response.body();
        return json::parse(response.body());
    };
    const auto answered = ask(R"({"pages":3,"until":"2025-01-01T00:00:00Z"})");
    EXPECT_EQ(answered, json::parse(R"({"feed":"a","pages":3,"until":"2025-01-01T00:00:00.000Z",
                                        "state":"accepted"})"));
    ask(R"({"until":"2024-05-06"})");
    EXPECT_EQ(ask("{}").at("pages"), 10);
    ask("");
    ask(R"({"pages":null,"until":null})");
    EXPECT_THAT(running.control.orders,
                ElementsAre("backfill 3 2025-01-01T00:00:00.000Z a", "backfill - 2024-05-06T00:00:00.000Z a",
                            "backfill 10 - a", "backfill 10 - a", "backfill 10 - a"));
}

TEST(Orders, AWrongBodyIsToldAndReachesNobody) {
    const Running running;
    struct Case {
        std::string order;
        std::string body;
        std::string says;
    };
    const std::vector<Case> cases{
        {"release", R"({"force":true})", "no keys"},
        {"enable", "[]", "JSON object"},
        {"enable", "{", "JSON object"},
        {"backfill", R"({"page":1})", "pages, until"},
        {"backfill", R"({"pages":0})", "1 to"},
        {"backfill", R"({"pages":-1})", "1 to"},
        {"backfill", R"({"pages":1.5})", "1 to"},
        {"backfill", R"({"pages":"3"})", "1 to"},
        {"backfill", R"({"pages":9999999999999})", "1 to"},
        {"backfill", R"({"until":"soon"})", "RFC 3339"},
        {"backfill", R"({"until":5})", "RFC 3339"},
        {"backfill", R"({"until":""})", "RFC 3339"},
    };
    for (const auto& [order, body, says] : cases) {
        const auto response = running.ask(running.post(path_of("a", order), as_json, body));
        EXPECT_EQ(response.result_int(), 400U) << order << body;
        EXPECT_EQ(header(response, "Content-Type"), "application/problem+json");
        EXPECT_THAT(response.body(), HasSubstr(says)) << order << body;
    }
    EXPECT_THAT(running.control.orders, IsEmpty());
}

TEST(Orders, EndpointsAreTestedAndEnabled) {
    const Running running;
    const auto ask = [&](const std::string& target) {
        const auto response = running.ask(running.post(target, as_json, "{}"));
        return std::pair(response.result_int(), json::parse(response.body()));
    };
    const auto [tested, test] = ask("/api/v1/webhooks/newsroom/test");
    EXPECT_EQ(tested, 202U);
    EXPECT_EQ(test, json::parse(R"({"endpoint":"newsroom","event_id":"evt_1","state":"accepted"})"));
    const auto [enabled, enable] = ask("/api/v1/webhooks/newsroom/enable");
    EXPECT_EQ(enabled, 202U);
    EXPECT_EQ(enable, json::parse(R"({"endpoint":"newsroom","state":"accepted"})"));
    EXPECT_EQ(ask("/api/v1/webhooks/none/test").first, 404U);
    EXPECT_EQ(ask("/api/v1/webhooks/fine/enable").first, 409U);
    EXPECT_EQ(running.ask(running.post("/api/v1/webhooks/x/test", as_json, R"({"a":1})")).result_int(), 400U);
    EXPECT_EQ(running.ask(running.get("/api/v1/webhooks/x/test")).result_int(), 405U);
    EXPECT_THAT(running.control.orders, ElementsAre("test newsroom", "enable endpoint newsroom", "test none",
                                                    "enable endpoint fine"));
}

TEST(Orders, ReplayTakesAnEndpointATimeAndAType) {
    const Running running;
    const auto ask = [&](const std::string& body) {
        const auto response = running.ask(running.post("/api/v1/deliveries/replay", as_json, body));
        return std::pair(response.result_int(), response.body());
    };
    const auto [status, body] = ask(R"({"endpoint":"a","since":"2025-01-01T00:00:00Z","type":"article.*"})");
    EXPECT_EQ(status, 202U) << body;
    EXPECT_EQ(json::parse(body), json::parse(R"({"endpoint":"a","since":"2025-01-01T00:00:00.000Z",
                                                 "type":"article.*","deliveries":7,"state":"accepted"})"));
    EXPECT_EQ(ask(R"({"endpoint":"a","since":"2025-01-01"})").first, 202U);
    EXPECT_EQ(ask(R"({"endpoint":"none","since":"7d"})").first, 404U);
    const std::pair<const char*, const char*> wrong[] = {
        {R"({"since":"7d"})", "endpoint"},
        {R"({"endpoint":3,"since":"7d"})", "endpoint"},
        {R"({"endpoint":"a"})", "since"},
        {R"({"endpoint":"a","since":"soon"})", "RFC 3339"},
        {R"({"endpoint":"a","since":"7d","type":"x.*"})", "type"},
        {R"({"endpoint":"a","since":"7d","until":"1d"})", "keys"}};
    for (const auto& [given, says] : wrong) {
        const auto [refused, words] = ask(given);
        EXPECT_EQ(refused, 400U) << given;
        EXPECT_THAT(words, HasSubstr(says)) << given;
    }
}

TEST(Orders, RefusalsAreProblems) {
    const Running running;
    for (const auto* order : {"release", "enable", "backfill"}) {
        EXPECT_EQ(running.ask(running.post(path_of("none", order), as_json, "{}")).result_int(), 404U);
        const auto conflict = running.ask(running.post(path_of("fine", order), as_json, "{}"));
        EXPECT_EQ(conflict.result_int(), 409U);
        EXPECT_THAT(conflict.body(), HasSubstr("nothing holds it"));
    }
}

TEST(Orders, HaveTheGuardsOfEveryPost) {
    const Running running;
    for (const auto* order : {"poll", "release", "enable", "backfill"}) {
        const auto path = path_of("a", order);
        const auto got = running.ask(running.get(path));
        EXPECT_EQ(got.result_int(), 405U);
        EXPECT_EQ(header(got, "Allow"), "POST");
        EXPECT_EQ(running.ask(running.post(path, "", "{}")).result_int(), 415U);
        EXPECT_EQ(
            running.ask(running.post(path, as_json + "Origin: http://evil.example\r\n", "{}")).result_int(),
            403U);
        EXPECT_EQ(
            running.ask(running.post(path, as_json + "Sec-Fetch-Site: cross-site\r\n", "{}")).result_int(),
            403U);
        EXPECT_EQ(running.ask(running.post(path + "?x=1", as_json, "{}")).result_int(), 400U);
    }
    EXPECT_THAT(running.control.orders, IsEmpty());
    EXPECT_EQ(running.control.polled, "");
}

} // namespace
