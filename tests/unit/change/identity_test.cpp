#include <cdtd/change/identity.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cdtd::change {
namespace {

const std::string chinese = "https://chinadigitaltimes.net/chinese/feed/";
const std::string english = "https://chinadigitaltimes.net/feed/";

model::Entry entry(std::string guid, std::string link, std::string title = "题") {
    model::Entry e;
    e.guid = std::move(guid);
    e.link = std::move(link);
    e.title = std::move(title);
    return e;
}

Identity one(const model::Entry& e, const std::string& feed_url = chinese) {
    model::Feed feed;
    feed.entries.push_back(e);
    return identify(feed, feed_url).at(0);
}

std::vector<std::string> lines(const std::vector<Key>& keys) {
    std::vector<std::string> out;
    for (const Key& key : keys)
        out.push_back(key.kind + " " + key.value);
    return out;
}

using Lines = std::vector<std::string>;

TEST(PostId, table) {
    struct Row {
        const char* url;
        const char* site; // "" = none
        std::int64_t id;
    };
    const Row rows[] = {
        {"https://chinadigitaltimes.net/chinese/?p=715285", "chinadigitaltimes.net/chinese", 715285},
        {"http://www.chinadigitaltimes.net/chinese/?p=715285", "chinadigitaltimes.net/chinese", 715285},
        {"https://chinadigitaltimes.net/chinese/715285.html", "chinadigitaltimes.net/chinese", 715285},
        {"https://chinadigitaltimes.net/chinese/715285.html?utm_source=rss#more",
         "chinadigitaltimes.net/chinese", 715285},
        {"https://chinadigitaltimes.net/?p=715285", "chinadigitaltimes.net", 715285},
        {"https://chinadigitaltimes.net/2025/01/some-slug/", "", 0},
        {"https://chinadigitaltimes.net/chinese/2020/10/658453/", "", 0},
        {"https://chinadigitaltimes.net/chinese/?page_id=7", "", 0},
        {"https://chinadigitaltimes.net/chinese/?p=", "", 0},
        {"https://chinadigitaltimes.net/chinese/?p=0", "", 0},
        {"https://chinadigitaltimes.net/chinese/?p=-5", "", 0},
        {"https://chinadigitaltimes.net/chinese/?p=12345678901234567890", "", 0},
        {"https://chinadigitaltimes.net/chinese/a715285.html", "", 0},
        {"https://user@chinadigitaltimes.net/chinese/?p=7", "chinadigitaltimes.net/chinese", 7},
        {"https://chinadigitaltimes.net@evil.example/chinese/?p=7", "evil.example/chinese", 7},
        {"ftp://chinadigitaltimes.net/chinese/?p=7", "", 0},
        {"715285", "", 0},
        {"", "", 0},
    };
    for (const Row& row : rows) {
        const auto post = post_id_of(row.url);
        ASSERT_EQ(post.has_value(), *row.site != '\0') << row.url;
        if (post) {
            EXPECT_EQ(post->site, row.site) << row.url;
            EXPECT_EQ(post->id, row.id) << row.url;
        }
    }
}

TEST(Identify, strongest_first) {
    const Identity identity = one(entry("https://chinadigitaltimes.net/chinese/?p=715285",
                                        "http://www.chinadigitaltimes.net/chinese/715285.html?utm_source=x"));
    EXPECT_EQ(identity.site, "chinadigitaltimes.net/chinese");
    EXPECT_EQ(identity.post_id, 715285);
    EXPECT_EQ(identity.guid, "https://chinadigitaltimes.net/chinese/?p=715285");
    EXPECT_EQ(identity.url, "https://chinadigitaltimes.net/chinese/715285.html");
    EXPECT_EQ(lines(identity.keys), (Lines{"post chinadigitaltimes.net/chinese#715285",
                                           "guid chinadigitaltimes.net/chinese/?p=715285",
                                           "link chinadigitaltimes.net/chinese/715285.html"}));
}

TEST(Identify, the_two_blogs_do_not_collide) {
    const auto zh = one(entry("https://chinadigitaltimes.net/chinese/?p=700000", ""), chinese);
    const auto en = one(entry("https://chinadigitaltimes.net/?p=700000", ""), english);
    for (const Key& key : zh.keys)
        EXPECT_EQ(std::ranges::count(en.keys, key), 0) << key.value;
    EXPECT_NE(one(entry("42", ""), chinese).keys, one(entry("42", ""), english).keys);
}

TEST(Identify, one_post_under_many_faces) {
    const auto key = one(entry("https://chinadigitaltimes.net/chinese/?p=665654", "")).keys.front();
    for (const auto& e :
         {entry("http://www.chinadigitaltimes.net/chinese/?p=665654", "https://other.example/x"),
          entry("665654-without-url", "https://chinadigitaltimes.net/chinese/665654.html"),
          entry("", "http://chinadigitaltimes.net/chinese/665654.html#more")})
        EXPECT_EQ(one(e).keys.front(), key) << e.guid << " " << e.link;
}

TEST(Identify, a_slug_that_moved_keeps_its_other_keys) {
    const auto before = one(entry("https://x.example/?p=7", "https://x.example/2020/06/alt/"));
    const auto after = one(entry("https://x.example/?p=7", "https://x.example/2020/06/404-alt/"));
    EXPECT_EQ(before.keys[0], after.keys[0]);
    EXPECT_EQ(before.keys[1], after.keys[1]);
    EXPECT_NE(before.keys[2], after.keys[2]);
}

TEST(Identify, foreign_guids_are_scoped_by_the_feeds_site) {
    EXPECT_EQ(lines(one(entry("abc-1", "")).keys), Lines{"guid chinadigitaltimes.net/chinese#abc-1"});
    const auto key = one(entry("abc-1", ""), "https://x.example/news/rss.xml").keys;
    EXPECT_EQ(lines(key), Lines{"guid x.example/news#abc-1"});
    for (const char* url : {"http://www.x.example/news/feed/atom/", "https://x.example/news/?feed=rss2",
                            "https://x.example/news/feed/?paged=2"})
        EXPECT_EQ(one(entry("abc-1", ""), url).keys, key) << url;
    EXPECT_EQ(lines(one(entry("https://x.example/live#3", "")).keys), Lines{"guid x.example/live#3"});
}

TEST(Identify, a_key_that_repeats_is_none) {
    model::Feed feed;
    feed.entries = {entry("all-the-same", "https://x.example/2020/01/a/", "one"),
                    entry("all-the-same", "https://x.example/2020/01/b/", "two"),
                    entry("own", "https://x.example/2020/01/c/", "three")};
    const auto ids = identify(feed, "https://x.example/feed/");
    EXPECT_EQ(lines(ids[0].keys), Lines{"link x.example/2020/01/a/"});
    EXPECT_EQ(lines(ids[1].keys), Lines{"link x.example/2020/01/b/"});
    EXPECT_EQ(lines(ids[2].keys), (Lines{"guid x.example#own", "link x.example/2020/01/c/"}));
    EXPECT_EQ(ids[0].guid, "all-the-same");
}

TEST(Identify, a_post_id_that_repeats_is_none) {
    model::Feed feed;
    feed.entries = {entry("https://x.example/?p=1", "https://x.example/a", "one"),
                    entry("https://x.example/?p=1", "https://x.example/b", "two")};
    for (const auto& identity : identify(feed, "https://x.example/feed/")) {
        EXPECT_FALSE(identity.post_id || identity.site);
        EXPECT_EQ(identity.keys.size(), 1U);
        EXPECT_EQ(identity.keys.front().kind, "link");
    }
}

TEST(Identify, an_entry_that_stands_there_twice_keeps_its_keys) {
    model::Feed feed;
    feed.entries = {entry("https://x.example/?p=1", "https://x.example/a"),
                    entry("https://x.example/?p=1", "https://x.example/a")};
    const auto ids = identify(feed, "https://x.example/feed/");
    EXPECT_EQ(ids[0].keys, ids[1].keys);
    EXPECT_EQ(ids[0].keys.front().kind, "post");
}

TEST(Identify, last_resort_is_a_digest) {
    model::Feed feed;
    feed.entries = {entry("", "", "one"), entry("", "javascript:alert(1)", "one"), entry("same", "", "three"),
                    entry("same", "", "four")};
    feed.entries[0].content = "<p>甲</p>";
    feed.entries[1].summary = "<p>乙</p>";
    const auto ids = identify(feed, chinese);
    std::set<std::string> values;
    for (const auto& identity : ids) {
        ASSERT_EQ(identity.keys.size(), 1U);
        EXPECT_EQ(identity.keys.front().kind, "digest");
        EXPECT_EQ(identity.url, "");
        values.insert(identity.keys.front().value);
    }
    EXPECT_EQ(values.size(), 4U);
    EXPECT_EQ(identify(feed, chinese)[0].keys, ids[0].keys);
}

TEST(Identify, endless_guids_are_bounded) {
    const auto identity = one(entry(std::string(1'000'000, 'g'), ""));
    EXPECT_LT(identity.keys.front().value.size(), 100U);
    EXPECT_NE(identity.keys, one(entry(std::string(1'000'001, 'g'), "")).keys);
    EXPECT_TRUE(identify({}, "").empty());
    EXPECT_FALSE(one(entry("g", ""), "no url").keys.empty());
}

TEST(Reference, every_key_of_an_entry_is_found_by_its_words) {
    const auto e = entry("https://chinadigitaltimes.net/chinese/?p=715285",
                         "https://chinadigitaltimes.net/chinese/2020/06/%E9%A2%98/");
    const auto keys = one(e).keys;
    const auto finds = [&keys](const std::string& word) {
        return std::ranges::any_of(keys_of_reference(word),
                                   [&](const Key& key) { return std::ranges::count(keys, key) > 0; });
    };
    for (const char* word :
         {"https://chinadigitaltimes.net/chinese/?p=715285",
          " http://www.chinadigitaltimes.net/chinese/715285.html ",
          "chinadigitaltimes.net/chinese/715285.html", "chinadigitaltimes.net/chinese#715285",
          "https://chinadigitaltimes.net/chinese/2020/06/题"})
        EXPECT_TRUE(finds(word)) << word;
    for (const char* word : {"", "715285", "https://chinadigitaltimes.net/?p=715285",
                             "https://chinadigitaltimes.net/chinese/715286.html"})
        EXPECT_FALSE(finds(word)) << word;
    EXPECT_TRUE(keys_of_reference("  ").empty());
}

} // namespace
} // namespace cdtd::change
