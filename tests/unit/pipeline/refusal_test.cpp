#include <cdtd/pipeline/refusal.hpp>

#include <gtest/gtest.h>

namespace cdtd::pipeline {
namespace {

http::Response answer(int status, std::string body, http::Headers headers = {}) {
    http::Response response;
    response.status = status;
    response.decoded = std::move(body);
    http::Hop hop;
    hop.headers = std::move(headers);
    response.hops.push_back(hop);
    return response;
}

TEST(Refusal, ContentIsNone) {
    EXPECT_FALSE(refusal_of(answer(200, "<html><p>正文</p>")));
}

TEST(Refusal, AChallengeWithStatus200IsOne) {
    const auto by_title = refusal_of(answer(200, "<html><title>Just a moment...</title>"));
    ASSERT_TRUE(by_title);
    EXPECT_EQ(by_title->code, base::Errc::challenge);
    EXPECT_TRUE(refusal_of(answer(200, "x", {{"CF-Mitigated", "challenge"}})));
}

TEST(Refusal, ALongPageThatMentionsACaptchaIsContent) {
    EXPECT_FALSE(refusal_of(answer(200, "<form class=\"g-recaptcha\">" + std::string(100'000, 'x'))));
}

TEST(Refusal, StatusesAreToldApart) {
    EXPECT_EQ(refusal_of(answer(403, ""))->code, base::Errc::refused);
    EXPECT_EQ(refusal_of(answer(429, ""))->code, base::Errc::refused);
    EXPECT_EQ(refusal_of(answer(404, ""))->code, base::Errc::not_found);
    EXPECT_EQ(refusal_of(answer(503, ""))->code, base::Errc::network);
}

} // namespace
} // namespace cdtd::pipeline
