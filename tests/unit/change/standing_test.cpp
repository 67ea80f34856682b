#include <cdtd/change/standing.hpp>

#include <gtest/gtest.h>

#include <sstream>

namespace cdtd::change {
namespace {

base::Time hour(int n) {
    return base::Time(std::chrono::hours(n));
}

/// Looks an hour apart, each by the first letters of its state; after each: what is shown, and the news.
std::string tell(const std::string& looks, int confirm, Standing* end = nullptr) {
    const auto state_of = [](char c) -> std::string {
        switch (c) {
        case 'a':
            return "alive";
        case 'd':
            return "deleted";
        case 'c':
            return "censored";
        case 'x':
            return "challenged";
        case 'u':
            return "unreachable";
        default:
            return "unknown";
        }
    };
    Standing standing;
    std::string out;
    int n = 0;
    for (const char c : looks) {
        model::Look look;
        look.at = hour(n++);
        look.state = state_of(c);
        const auto news = take_look(standing, look, confirm);
        out += standing.shown.state.substr(0, 1);
        out += news == News::deleted    ? "!D"
               : news == News::censored ? "!C"
               : news == News::restored ? "!R"
                                        : "";
        EXPECT_EQ(standing.shown.checked_at, look.at);
        EXPECT_GE(next_wait(standing), 1);
    }
    if (end)
        *end = standing;
    return out;
}

// In the answers: a alive, d deleted, c censored or challenged, u unreachable or unknown; !X what is told.
TEST(Standing, whatIsTold) {
    const std::vector<std::tuple<std::string, int, std::string>> rows = {
        {"a", 2, "a"},
        {"aaaa", 2, "aaaa"},
        {"ad", 2, "ad"},
        {"add", 2, "add!D"},
        {"addddd", 2, "add!Dddd"}, // once
        {"dd", 2, "dd!D"},
        {"cc", 2, "cc!C"},
        {"ad", 1, "ad!D"},
        {"add", 3, "add"},
        {"addd", 3, "addd!D"},
        {"ada", 2, "ada"}, // a slip of theirs
        {"adada", 2, "adada"},
        {"dcdc", 2, "dcdc"},
        {"ddcc", 2, "dd!Dcc!C"}, // first by its author, then by the platform
        // What refuses us neither counts nor takes back.
        {"dxd", 2, "ddd!D"},
        {"dxuxd", 2, "ddddd!D"},
        {"dx", 2, "dd"},
        {"xxxx", 2, "cccc"},
        {"axxx", 2, "accc"},
        {"axdd", 2, "acdd!D"},
        {"uuuu", 1, "uuuu"},
        {"ddx?u", 2, "dd!Dddd"},
        // And back.
        {"dda", 2, "dd!Da!R"},
        {"ddxa", 2, "dd!Dda!R"},
        {"ddaa", 2, "dd!Da!Ra"},
        {"ddada", 2, "dd!Da!Rda"}, // one slip is no second deletion
        {"ddadd", 2, "dd!Da!Rdd!D"},
        {"da", 2, "da"}, // was never believed gone
    };
    for (const auto& [looks, confirm, expected] : rows)
        EXPECT_EQ(tell(looks, confirm), expected) << looks << " " << confirm;
}

TEST(Standing, sinceWhen) {
    Standing end;
    tell("aaxdxd", 2, &end);
    EXPECT_EQ(end.shown.since, hour(3)) << "first seen, not confirmed";
    EXPECT_EQ(end.gone_at, hour(3));
    EXPECT_EQ(end.alive_until, hour(1));
    EXPECT_TRUE(end.shown.confirmed);
    tell("aad", 2, &end);
    EXPECT_FALSE(end.shown.confirmed);
    EXPECT_FALSE(end.gone_at);
    EXPECT_EQ(end.believed, "alive");
    tell("ddcc", 2, &end);
    EXPECT_EQ(end.gone_at, hour(0)) << "gone since the first";
    EXPECT_EQ(end.shown.since, hour(2));
    tell("dda", 2, &end);
    EXPECT_FALSE(end.gone_at);
    tell("axxa", 2, &end);
    EXPECT_EQ(end.shown.since, hour(0)) << "it lived on while we were refused";
    tell("xxx", 2, &end);
    EXPECT_EQ(end.shown.since, hour(0));
}

TEST(Standing, whenTheNextLookIs) {
    const std::vector<std::pair<std::string, int>> rows = {
        {"", 1},      {"a", 1},     {"aa", 2}, {"aaa", 3}, {"aaad", 1}, // soon again: to be confirmed
        {"aadd", 2},  {"x", 1},     {"xx", 2}, {"xxx", 3}, {"aaax", 1},
        {"aaaxx", 2}, {"aaaxa", 4}, // the ladder goes on where it was
        {"uuuua", 1}};
    for (const auto& [looks, expected] : rows) {
        Standing end;
        tell(looks, 2, &end);
        EXPECT_EQ(next_wait(end), expected) << looks;
    }
}

} // namespace
} // namespace cdtd::change
