// Standard Webhooks: the signature, the secret, and the request of an attempt.
#include <cdtd/base/digest.hpp>
#include <cdtd/notify/endpoint.hpp>
#include <cdtd/notify/signature.hpp>

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace cdtd::notify {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

const std::string secret_text = "whsec_" + base::to_base64("0123456789abcdefghijklmnopqrstuv");

std::string value_of(const http::Request& request, const std::string& name) {
    const auto found = std::find_if(request.headers.begin(), request.headers.end(),
                                    [&](const auto& header) { return header.first == name; });
    return found == request.headers.end() ? "" : found->second;
}

Endpoint endpoint() {
    Endpoint made;
    made.name = "newsroom";
    made.url = "https://example.org/hook";
    made.secret = base::Secret(secret_text);
    return made;
}

model::Event event() {
    model::Event made;
    made.id = "evt_1";
    made.type = "article.new";
    made.timestamp = base::Time{1'737'546'740'250ms};
    made.data = R"({"article":{"title":"【404文库】南方｜标题"}})";
    return made;
}

TEST(Signature, IsTheOneOfTheReferenceLibrary) {
    // The fixed vector of standardwebhooks 1.1.1; its key has 18 bytes, fewer than we let anyone configure.
    const base::Secret key(base::from_base64("plJ3nmyCDGBKInavdOK15jsl").value());
    EXPECT_EQ(sign(key, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1674087231,
                   R"({"event_type":"ping","data":{"success":true}})"),
              "v1,Z6EBawp6qY8MlGbkm8Ptgaf9euB2SO2ocwbufHF2c2g=");
}

TEST(Signature, CoversIdTimeAndBody) {
    const base::Secret key("0123456789abcdefghijklmnopqrstuv");
    const auto signature = sign(key, "a", 1, "b");
    EXPECT_NE(sign(key, "x", 1, "b"), signature);
    EXPECT_NE(sign(key, "a", 2, "b"), signature);
    EXPECT_NE(sign(key, "a", 1, "c"), signature);
    EXPECT_NE(sign(base::Secret("0123456789abcdefghijklmnopqrstuw"), "a", 1, "b"), signature);
    EXPECT_EQ(sign(key, "a", 1, "b"), signature);
}

TEST(KeyOf, TakesOnlyWhatTheStandardAllows) {
    const auto coded = [](std::size_t size) { return "whsec_" + base::to_base64(std::string(size, '\xff')); };
    for (const std::size_t size : {24u, 32u, 64u}) {
        const auto key = key_of(base::Secret(coded(size)));
        ASSERT_TRUE(key.has_value()) << size;
        EXPECT_EQ(key->reveal(), std::string(size, '\xff'));
    }
    const std::vector<std::string> bad = {"",
                                          "whsec_",
                                          coded(23),
                                          coded(65),
                                          coded(32).substr(6),
                                          "whpk_" + coded(32).substr(6),
                                          "whsec_%%secret-that-is-no-base64-but-long-enough-for-a-key",
                                          "whsec_" + std::string(44, '!')};
    for (const auto& text : bad) {
        const auto key = key_of(base::Secret(text));
        ASSERT_FALSE(key.has_value()) << text;
        EXPECT_EQ(key.error().code, base::Errc::usage);
        if (text.size() > 12) {
            EXPECT_THAT(key.error().message, Not(HasSubstr(text.substr(6, 6)))); // never the secret itself
        }
    }
}

TEST(Wants, ByTypeAndFeed) {
    struct Case {
        const char* what;
        std::vector<std::string> events, only_feeds;
        std::string type;
        std::vector<std::string> feeds;
        bool wanted;
    };
    const std::vector<Case> cases = {
        {"its type", {"article.new"}, {}, "article.new", {"a"}, true},
        {"another type", {"article.new"}, {}, "article.updated", {"a"}, false},
        {"no prefix match", {"article"}, {}, "article.new", {"a"}, false},
        {"all", {"*"}, {}, "source.deleted", {"a"}, true},
        {"none", {}, {}, "article.new", {"a"}, false},
        {"its feed", {"*"}, {"a", "b"}, "article.new", {"c", "b"}, true},
        {"another feed", {"*"}, {"a"}, "article.new", {"b"}, false},
        {"about no feed", {"*"}, {"a"}, "endpoint.disabled", {}, true},
        {"a ping is asked for, never told", {"*", "test.ping"}, {}, "test.ping", {}, false},
        {"a digest is for whom it is made", {"*", "digest"}, {}, "digest", {}, false},
        {"one kind", {"source.*"}, {}, "source.deleted", {"a"}, true},
        {"another kind", {"source.*"}, {}, "article.new", {"a"}, false},
        {"a kind is a whole word", {"feed.*"}, {}, "feedback.new", {}, false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        auto one = endpoint();
        one.events = c.events;
        one.feeds = c.only_feeds;
        EXPECT_EQ(wants(one, c.type, c.feeds), c.wanted);
        one.enabled = false;
        EXPECT_FALSE(wants(one, c.type, c.feeds));
    }
}

TEST(Body, IsTheDocumentedJson) {
    auto one = event();
    EXPECT_EQ(body_of(one), R"({"type":"article.new","timestamp":"2025-01-22T11:52:20.250Z",)"
                            R"("data":{"article":{"title":"【404文库】南方｜标题"}}})");
    one.type = "a\"b";
    one.data.clear();
    EXPECT_EQ(boost::json::parse(body_of(one)).at("type").as_string(), "a\"b");
    EXPECT_TRUE(boost::json::parse(body_of(one)).at("data").as_object().empty());
}

TEST(Request, IsSignedAnewAtEachAttempt) {
    const base::Time first{1'737'546'800s + 999'999us}, later{1'737'550'000s};
    const auto request = make_request(endpoint(), event(), first);
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, "https://example.org/hook");
    EXPECT_EQ(request.body, body_of(event()));
    EXPECT_EQ(value_of(request, "Content-Type"), "application/json");
    EXPECT_EQ(value_of(request, "webhook-id"), "evt_1");
    EXPECT_EQ(value_of(request, "webhook-timestamp"), "1737546800");
    EXPECT_EQ(value_of(request, "webhook-signature"),
              sign(key_of(base::Secret(secret_text)).value(), "evt_1", 1737546800, request.body));
    EXPECT_FALSE(request.follow_redirects);
    EXPECT_FALSE(request.polite);
    EXPECT_FALSE(request.trusted);
    EXPECT_EQ(request.timeout, base::Duration(15s));

    const auto again = make_request(endpoint(), event(), later);
    EXPECT_EQ(value_of(again, "webhook-id"), "evt_1");
    EXPECT_EQ(value_of(again, "webhook-timestamp"), "1737550000");
    EXPECT_NE(value_of(again, "webhook-signature"), value_of(request, "webhook-signature"));
    EXPECT_EQ(again.body, request.body);
}

TEST(Request, TwoSecretsSignWhileTheyAreChanged) {
    auto one = endpoint();
    one.old_secret = base::Secret("whsec_" + base::to_base64(std::string(32, 'o')));
    const auto request = make_request(one, event(), base::Time{1s});
    const auto both = [&](const base::Secret& secret) {
        return sign(key_of(secret).value(), "evt_1", 1, request.body);
    };
    EXPECT_EQ(value_of(request, "webhook-signature"), both(one.secret) + " " + both(one.old_secret));
}

TEST(Request, TakesConfiguredHeadersThatDoNoHarm) {
    auto one = endpoint();
    one.headers = {{"X-Token", "t"},
                   {"Webhook-Signature", "v1,forged"},
                   {"Content-Length", "1"},
                   {"X-A", "b\r\nC: d"},
                   {"X\r\nY", "z"}};
    const auto request = make_request(one, event(), base::Time{1s});
    EXPECT_EQ(value_of(request, "X-Token"), "t");
    EXPECT_EQ(request.headers.size(), 5u);
}

TEST(Request, WithoutAWholeConfigurationIsABug) {
    auto one = endpoint();
    one.secret = base::Secret("whsec_x");
    EXPECT_THROW(make_request(one, event(), base::Time{1s}), std::invalid_argument);
    one = endpoint();
    one.old_secret = base::Secret("whsec_x");
    EXPECT_THROW(make_request(one, event(), base::Time{1s}), std::invalid_argument);
    one = endpoint();
    one.format = "pigeon";
    EXPECT_THROW(make_request(one, event(), base::Time{1s}), std::invalid_argument);
}

} // namespace
} // namespace cdtd::notify
