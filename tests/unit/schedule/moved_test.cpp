#include <cdtd/schedule/moved.hpp>

#include <gtest/gtest.h>

namespace cdtd::schedule {
namespace {

using namespace std::chrono_literals;

const base::Time start{std::chrono::sys_days{std::chrono::year(2026) / 11 / 24}};
const Chain permanent{{301}, "https://example.org/new"};

std::optional<model::Move> after(int chains, const Chain& chain, base::Duration apart) {
    std::optional<model::Move> move;
    for (int i = 0; i < chains; ++i)
        move = note_chain(move, chain, start + i * apart);
    return move;
}

TEST(Moved, three_chains_over_the_time_are_believed) {
    EXPECT_FALSE(is_believed(*after(2, permanent, 24h), 24h, start + 24h));
    EXPECT_TRUE(is_believed(*after(3, permanent, 12h), 24h, start + 24h));
    EXPECT_FALSE(is_believed(*after(3, permanent, 1h), 24h, start + 2h))
        << "three polls, but within two hours";
    EXPECT_TRUE(is_believed(*after(3, permanent, 1h), 0h, start + 2h)) << "a setting";
    EXPECT_TRUE(is_believed(*after(400, permanent, 1h), 24h, start + 400h));
}

TEST(Moved, every_hop_has_to_be_permanent) {
    for (const int status : {301, 308})
        EXPECT_TRUE(note_chain({}, {{status, 301}, "https://example.org/new"}, start)) << status;
    for (const int status : {302, 303, 307})
        EXPECT_FALSE(note_chain({}, {{301, status}, "https://example.org/new"}, start)) << status;
}

TEST(Moved, anything_else_in_between_begins_anew) {
    const auto twice = after(2, permanent, 24h);
    EXPECT_FALSE(note_chain(twice, {{}, "https://example.org/old"}, start + 48h)) << "no redirect";
    EXPECT_FALSE(note_chain(twice, {{302}, permanent.end}, start + 48h)) << "a temporary one";
    const auto elsewhere = note_chain(twice, {{301}, "https://example.org/third"}, start + 48h);
    ASSERT_TRUE(elsewhere);
    EXPECT_EQ(elsewhere->seen, 1);
    EXPECT_EQ(elsewhere->since, start + 48h);
}

} // namespace
} // namespace cdtd::schedule
