// Where articles stand in a list: found by indexes alone, the rows of one page are read afterwards. A list
// costs what its page costs, however many articles there are. Private.
#pragma once

#include <cdtd/store/articles.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace cdtd::store {

/// Place in a list: (sort_at, id) newest first, or (change, id) upward.
struct ListPlace {
    std::int64_t at;
    std::int64_t id;
    bool operator==(const ListPlace&) const = default;
};
/// Before all others of a list that is newest first.
inline constexpr ListPlace top_place{std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::max()};

/// One kind of filter: any of these terms.
struct Group {
    std::vector<std::int64_t> terms;
    std::int64_t weight = 0; ///< articles, counted up to a bound
};
/// nullopt: a filter that nothing can pass. The rarest group comes first.
std::optional<std::vector<Group>> groups_of(Connection& db, const ArticleFilter& filter);

/// Where a list takes its candidates from.
struct Wanted {
    const std::vector<Group>& groups;
    const ArticleFilter& filter;
    const std::vector<std::int64_t>* only = nullptr; ///< these articles; null: whatever the groups say
    std::int64_t below = top_place.id;               ///< ids alone that are less; not by change
};
/// Those behind `start`, in the list's order, at most filter.limit + 1.
std::vector<ListPlace> places_of(Connection& db, const Wanted& wanted, ListPlace start);
void sort_newest_first(std::vector<ListPlace>& places);

} // namespace cdtd::store
