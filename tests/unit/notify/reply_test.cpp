// What is made of an answer, and of none.
#include "unit/notify/events.hpp"

#include <cdtd/notify/digest.hpp>
#include <cdtd/notify/event_types.hpp>
#include <cdtd/notify/reply.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::notify {
namespace {

using namespace std::chrono_literals;
using schedule::Answer;
using testing::HasSubstr;
using testing::Not;

const base::Time now{std::chrono::sys_days{std::chrono::year(2026) / 11 / 24}};

Endpoint endpoint(const std::string& format = "standard") {
    Endpoint made;
    made.name = "n";
    made.format = format;
    made.url = "https://example.org/hook/abcdef?key=ghijkl";
    made.secret = base::Secret("whsec_0123456789");
    made.headers = {{"X-Token", "token-123"}};
    return made;
}

http::Hop hop(int status, std::string body = {}, http::Headers headers = {}) {
    http::Hop made;
    made.status = status;
    made.body = std::move(body);
    made.headers = std::move(headers);
    return made;
}

http::Outcome answered(int status, std::string body = {}, http::Headers headers = {}) {
    http::Response response;
    response.status = status;
    response.hops.push_back(hop(status, std::move(body), std::move(headers)));
    return response;
}

http::Outcome failed(base::Errc code, std::string message, std::vector<http::Hop> hops = {}) {
    return std::unexpected(
        http::Failure{{code, std::move(message)}, std::move(hops), std::nullopt, "", nullptr});
}

TEST(Reply, MeansWhatItsStatusMeans) {
    const std::pair<int, Answer> cases[] = {
        {200, Answer::delivered},   {204, Answer::delivered},   {301, Answer::again}, {302, Answer::again},
        {400, Answer::again_twice}, {404, Answer::again_twice}, {408, Answer::again}, {410, Answer::stop},
        {425, Answer::again},       {429, Answer::again},       {500, Answer::again}, {503, Answer::again}};
    for (const auto& [status, meaning] : cases) {
        const Reply reply = reply_of(endpoint(), answered(status, "words"), now);
        EXPECT_EQ(reply.meaning, meaning) << status;
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.answer, "words");
        EXPECT_EQ(reply.error.empty(), meaning == Answer::delivered) << status;
    }
    EXPECT_THAT(reply_of(endpoint(), answered(302), now).error, HasSubstr("not followed"));
}

TEST(Reply, AStatusThatCameCountsWhateverCameBehindIt) {
    for (const auto code :
         {base::Errc::too_large, base::Errc::timeout, base::Errc::bad_data, base::Errc::network}) {
        const Reply reply =
            reply_of(endpoint(), failed(code, "cut", {hop(200, std::string(5000, 'x'))}), now);
        EXPECT_EQ(reply.meaning, Answer::delivered);
        EXPECT_EQ(reply.answer.size(), 1024u);
        EXPECT_EQ(reply_of(endpoint(), failed(code, "cut", {hop(500)}), now).meaning, Answer::again);
    }
    const Reply none = reply_of(endpoint(), failed(base::Errc::timeout, "no answer\x1b[31m in 15s"), now);
    EXPECT_FALSE(none.status);
    EXPECT_EQ(none.error.find('\x1b'), std::string::npos);
    EXPECT_TRUE(reply_of(endpoint(), failed(base::Errc::cancelled, "stopped"), now).cancelled);
}

TEST(Reply, RetryAfterIsReadWhereTheServiceWritesItAndBounded) {
    const auto asked = [](const std::string& format, const std::string& body, http::Headers headers = {}) {
        return reply_of(endpoint(format), answered(429, body, std::move(headers)), now).retry_after;
    };
    EXPECT_EQ(asked("standard", "", {{"retry-after", "120"}}), 120s);
    EXPECT_EQ(asked("standard", "", {{"Retry-After", "Tue, 24 Nov 2026 00:01:00 GMT"}}), 60s);
    EXPECT_EQ(asked("standard", "", {{"Retry-After", "99999999999"}}), 24h);
    EXPECT_EQ(asked("standard", "", {{"Retry-After", "soon"}}), std::nullopt);
    EXPECT_EQ(asked("standard", R"({"retry_after":5})"), std::nullopt);
    EXPECT_EQ(asked("telegram", R"({"ok":false,"parameters":{"retry_after":35}})"), 35s);
    EXPECT_EQ(asked("discord", R"({"message":"You are being rate limited.","retry_after":64.57})"), 65s);
    EXPECT_EQ(asked("matrix", R"({"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2000})"), 2s);
    for (const char* odd : {"", "{", "[]", R"({"retry_after_ms":-1})", R"({"retry_after_ms":"2"})",
                            R"({"retry_after_ms":null})"})
        EXPECT_EQ(asked("matrix", odd), std::nullopt) << odd;
    EXPECT_EQ(asked("matrix", R"({"retry_after_ms":1e300})"), 24h);
    EXPECT_TRUE(reply_of(endpoint(), answered(503), now).slow_down);
    EXPECT_FALSE(reply_of(endpoint(), answered(500), now).slow_down);
}

TEST(Reply, HoldsNoSecret) {
    const std::string said = "you sent whsec_0123456789 and token-123 to /hook/abcdef?key=ghijkl";
    const Reply echoed = reply_of(endpoint(), answered(500, std::string(1010, 'x') + said), now);
    for (const char* part : {"0123", "token", "abcdef", "ghijkl"})
        EXPECT_THAT(echoed.answer, Not(HasSubstr(part)));
    const Reply broken =
        reply_of(endpoint(), failed(base::Errc::network, endpoint().url + ": Connection refused"), now);
    EXPECT_EQ(broken.error, "https://example.org…?…: Connection refused");
}

TEST(Digest, NamesTheFirstAndCountsTheRest) {
    std::vector<model::Event> events;
    for (int i = 0; i < 30; ++i) {
        auto article = sample::article();
        article["title"] = std::string(5000, 'x');
        article["url"] = "https://paper.example/" + std::string(i == 0 ? 5000 : 10, 'y');
        events.push_back(sample::event("article.new", {{"article", article}}));
    }
    events[1].data = "{";
    const boost::json::value data = digest_data(events, 100);
    EXPECT_LT(boost::json::serialize(data).size(), 20'000u);
    EXPECT_EQ(data.at("events").as_array().size(), 20u);
    EXPECT_EQ(data.at("more"), 80);
    EXPECT_TRUE(data.at("events").at(0).at("url").is_null());
    EXPECT_EQ(data.at("events").at(1).at("title"), "");
    EXPECT_EQ(data.at("events").at(2).at("url"), "https://paper.example/yyyyyyyyyy");
}

TEST(EventTypes, PatternsNameWhatThereIs) {
    for (const char* good : {"*", "article.new", "article.*", "source.*", "endpoint.*"})
        EXPECT_TRUE(is_event_pattern(good)) << good;
    for (const char* bad : {"", "article", "article.", "*.new", "art*", "sauce.*", ".*"})
        EXPECT_FALSE(is_event_pattern(bad)) << bad;
}

} // namespace
} // namespace cdtd::notify
