#include <cdtd/schedule/robots.hpp>

#include <gtest/gtest.h>

namespace cdtd::schedule {
namespace {

struct RobotsCase {
    const char* what;
    std::string text;
    const char* path;
    const char* rule; ///< "" = allowed
};

TEST(Robots, TheLongestRuleOfOurGroupDecides) {
    const std::string all = "User-agent: *\n";
    const RobotsCase cases[] = {
        {"nothing said", "", "/a", ""},
        {"an error page", "<html><body>404: not here</body></html>", "/a", ""},
        {"all forbidden", all + "Disallow: /", "/a", "Disallow: /"},
        {"an empty rule forbids nothing", all + "Disallow:", "/a", ""},
        {"a beginning", all + "Disallow: /private", "/private/x", "Disallow: /private"},
        {"another beginning", all + "Disallow: /private", "/public", ""},
        {"longer allows", all + "Disallow: /a\nAllow: /a/b", "/a/b/c", ""},
        {"longer forbids", all + "Allow: /a\nDisallow: /a/b", "/a/b/c", "Disallow: /a/b"},
        {"as long: allowed", all + "Disallow: /a\nAllow: /a", "/a", ""},
        {"star", all + "Disallow: /*/feed", "/x/y/feed/", "Disallow: /*/feed"},
        {"star and end", all + "Disallow: /*.pdf$", "/x.pdf", "Disallow: /*.pdf$"},
        {"not at the end", all + "Disallow: /*.pdf$", "/x.pdf?y", ""},
        {"the end after several stars", all + "Disallow: /a*b*c$", "/abcbc", "Disallow: /a*b*c$"},
        {"the end before the last star's piece", all + "Disallow: /a*bc*c$", "/abc", ""},
        {"pieces in their order", all + "Disallow: /*b*a", "/ab", ""},
        {"stars in a row, at the end", all + "Disallow: /a**b*", "/axb", "Disallow: /a**b*"},
        {"nothing but the end", all + "Disallow: $", "/a", ""},
        {"query", all + "Disallow: /*?", "/a?b=c", "Disallow: /*?"},
        {"our group, not everybody's", "User-agent: cdtd\nDisallow: /b\n\nUser-agent: *\nDisallow: /", "/a",
         ""},
        {"our group in other letters, with a version", "USER-AGENT: CDTD/1.0\nDISALLOW: /b", "/b",
         "Disallow: /b"},
        {"a longer name is not ours", "User-agent: cdtdbot\nDisallow: /\nUser-agent: *\nAllow: /", "/a", ""},
        {"two names, one group", "User-agent: x\nUser-agent: cdtd\nDisallow: /a", "/a", "Disallow: /a"},
        {"groups for us are one",
         "User-agent: cdtd\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: "
         "cdtd\nDisallow: /c",
         "/c", "Disallow: /c"},
        {"names with an empty line between them are one group",
         "User-agent: cdtd\n\nUser-agent: x\nDisallow: /", "/a", "Disallow: /"},
        {"comments, blanks, carriage returns",
         "\xEF\xBB\xBF# hi\r\nUser-agent : * # all\r\n Disallow : /a # no\r\n", "/a", "Disallow: /a"},
        {"encoded and not", all + "Disallow: /桥", "/%e6%a1%a5/1", "Disallow: /桥"},
        {"encoded twice over", all + "Disallow: /%7Ex", "/~x", "Disallow: /%7Ex"},
        {"itself", all + "Disallow: /", "/robots.txt", ""},
        {"rules before any group", "Disallow: /\nUser-agent: *\nAllow: /", "/a", ""},
        {"other lines do not part a group", "User-agent: *\nCrawl-delay: 5\nDisallow: /a", "/a",
         "Disallow: /a"}};
    for (const auto& [what, text, path, rule] : cases)
        EXPECT_EQ(Robots(text).forbids(std::string("https://example.org") + path).value_or(""), rule) << what;
}

TEST(Robots, HostileTextsCostLittle) {
    std::string stars = "User-agent: *\n";
    for (int i = 0; i < 20'000; ++i)
        stars += "Disallow: /*a*a*a*a*a*a*b\n";
    const std::string url = "https://example.org/" + std::string(8000, 'a');
    EXPECT_EQ(Robots(stars.substr(0, 2000)).forbids(url), std::nullopt);
    std::string long_pieces = "User-agent: *\n"; // took half a minute
    for (int i = 0; i < 255; ++i)
        long_pieces += "Disallow: /*" + std::string(2000, 'a') + "b\n";
    EXPECT_EQ(Robots(long_pieces).forbids(url), std::nullopt);
    EXPECT_EQ(Robots(std::string(2'000'000, 'x')).forbids(url), std::nullopt);
    EXPECT_EQ(Robots("User-agent: *\nDisallow: /\x1b[31m")
                  .forbids("https://example.org/%1B[31m")
                  .value_or("")
                  .find('\x1b'),
              std::string::npos);
    EXPECT_EQ(Robots("User-agent: *\nDisallow: /").forbids("nonsense"), std::nullopt);
}

} // namespace
} // namespace cdtd::schedule
