// [[feed]] blocks out of somebody's list: names, escapes, and that the configuration reads them.
#include "app/feed_blocks.hpp"

#include <cdtd/app/config.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace cdtd::app {
namespace {

using testing::HasSubstr;
using testing::Not;

feed::Subscription titled(const std::string& title, const std::string& url = "https://a.example/feed/") {
    feed::Subscription feed;
    feed.title = title;
    feed.url = url;
    return feed;
}

TEST(FeedName, OfTitleOrAddress) {
    struct Case {
        std::string title, url, name;
    };
    for (const auto& [title, url, name] : std::vector<Case>{
             {"China Digital Times", "https://a.example/", "china-digital-times"},
             {"  The: “Sample” -- News!  ", "https://a.example/", "the-sample-news"},
             {"Ｆｕｌｌ Ｗｉｄｔｈ", "https://a.example/", "full-width"},
             {"中国数字时代", "https://www.chinadigitaltimes.net/chinese/feed/",
              "chinadigitaltimes-net-chinese"},
             {"中国数字时代 CDT", "https://chinadigitaltimes.net/rss.xml", "chinadigitaltimes-net"},
             {"", "https://feeds.b.example:8080/News/Atom?x=1", "b-example-news"},
             {"新闻", "https://b.example/%E6%96%B0/x.rss", "b-example-x-rss"},
             {"???", "https://b.example/", "b-example"},
             {"a very long title that goes on and on and on and on", "https://a.example/",
              "a-very-long-title-that-goes-on-and-on"},
             {std::string(100, 'x'), "https://a.example/", std::string(40, 'x')},
         }) {
        std::set<std::string> taken;
        EXPECT_EQ(feed_name(titled(title, url), taken), name) << title;
    }
}

TEST(FeedName, OurOwnIsKeptAndEachIsThereOnce) {
    std::set<std::string> taken{"sample", "sample-2"};
    auto feed = titled("Sample");
    EXPECT_EQ(feed_name(feed, taken), "sample-3");
    EXPECT_EQ(feed_name(feed, taken), "sample-4");
    feed.name = "mine";
    EXPECT_EQ(feed_name(feed, taken), "mine");
    feed.name = "Not a name!";
    EXPECT_EQ(feed_name(feed, taken), "sample-5");
}

TEST(TomlString, Escapes) {
    EXPECT_EQ(toml_string("a\"b\\c\n\x7f\x01é"), R"("a\"b\\c\u000A\u007F\u0001é")");
    EXPECT_EQ(toml_string(""), "\"\"");
}

TEST(FeedBlock, IsGoodConfigurationWhateverTheTitle) {
    auto first = titled("标题\n[[feed]]\nname = \"evil\" \x1b[2J\u2028x", "https://a.example/?q=%22&x='");
    first.interval = std::chrono::minutes(15);
    first.enabled = false;
    const std::string text = feed_block(first, "one") + feed_block(titled(""), "two");
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_EQ(text.find("# "), 0u);
    const std::string path = testing::TempDir() + "cdtd-blocks-" + std::to_string(getpid());
    std::ofstream(path) << text;
    const Loaded loaded = load_config(path);
    std::filesystem::remove(path);
    ASSERT_TRUE(loaded.config) << to_string(loaded.faults.at(0)) << text;
    ASSERT_EQ(loaded.config->feeds.size(), 2u);
    EXPECT_EQ(loaded.config->feeds[0].name, "one");
    EXPECT_EQ(loaded.config->feeds[0].url, first.url);
    EXPECT_EQ(loaded.config->feeds[0].interval, std::chrono::minutes(15));
    EXPECT_FALSE(loaded.config->feeds[0].enabled);
    EXPECT_EQ(loaded.config->feeds[1].interval, std::chrono::hours(1));
}

} // namespace
} // namespace cdtd::app
