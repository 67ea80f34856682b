// Lists of articles, with a query or without: their pages and cursors.
#include "store/cursor.hpp"
#include "store/search_rows.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cdtd::store {
namespace {

constexpr std::size_t most_hits = 1000; ///< that are found before the list itself is gone through
constexpr int most_strangers = 500;

std::vector<std::int64_t> ids_of(const std::vector<ListPlace>& places) {
    std::vector<std::int64_t> ids;
    for (const ListPlace& place : places)
        ids.push_back(place.id);
    return ids;
}

std::vector<ListPlace> known_places(Connection& db, const Matching& matching, const Wanted& wanted,
                                    ListPlace start) {
    return places_of(db, {wanted.groups, wanted.filter, &matching.known()}, start);
}

/// To `found` those of the places that the query is about.
void add_hits(Matching& matching, const std::vector<ListPlace>& places, std::vector<ListPlace>& found) {
    const auto hits = matching.among(ids_of(places));
    std::ranges::copy_if(places, std::back_inserter(found),
                         [&](const ListPlace& place) { return hits.contains(place.id); });
}

/// What may stand before `last` in the list although its id is less than that of every hit that is known:
/// what is added later mostly is later. nullopt: it is too much to be looked at.
std::optional<std::vector<ListPlace>> strangers(Connection& db, const Matching& matching,
                                                const Wanted& wanted, ListPlace start, ListPlace last) {
    ArticleFilter above = wanted.filter;
    above.since = std::max(above.since.value_or(base::Time::min()), base::Time(base::Duration(last.at)));
    above.limit = most_strangers;
    auto places = places_of(db, {wanted.groups, above, nullptr, matching.known().back()}, start);
    if (places.size() > static_cast<std::size_t>(most_strangers))
        return std::nullopt;
    return places;
}

/// By the hits of the greatest ids, where the list is newest first and ids follow time; nullopt: they do not,
/// too few hits pass the filters, or none can be known ("all others").
std::optional<std::vector<ListPlace>> by_hits(Connection& db, Matching& matching, const Wanted& wanted,
                                              ListPlace start) {
    const auto enough = static_cast<std::size_t>(wanted.filter.limit) + 1;
    // Some more than enough: a few old articles that were added late are no reason to look far back.
    for (std::size_t count = enough + enough / 8 + 16; count <= most_hits; count *= 2) {
        matching.look_for(count);
        auto places = known_places(db, matching, wanted, start);
        if (matching.all_known())
            return places;
        if (matching.known().empty())
            break;
        if (places.size() >= enough) {
            places.resize(enough);
            if (const auto others = strangers(db, matching, wanted, start, places.back())) {
                add_hits(matching, *others, places);
                sort_newest_first(places);
                return places;
            }
        }
        if (!places.empty() && !strangers(db, matching, wanted, start, places[places.size() / 2]))
            break; // against time
    }
    return std::nullopt;
}

/// In growing stretches of the list, until there are enough.
std::vector<ListPlace> by_stretches(Connection& db, Matching& matching, const Wanted& wanted,
                                    ListPlace start) {
    constexpr int first_stretch = 200, longest_stretch = 20'000, growth = 4;
    const auto limit = static_cast<std::size_t>(wanted.filter.limit);
    ArticleFilter stretch = wanted.filter;
    stretch.limit = std::max(first_stretch, 2 * wanted.filter.limit);
    std::vector<ListPlace> found;
    while (true) {
        auto places = places_of(db, {wanted.groups, stretch}, start);
        const bool more = places.size() > static_cast<std::size_t>(stretch.limit);
        if (more)
            places.resize(static_cast<std::size_t>(stretch.limit));
        add_hits(matching, places, found);
        if (!more || found.size() > limit)
            return found;
        start = places.back();
        stretch.limit = std::min(stretch.limit * growth, longest_stretch);
    }
}

std::vector<ListPlace> matching_places(Connection& db, Matching& matching, const Wanted& wanted,
                                       ListPlace start) {
    if (!wanted.filter.changed_after)
        if (auto places = by_hits(db, matching, wanted, start))
            return *places;
    matching.look_for(most_hits);
    return matching.all_known() ? known_places(db, matching, wanted, start)
                                : by_stretches(db, matching, wanted, start);
}

} // namespace

std::vector<ListPlace> newest_matching(Connection& db, Matching& matching, std::size_t count,
                                       ListPlace start) {
    ArticleFilter filter;
    filter.limit = static_cast<int>(count);
    auto places = matching_places(db, matching, {{}, filter}, start);
    places.resize(std::min(places.size(), count + 1));
    return places;
}

ArticlePage list_articles(Connection& db, const ArticleFilter& filter) {
    const char order = filter.changed_after ? 'c' : 'n';
    ListPlace start = filter.changed_after ? ListPlace{*filter.changed_after, 0} : top_place;
    if (!filter.cursor.empty()) {
        const auto [at, id] = read_cursor<2>(order, filter.cursor, "a list of articles");
        start = {at, id};
    }
    ArticleFilter bounded = filter;
    bounded.limit = std::clamp(filter.limit, 1, 500);
    const auto groups = groups_of(db, filter);
    if (!groups)
        return {};
    const Wanted wanted{*groups, bounded};
    std::vector<ListPlace> places;
    if (filter.query) {
        Matching matching(db, *filter.query);
        places = matching_places(db, matching, wanted, start);
    } else {
        places = places_of(db, wanted, start);
    }
    ArticlePage page;
    const auto limit = static_cast<std::size_t>(bounded.limit);
    if (places.size() > limit) {
        places.resize(limit);
        page.next = write_cursor(order, {places.back().at, places.back().id});
    }
    for (const auto& place : places)
        if (auto article = get_article(db, place.id, false))
            page.items.push_back(std::move(*article));
    return page;
}

} // namespace cdtd::store
