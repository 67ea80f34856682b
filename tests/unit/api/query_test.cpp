#include "api/guard.hpp"
#include "api/query.hpp"
#include "api/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace cdtd;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Query, DecodesNamesAndValues) {
    auto query = api::Query::parse("outlet=%E7%94%B2%E6%8A%A5&topic=a+b%2Cc&&url=https://x.org/a+b").value();
    EXPECT_EQ(query.text("outlet"), "甲报");
    EXPECT_THAT(query.list("topic"), ElementsAre("a b", "c"));
    EXPECT_EQ(query.text("url"), "https://x.org/a+b");
    EXPECT_EQ(query.text("feed"), std::nullopt);
    EXPECT_TRUE(query.done());
}

TEST(Query, RefusesWhatIsBroken) {
    for (const auto* raw :
         {"a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "a=%0a", "a=1&a=2", "%C3%28=1", "a=\xff"})
        EXPECT_FALSE(api::Query::parse(raw).has_value()) << raw;
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += "p" + std::to_string(i) + "=1&";
    EXPECT_FALSE(api::Query::parse(many).has_value());
}

TEST(Query, HoldsValuesToTheirKind) {
    struct Case {
        const char* raw;
        bool good;
    };
    for (const auto& [raw, good] : {Case{"limit=1", true},
                                    Case{"limit=500", true},
                                    Case{"limit=0", false},
                                    Case{"limit=501", false},
                                    Case{"limit=-1", false},
                                    Case{"limit=%2B5", false},
                                    Case{"limit=", false},
                                    Case{"limit", false},
                                    Case{"limit=5x", false},
                                    Case{"limit=99999999999999999999", false},
                                    Case{"since=2025-01-22", true},
                                    Case{"since=7d", true},
                                    Case{"since=2025-01-22T00:00:00+08:00", true},
                                    Case{"since=soon", false},
                                    Case{"state=seen,gone", true},
                                    Case{"state=seen,,gone", false},
                                    Case{"state=lost", false},
                                    Case{"state=%20", false},
                                    Case{"other=1", false},
                                    Case{"", true}}) {
        auto query = api::Query::parse(raw).value();
        query.limit();
        query.time("since", base::Time{});
        query.list_of("state", {"seen", "gone"});
        EXPECT_EQ(query.done(), good) << raw << ": " << query.fault();
        EXPECT_EQ(query.fault().empty(), good) << raw;
    }
}

TEST(Query, ListHasABound) {
    std::string raw = "feed=a";
    for (int i = 0; i < 200; ++i)
        raw += ",a";
    auto query = api::Query::parse(raw).value();
    query.list("feed");
    EXPECT_FALSE(query.done());
}

TEST(Target, FindsRoutes) {
    const auto pattern = [](std::string_view target) -> std::string {
        const auto read = api::read_target(target);
        if (!read)
            return "bad";
        const auto found = api::find_route(*read);
        return found ? std::string(found->route->pattern) + " " + found->name : "none";
    };
    EXPECT_EQ(pattern("/api/v1/feeds"), "/api/v1/feeds ");
    EXPECT_EQ(pattern("/api/v1/feeds/a%2Fb?x"), "/api/v1/feeds/{} a/b");
    EXPECT_EQ(pattern("/api/v1/feeds/x/poll"), "/api/v1/feeds/{}/poll x");
    EXPECT_EQ(pattern("/api/v1/feeds/"), "none");
    EXPECT_EQ(pattern("//api/v1/feeds"), "none");
    EXPECT_EQ(pattern("/api/v1/articles/../feeds"), "none");
    EXPECT_EQ(pattern("/"), "none");
    EXPECT_EQ(pattern("/api/v1/feeds/%E4%B8"), "bad");
    EXPECT_EQ(pattern("/healthz#x"), "bad");
    EXPECT_EQ(pattern(""), "bad");
    EXPECT_EQ(pattern("*"), "bad");
}

TEST(Guard, ReadsAuthorities) {
    const auto shown = [](std::string_view text) -> std::string {
        const auto read = api::read_authority(text);
        return read ? read->host + "|" + (read->port ? std::to_string(*read->port) : "") : "bad";
    };
    EXPECT_EQ(shown("LocalHost:80"), "localhost|80");
    EXPECT_EQ(shown("example.org"), "example.org|");
    EXPECT_EQ(shown("[0:0:0:0:0:0:0:1]:8645"), "::1|8645");
    for (const auto* text : {"", ":80", "a:", "a:b", "a:80:80", "a:65536", "[::1", "[::1]x", "[a]:80",
                             "u@a:80", "a/b", "a b", "::1", "[127.0.0.1]:80", "a,b"})
        EXPECT_EQ(shown(text), "bad") << text;
}

TEST(Guard, KnowsItsNames) {
    api::Settings settings;
    settings.public_url = "https://archive.example.org/cdt/";
    const api::Guard guard(settings, "192.0.2.7", std::uint16_t{8645});
    const auto status = [&](const char* host) {
        api::Head head;
        head.version(11);
        head.set(boost::beast::http::field::host, host);
        const auto refusal = guard.check_host(head, "198.51.100.1");
        return refusal ? refusal->status : 200;
    };
    for (const auto* host : {"192.0.2.7:8645", "localhost:8645", "127.0.0.1:8645", "[::1]:8645",
                             "198.51.100.1:8645", "archive.example.org", "ARCHIVE.example.org:443"})
        EXPECT_EQ(status(host), 200) << host;
    for (const auto* host :
         {"evil.example", "evil.example:8645", "localhost", "localhost:80", "192.0.2.8:8645",
          "localhost.evil.example:8645", "archive.example.org.evil.example", ""})
        EXPECT_EQ(status(host), 421) << host;
    api::Head none;
    none.version(11);
    EXPECT_EQ(guard.check_host(none, "")->status, 400);
}

TEST(Guard, TakesAbsoluteTargetsApart) {
    api::Head head;
    head.set(boost::beast::http::field::host, "localhost:1");
    head.target("http://evil.example:2?x=1");
    api::to_origin_form(head);
    EXPECT_EQ(std::string_view(head[boost::beast::http::field::host]), "evil.example:2");
    EXPECT_EQ(std::string_view(head.target()), "/?x=1");
}
