#include <cdtd/feed/pages.hpp>

#include <gtest/gtest.h>

namespace cdtd::feed {
namespace {

TEST(Pages, PagedUrl) {
    EXPECT_EQ(paged_url("https://example.org/chinese/feed/", 2), "https://example.org/chinese/feed/?paged=2");
    EXPECT_EQ(paged_url("https://example.org/?feed=rss2", 3), "https://example.org/?feed=rss2&paged=3");
    EXPECT_EQ(paged_url("https://example.org/feed/?paged=2&x=1#top", 7),
              "https://example.org/feed/?x=1&paged=7");
    EXPECT_EQ(paged_url("https://example.org/feed?", 2), "https://example.org/feed?paged=2");
}

} // namespace
} // namespace cdtd::feed
