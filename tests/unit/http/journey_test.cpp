#include "http/journey.hpp"

#include <gtest/gtest.h>

namespace cdtd::http {
namespace {

std::expected<bool, base::Error> redirected(bool stay_secure, const std::string& from,
                                            const std::string& to) {
    Request request(from);
    request.stay_secure = stay_secure;
    Journey journey(std::move(request), 5);
    Hop hop;
    hop.url = from;
    hop.status = 301;
    hop.headers = {{"Location", to}};
    return journey.follow({hop});
}

TEST(Journey, a_feed_is_not_led_from_https_to_http) {
    const auto refused = redirected(true, "https://example.org/feed/", "http://example.org/feed/");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::Errc::forbidden);
    EXPECT_TRUE(redirected(true, "https://example.org/feed/", "/other/"));
    EXPECT_TRUE(redirected(true, "http://example.org/feed/", "https://example.org/feed/"));
    EXPECT_TRUE(redirected(true, "http://example.org/feed/", "http://example.org/other/"));
    EXPECT_TRUE(redirected(false, "https://example.org/a.png", "http://example.org/a.png"))
        << "a capture is evidence of it";
}

} // namespace
} // namespace cdtd::http
