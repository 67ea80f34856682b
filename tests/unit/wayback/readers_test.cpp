#include "unit/wayback/replies.hpp"

#include <cdtd/wayback/availability.hpp>
#include <cdtd/wayback/judge.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::wayback {
namespace {

using testing::HasSubstr;

const std::string header = R"(["timestamp","original","mimetype","statuscode","digest"])";
const std::string row = R"(["20200102030405", "http://example.org:80/a", "text/html", "200", "ABC"])";

TEST(Timestamp, Forms) {
    EXPECT_EQ(time_of("20200102030405"), time_of("202001020304").value() + std::chrono::seconds(5));
    EXPECT_EQ(time_of("2020"), time_of("20200101000000"));
    EXPECT_EQ(time_of("20200000"), time_of("20200101"));
    for (const char* bad :
         {"", "202", "20201301", "20200230", "2020010225", "202001020304050", "2020x", "00000000"})
        EXPECT_EQ(time_of(bad), std::nullopt) << bad;
}

TEST(Cdx, Rows) {
    const auto rows =
        read_cdx(reply(200, "[" + header + ",\n" + row + ",\n" +
                                R"(["20210102030405","https://example.org/a","warc/revisit","-","ABC"]])"));
    ASSERT_TRUE(rows) << rows.error().reason;
    ASSERT_EQ(rows->size(), 2u);
    EXPECT_EQ((*rows)[0].timestamp, "20200102030405");
    EXPECT_EQ((*rows)[0].original, "http://example.org:80/a");
    EXPECT_EQ((*rows)[0].status, 200);
    EXPECT_EQ((*rows)[0].digest, "ABC");
    EXPECT_EQ((*rows)[1].status, 0);
}

TEST(Cdx, NoneDoublesKeysAndOrder) {
    EXPECT_EQ(read_cdx(reply(200, "[]\n"))->size(), 0u);
    EXPECT_EQ(read_cdx(reply(200, "[" + header + "]"))->size(), 0u);
    EXPECT_EQ(read_cdx(reply(200, "[" + header + "," + row + "," + row + R"(,[],["org,example)/a 2021"]])"))
                  ->size(),
              1u);
    const auto other = read_cdx(
        reply(200, R"([["urlkey","digest","statuscode","mimetype","original","timestamp"],)"
                   R"(["org,example)/a","ABC","404","text/html","http://example.org/a","20200102030405"]])"));
    ASSERT_TRUE(other);
    EXPECT_EQ((*other)[0].status, 404);
}

TEST(Cdx, Text) {
    const auto rows =
        read_cdx(reply(200, "20200102030405 http://example.org/a text/html 200 ABC\r\n"
                            "20200102030406 http://example.org/a text/html - ABC\n\norg,example)/a+2\n"));
    ASSERT_TRUE(rows) << rows.error().reason;
    EXPECT_EQ(rows->size(), 2u);
}

struct Fault {
    const char* name;
    Reply reply;
    Trouble trouble;
    const char* words;
};

class CdxFaults : public testing::TestWithParam<Fault> {};

TEST_P(CdxFaults, AreNoAnswer) {
    const auto rows = read_cdx(GetParam().reply);
    ASSERT_FALSE(rows) << GetParam().name;
    EXPECT_EQ(rows.error().trouble, GetParam().trouble) << GetParam().name;
    EXPECT_THAT(rows.error().reason, HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, CdxFaults,
    testing::Values(
        Fault{"no answer", no_reply("reset"), Trouble::failed, "reset"},
        Fault{"throttled", reply(429, "<html>429</html>"), Trouble::throttled, "429"},
        Fault{"server failure", reply(503, "java.net.X", {{"X-Archive-Wayback-Runtime-Error", "java.net.X"}}),
              Trouble::failed, "503"},
        Fault{"gateway", reply(504, "<html>504 Gateway Time-out</html>"), Trouble::failed, "504"},
        Fault{"excluded",
              reply(403, "",
                    {{"X-Archive-Wayback-Runtime-Error",
                      "org.archive.util.io.RuntimeIOException: "
                      "org.archive.wayback.exception.AdministrativeAccessControlException: "
                      "Blocked Site Error"}}),
              Trouble::excluded, "excluded"},
        Fault{"robots, as text",
              reply(200, "org.archive.wayback.exception.RobotAccessControlException: Blocked"),
              Trouble::excluded, "excluded"},
        Fault{"bad request", reply(400, "The url param is required"), Trouble::failed, "url param"},
        Fault{"empty", reply(200, ""), Trouble::failed, "empty"},
        Fault{"page", reply(200, "<html><body>maintenance</body></html>"), Trouble::failed, "maintenance"},
        Fault{"cut", reply(200, "[" + header + ",\n[\"2020"), Trouble::failed, "cut off"},
        Fault{"object", reply(200, "[{}]"), Trouble::failed, "fields"},
        Fault{"no capture", reply(200, "[" + header + R"(,["x","","","",""]])"), Trouble::failed,
              "no capture"},
        Fault{"cut text", reply(200, "20200102030405 http://example.org/a text/html"), Trouble::failed,
              "line"}),
    [](const auto& info) { return "n" + std::to_string(info.index); });

TEST(Cdx, Requests) {
    const std::string server = "https://web.archive.org/cdx/search/cdx";
    EXPECT_THAT(cdx_request(server, "https://example.org/a?b=1&c=文", Part::oldest, ""),
                HasSubstr("?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1%26c%3D%E6%96%87&output=json&fl="
                          "timestamp,original,mimetype,statuscode,digest&limit=500"));
    EXPECT_THAT(cdx_request(server, "https://example.org/", Part::newest, ""), HasSubstr("limit=-50"));
    EXPECT_THAT(cdx_request(server, "https://example.org/", Part::nearest, "2020"),
                HasSubstr("closest=2020"));
}

TEST(Availability, Answers) {
    const auto hit = read_availability(reply(
        200,
        R"({"url":"example.org/a","archived_snapshots":{"closest":{"status":"200","available":true,)"
        R"("url":"http://web.archive.org/web/20130919044612/http://example.org/a","timestamp":"20130919044612"}}})"));
    ASSERT_TRUE(hit && *hit);
    EXPECT_EQ((*hit)->timestamp, "20130919044612");
    EXPECT_EQ((*hit)->original, "http://example.org/a");
    EXPECT_EQ((*hit)->status, 200);
    const auto none =
        read_availability(reply(200, R"({"archived_snapshots":{},"timestamp":"2020","url":"x"})"));
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    for (const auto& bad :
         {reply(200, "<html>"), reply(200, "{}"), reply(200, "[]"),
          reply(200, R"({"archived_snapshots":{"closest":{}}})"),
          reply(200, R"({"archived_snapshots":{"closest":{"available":true,"timestamp":"2020"}}})"),
          reply(200, ""), reply(404, ""), reply(429, ""), reply(503, "")})
        EXPECT_FALSE(read_availability(bad)) << bad.body;
    EXPECT_EQ(availability_request("https://archive.org/wayback/available", "https://example.org/a", "2020"),
              "https://archive.org/wayback/available?url=example.org%2Fa&timestamp=2020");
}

TEST(Replay, Answers) {
    const http::Headers archived = {{"content-type", "text/html"},
                                    {"memento-datetime", "Thu, 02 Jan 2020 03:04:05 GMT"}};
    const auto page = read_replay(reply(200, "<html>", archived));
    ASSERT_TRUE(page && std::holds_alternative<Memento>(*page));
    EXPECT_EQ(std::get<Memento>(*page).at, time_of("20200102030405"));
    // Only the header tells a capture of an error from an error.
    for (const int status : {404, 429, 503}) {
        const auto error = read_replay(reply(status, "gone", archived));
        ASSERT_TRUE(error && std::holds_alternative<Memento>(*error)) << status;
        EXPECT_EQ(std::get<Memento>(*error).status, status);
    }
    const auto nothing = read_replay(reply(404, "not archived", {{"x-ts", "404"}}));
    EXPECT_TRUE(nothing && std::holds_alternative<Nothing>(*nothing));
    const auto nearest = read_replay(reply(
        302, "", {{"Location", "https://web.archive.org/web/20171124151315id_/https://example.org/a"}}));
    ASSERT_TRUE(nearest && std::holds_alternative<Nearest>(*nearest));
    EXPECT_EQ(std::get<Nearest>(*nearest).timestamp, "20171124151315");
    EXPECT_EQ(std::get<Nearest>(*nearest).url, "https://example.org/a");
    EXPECT_EQ(
        read_replay(reply(200, "<p>This URL has been excluded from the Wayback Machine.")).error().trouble,
        Trouble::excluded);
    EXPECT_EQ(read_replay(reply(403, "")).error().trouble, Trouble::excluded);
    EXPECT_EQ(read_replay(reply(429, "")).error().trouble, Trouble::throttled);
    EXPECT_EQ(read_replay(reply(200, "<html>a calendar")).error().trouble, Trouble::failed);
    EXPECT_EQ(read_replay(reply(302, "", {{"Location", "/web/2020/x"}})).error().trouble, Trouble::failed);
}

TEST(Reply, TwoCodingsAreSniffed) {
    http::Response response;
    response.status = 200;
    response.hops.emplace_back();
    response.hops.back().headers = {{"content-encoding", ""}, {"Content-Encoding", "gzip"}};
    // "[]" as gzip
    response.hops.back().body =
        std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x8b\x8e\x05\x00\x29\xbb\x4c\x0d"
                    "\x02\x00\x00\x00",
                    22);
    const auto read = reply_of(http::Outcome(response), false, 1000);
    EXPECT_EQ(read.body, "[]");
    EXPECT_EQ(read.header("CONTENT-ENCODING"), "gzip");
    response.hops.back().body.resize(12);
    EXPECT_EQ(reply_of(http::Outcome(response), false, 1000).status, 0);
    http::Failure failure;
    failure.error = {base::Errc::too_large, "it was cut"};
    failure.hops.emplace_back();
    failure.hops.back().status = 200;
    failure.hops.back().body = "the beginning";
    EXPECT_EQ(reply_of(std::unexpected(failure), false, 1000).body, "the beginning");
    failure.error.code = base::Errc::network;
    EXPECT_EQ(reply_of(std::unexpected(failure), false, 1000).status, 0);
    EXPECT_EQ(reply_of(std::unexpected(failure), true, 1000).problem, "it was cut");
}

TEST(Judge, Pages) {
    const auto kind = [](int status, std::string_view body, std::string_view platform = "web") {
        return judge_page({"https://mp.weixin.qq.com/s/AbC", platform, status, "text/html", body}).kind;
    };
    EXPECT_EQ(kind(200, "<p>河边的桥"), Judgement::Kind::unclear);
    EXPECT_EQ(kind(404, "<p>河边的桥"), Judgement::Kind::notice);
    EXPECT_EQ(kind(302, ""), Judgement::Kind::notice);
    EXPECT_EQ(kind(200, " \n"), Judgement::Kind::notice);
    EXPECT_EQ(kind(200, "<title>Just a moment...</title>"), Judgement::Kind::notice);
    EXPECT_EQ(
        kind(
            200,
            R"(<div class="weui-msg"><i class="weui-icon-warn weui-icon_msg"></i><h2 class="weui-msg__title">环境异常</h2></div>)",
            "weixin"),
        Judgement::Kind::notice);
    EXPECT_EQ(kind(200, R"(<div id="js_content">文章里说：环境异常</div>)", "weixin"),
              Judgement::Kind::content);
    EXPECT_EQ(
        kind(
            200,
            R"(<div class="weui-msg"><i class="weui-icon-warn weui-icon_msg"></i><h2 class="weui-msg__title">此内容因违规无法查看</h2></div>)",
            "weixin"),
        Judgement::Kind::notice);
    EXPECT_EQ(kind(200, "<h2>此内容因违规无法查看</h2>", "weixin"), Judgement::Kind::unclear); // words alone
}

} // namespace
} // namespace cdtd::wayback
