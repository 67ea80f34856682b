#include <cdtd/change/document.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace cdtd::change {
namespace {

using namespace std::chrono_literals;

const base::Time noon{std::chrono::sys_days{std::chrono::year(2026) / 11 / 24} + 12h};

/// One letter an entry, newest first, an hour apart from `first` on downwards: k known, h held but not known
/// in this feed, n new.
std::vector<Sighting> document(std::string_view letters, base::Time first = noon) {
    std::vector<Sighting> entries;
    for (const char letter : letters) {
        entries.push_back({letter == 'k', letter != 'n', first});
        first -= 1h;
    }
    return entries;
}

TEST(Document, connects_where_its_end_is_known) {
    EXPECT_TRUE(connects(document("nnkkk"), noon - 2h));
    EXPECT_TRUE(connects(document("kkkkk"), noon));
    EXPECT_FALSE(connects({}, noon));
}

TEST(Document, new_entries_down_to_the_end_are_a_gap) {
    EXPECT_FALSE(connects(document("nnnnn"), noon - 20h));
    EXPECT_FALSE(connects(document("hhhhh"), noon - 20h)) << "known by another feed only";
}

TEST(Document, a_post_that_sticks_to_the_top_proves_nothing) {
    EXPECT_FALSE(connects(document("knnnn"), noon - 20h));
}

TEST(Document, an_old_entry_behind_known_ones_is_no_gap) {
    // One of ours was removed, and the document reaches a little further back than before.
    EXPECT_TRUE(connects(document("kkkkn"), noon));
    // But known entries that were dated anew hide nothing that is newer than what we know.
    EXPECT_FALSE(connects(document("kknnn"), noon - 20h));
}

TEST(Document, everything_older_than_what_is_known_is_behind_the_gap) {
    EXPECT_TRUE(connects(document("nnn", noon - 30h), noon - 20h));
}

TEST(Document, runs_upwards_in_some_feeds) {
    auto entries = document("nnkk");
    std::ranges::reverse(entries);
    EXPECT_TRUE(connects(entries, noon - 2h));
    EXPECT_EQ(&oldest_end(entries), &entries.front());
    auto gap = document("nnnn");
    std::ranges::reverse(gap);
    EXPECT_FALSE(connects(gap, noon - 20h));
}

TEST(Document, without_dates_its_last_entry_is_its_end) {
    auto entries = document("nnk");
    for (Sighting& entry : entries)
        entry.published = std::nullopt;
    EXPECT_TRUE(connects(entries, noon));
    entries.back().known = false;
    EXPECT_FALSE(connects(entries, noon));
}

TEST(MassChange, is_most_of_a_document_unknown_though_old) {
    EXPECT_TRUE(is_mass_change(document("nnnnn"), noon + 1h, 0.8));
    EXPECT_TRUE(is_mass_change(document("nnnnk"), noon + 1h, 0.8));
    EXPECT_FALSE(is_mass_change(document("nnnkk"), noon + 1h, 0.8));
    EXPECT_TRUE(is_mass_change(document("nnnkk"), noon + 1h, 0.6));
}

TEST(MassChange, is_not_what_is_new_or_held_or_few) {
    EXPECT_FALSE(is_mass_change(document("nnnnn"), noon - 20h, 0.8)) << "newer than what is known";
    EXPECT_FALSE(is_mass_change(document("hhhhh"), noon + 1h, 0.8)) << "held, by another feed";
    EXPECT_FALSE(is_mass_change(document("nn"), noon + 1h, 0.8)) << "two back-dated posts";
    EXPECT_FALSE(is_mass_change(document("nnnnn"), std::nullopt, 0.8)) << "nothing is known yet";
    EXPECT_FALSE(is_mass_change(document("nnnnn"), noon + 1h, 0)) << "never";
    auto undated = document("nnnnn");
    for (Sighting& entry : undated)
        entry.published = std::nullopt;
    EXPECT_FALSE(is_mass_change(undated, noon + 1h, 0.8));
}

} // namespace
} // namespace cdtd::change
