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

TEST(Refusal, WhatIsNoImage) {
    const auto with = [](std::string body, const std::string& type) {
        return no_image(answer(200, std::move(body), {{"Content-Type", type}}));
    };
    EXPECT_FALSE(with("\xFF\xD8\xFF\xE0 and so on", ""));
    EXPECT_FALSE(with("\x89PNG\r\n\x1A\n", "text/html"));
    EXPECT_FALSE(with("GIF89a", "application/octet-stream"));
    EXPECT_FALSE(with(std::string("RIFF\0\0\0\0WEBPVP8 ", 16), ""));
    EXPECT_FALSE(with(std::string("\0\0\0\x20"
                                  "ftypavif",
                                  12),
                      ""));
    EXPECT_FALSE(with("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"));
    EXPECT_FALSE(with("something new", "image/jxl"));
    for (const auto& [body, type] :
         {std::pair("<html><title>hotlinking forbidden", "text/html"),
          std::pair("<!DOCTYPE html><p>no", "image/png"), std::pair("", "image/png"),
          std::pair("no such picture", "text/plain"), std::pair("{}", "")}) {
        const auto error = with(body, type);
        ASSERT_TRUE(error) << body;
        EXPECT_EQ(error->code, base::Errc::bad_data);
    }
}

} // namespace
} // namespace cdtd::pipeline
