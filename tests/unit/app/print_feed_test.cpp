// `feeds explain` as people read it.
#include <cdtd/app/print.hpp>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cdtd::app {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string printed(const char* json) {
    return print_feed(boost::json::parse(json).as_object(), Style{false, 200});
}

TEST(PrintFeed, EverythingThatIsKnown) {
    const std::string text = printed(R"({"name":"cdt","url":"https://new.example/feed/","enabled":true,
        "state":"failing","title":"样本\u001b[2J\u202e报","last_poll_at":"2026-11-25T07:36:42.288Z","last_status":503,
        "last_error":"the server answered 503","consecutive_failures":4,"last_change_at":"2026-11-20T01:02:03.000Z",
        "next_poll_at":"2026-11-25T08:36:00.000Z","bounds":[
        {"kind":"interval","value":"1h","origin":"configuration","until":"2026-11-25T08:34:43.280Z","won":false},
        {"kind":"sy","value":"hourly/1\u0007","origin":"feed","until":"2026-11-25T08:36:00.000Z","won":true}],
        "etag":"W/\"a\"","last_modified":"Tue, 24 Nov 2026 08:00:00 GMT","entries":120,
        "configured_url":"https://old.example/feed/","former_urls":["https://old.example/feed/","https://mid.example/f"],
        "move":{"to":"https://next.example/","since":"2026-11-25T01:00:00.000Z","seen":3},
        "cadence":{"ttl":5400,"update_period":3600,"skip_hours":[1,2],"skip_days":[0,6]},
        "stale":true,"unusual_silence":259200,"repairs":["bare '&'","control characters"],
        "walks":[{"kind":"gap","state":"done","started_at":"2026-11-01T00:00:00.000Z","page":4,"last_page":null,
        "until":null,"found":12,"next_try_at":null,"last_error":null},
        {"kind":"backfill","state":"walking","started_at":"2026-11-02T00:00:00.000Z","page":7,"last_page":10,
        "until":"2024-01-01T00:00:00.000Z","found":90,"next_try_at":"2026-11-25T09:00:00.000Z",
        "last_error":"page 7: the server answered 500"}]})");
    for (const char* expected :
         {"cdt: failing, “样本", "Address       https://new.example/feed/\n",
          "Configured    https://old.example/feed/\n",
          "Formerly      https://old.example/feed/\n              https://mid.example/f\n",
          "Moving        to https://next.example/: redirects there for good since 2026-11-25 01:00Z, seen 3 "
          "times",
          "Last poll     2026-11-25 07:36Z, status 503\n", "Last error    the server answered 503\n",
          "Failures      4 in a row\n", "silence over 3d is unusual; it is silent", "ETag          W/\"a\"\n",
          "Modified      Tue, 24 Nov", "Repairs       bare '&'\n              control characters\n",
          "ttl 90m; update period 1h; not at (GMT) 1 2; not on Sun Sat\n",
          "Gap           done, page 4; 12 found; begun 2026-11-01 00:00Z\n",
          "Backfill      walking, page 7 of 10, back to 2024-01-01 00:00Z; 90 found; begun 2026-11-02 "
          "00:00Z; goes "
          "on 2026-11-25 09:00Z; page 7: the server answered 500\n",
          "Next poll     2026-11-25 08:36Z\n", "interval  1h        configuration  2026-11-25 08:34Z  -\n",
          "sy        hourly/1  feed           2026-11-25 08:36Z  decided\n"})
        EXPECT_THAT(text, HasSubstr(expected));
    for (const char* unsafe : {"\x1b", "\xe2\x80\xae", "\x07"})
        EXPECT_THAT(text, Not(HasSubstr(unsafe)));
}

TEST(PrintFeed, ANewOneSaysNoMoreThanIsKnown) {
    const std::string text =
        printed(R"({"name":"a","url":"https://a.example/","enabled":true,"state":"new","title":"",
        "last_poll_at":null,"last_status":null,"last_error":null,"consecutive_failures":0,"next_poll_at":null,
        "bounds":[],"entries":0,"configured_url":"https://a.example/","former_urls":[],"move":null,
        "cadence":{"ttl":null,"skip_hours":[],"skip_days":[]},"walks":[]})");
    EXPECT_EQ(text, "a: new\n"
                    "Address       https://a.example/\n"
                    "Last poll     never\n"
                    "Entries       0\n"
                    "Next poll     at once\n");
}

TEST(PrintFeed, SaysWhatOnlyTheOperatorCanDo) {
    EXPECT_THAT(printed(R"({"name":"a","enabled":true,"state":"held"})"),
                HasSubstr("`cdtd feeds release a`"));
    EXPECT_THAT(printed(R"({"name":"a","enabled":true,"state":"gone"})"), HasSubstr("`cdtd feeds enable a`"));
}

TEST(PrintFeed, OneThatIsSwitchedOffHasNoNextPoll) {
    const std::string text =
        printed(R"({"name":"a","url":"u","configured_url":"u","enabled":false,"state":"ok",
        "last_poll_at":"2026-11-25T07:36:42.288Z","last_status":null,"next_poll_at":"2026-11-25T08:36:42.288Z"})");
    EXPECT_THAT(text, HasSubstr("a: off\n"));
    EXPECT_THAT(text, HasSubstr("2026-11-25 07:36Z, no answer\n"));
    EXPECT_THAT(text, Not(HasSubstr("Next poll")));
}

} // namespace
} // namespace cdtd::app
