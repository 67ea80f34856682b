// Lists of articles. Ids are found by indexes alone, the rows of one page are read afterwards: a list costs
// what its page costs, however many articles there are.
#include "store/article_terms.hpp"
#include "store/json_text.hpp"
#include "store/search_rows.hpp"

#include <cdtd/store/articles.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace cdtd::store {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t rare = 3000; ///< so few articles of a term can be looked at one by one

/// Place in a list: (sort_at, id) newest first, or (change, id) upward.
struct Place {
    std::int64_t at;
    std::int64_t id;
    bool operator==(const Place&) const = default;
};

/// One kind of filter: any of these terms.
struct Group {
    std::vector<std::int64_t> terms;
    std::int64_t weight = 0; ///< articles, counted up to `rare`
};

std::string write_cursor(char order, Place place) {
    return order + std::to_string(place.at) + "." + std::to_string(place.id);
}

Place read_cursor(char order, std::string_view cursor) {
    Place place{};
    const char* end = cursor.data() + cursor.size();
    if (!cursor.empty() && cursor[0] == order) {
        const auto first = std::from_chars(cursor.data() + 1, end, place.at);
        if (first.ec == std::errc() && first.ptr != end && *first.ptr == '.') {
            const auto second = std::from_chars(first.ptr + 1, end, place.id);
            if (second.ec == std::errc() && second.ptr == end)
                return place;
        }
    }
    throw std::invalid_argument("this cursor is not one that a list of articles gave");
}

std::int64_t weigh(Connection& db, const std::vector<std::int64_t>& terms) {
    auto row = db.prepare("SELECT count(*) FROM (SELECT 1 FROM article_terms "
                          "WHERE term IN (SELECT value FROM json_each(?)) LIMIT ?)");
    row << to_text(terms) << rare;
    row.step();
    return row.integer(0);
}

/// nullopt: a filter that nothing can pass. The rarest group comes first.
std::optional<std::vector<Group>> groups_of(Connection& db, const ArticleFilter& filter) {
    const std::pair<const char*, const std::vector<std::string>&> kinds[] = {
        {"feed", filter.feeds},     {"outlet", filter.outlets}, {"topic", filter.topics},
        {"column", filter.columns}, {"state", filter.states},   {"liveness", filter.source_states},
        {"wayback", filter.wayback}};
    std::vector<Group> groups;
    for (const auto& [kind, values] : kinds) {
        if (values.empty())
            continue;
        groups.push_back({find_terms(db, kind, values), 0});
        if (groups.back().terms.empty())
            return std::nullopt;
    }
    for (auto& group : groups)
        group.weight = weigh(db, group.terms);
    std::sort(groups.begin(), groups.end(),
              [](const Group& a, const Group& b) { return a.weight < b.weight; });
    return groups;
}

/// " AND EXISTS (…)" for every group from `first` on; their terms are the parameters from `parameter` on.
std::string conditions(const std::vector<Group>& groups, std::size_t first, std::size_t parameter) {
    std::string sql;
    for (std::size_t i = first; i < groups.size(); ++i)
        sql += " AND EXISTS (SELECT 1 FROM article_terms x WHERE x.term IN (SELECT value FROM json_each(?" +
               std::to_string(parameter + i - first) +
               ")) AND x.sort_at = d.sort_at AND x.article = d.article)";
    return sql;
}

std::vector<Place> read_places(Statement& row, const std::vector<Group>& groups, std::size_t first) {
    for (std::size_t i = first; i < groups.size(); ++i)
        row << to_text(groups[i].terms);
    std::vector<Place> places;
    while (row.step())
        places.push_back({row.integer(0), row.integer(1)});
    return places;
}

/// Where a list takes its candidates from.
struct Wanted {
    const std::vector<Group>& groups;
    const ArticleFilter& filter;
    const std::vector<std::int64_t>* only = nullptr; ///< these articles; null: whatever the groups say
};

/// Places of one term (0: of all articles, or of those that alone are wanted) newest first, at most `limit`.
std::vector<Place> newest_of(Connection& db, std::int64_t term, const Wanted& wanted, Place behind) {
    const auto& filter = wanted.filter;
    const auto count = [](std::optional<base::Time> time, std::int64_t otherwise) {
        return time ? static_cast<std::int64_t>(time->time_since_epoch().count()) : otherwise;
    };
    const std::string from = term ? "article_terms d WHERE d.term = ?1"
                             : wanted.only
                                 ? "(SELECT a.sort_at, a.id AS article FROM json_each(?1) j CROSS JOIN "
                                   "articles a ON a.id = j.value) d WHERE true"
                                 : "(SELECT sort_at, id AS article FROM articles) d WHERE ?1 = 0";
    const std::size_t first = term ? 1 : 0;
    // until is exclusive, the cursor's own place too: two bounds, the nearer one is given to the index.
    const auto until = filter.until ? count(filter.until, most) : most;
    const bool by_until = filter.until && until <= behind.at;
    auto row =
        db.prepare("SELECT d.sort_at, d.article FROM " + from +
                   " AND d.sort_at >= ?2 AND d.sort_at <= ?3 AND (d.sort_at < ?4 OR d.article < ?5)" +
                   conditions(wanted.groups, first, 7) + " ORDER BY d.sort_at DESC, d.article DESC LIMIT ?6");
    const std::int64_t top = by_until ? (until == least ? least : until - 1) : behind.at;
    if (wanted.only)
        row << to_text(*wanted.only);
    else
        row << term;
    row << count(filter.since, least) << top << behind.at << behind.id << filter.limit + 1;
    return read_places(row, wanted.groups, first);
}

std::vector<Place> newest(Connection& db, const Wanted& wanted, Place behind) {
    if (wanted.groups.empty() || wanted.only)
        return newest_of(db, 0, wanted, behind);
    std::vector<Place> places;
    for (const auto term : wanted.groups.front().terms) {
        const auto more = newest_of(db, term, wanted, behind);
        places.insert(places.end(), more.begin(), more.end());
    }
    std::sort(places.begin(), places.end(),
              [](const Place& a, const Place& b) { return std::pair(a.at, a.id) > std::pair(b.at, b.id); });
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
}

/// Upward by change. Few candidates are sorted; many are met often enough on the way through the changes.
std::vector<Place> changed(Connection& db, const Wanted& wanted, std::int64_t after) {
    const auto& [groups, filter, only] = wanted;
    const bool by_term = !only && !groups.empty() && groups.front().weight < rare;
    std::string sql = only ? "SELECT d.change, d.article FROM (SELECT a.change, a.id AS article, a.sort_at "
                             "FROM json_each(?5) j CROSS JOIN articles a ON a.id = j.value) d"
                      : by_term
                          ? "SELECT DISTINCT d.change, d.article FROM (SELECT a.change, a.id AS article, "
                            "a.sort_at FROM article_terms t CROSS JOIN articles a ON a.id = t.article "
                            "WHERE t.term IN (SELECT value FROM json_each(?5))) d"
                          : "SELECT d.change, d.article FROM (SELECT change, id AS article, sort_at "
                            "FROM articles WHERE ?5 = '') d";
    sql += " WHERE d.change > ?1 AND +d.sort_at >= ?2 AND +d.sort_at < ?3" +
           conditions(groups, by_term ? 1 : 0, 6) + " ORDER BY d.change LIMIT ?4";
    auto row = db.prepare(sql);
    row << after << filter.since.value_or(base::Time(base::Duration(least)))
        << filter.until.value_or(base::Time(base::Duration(most))) << filter.limit + 1
        << (only      ? to_text(*only)
            : by_term ? to_text(groups.front().terms)
                      : std::string());
    return read_places(row, groups, by_term ? 1 : 0);
}

std::vector<Place> places_of(Connection& db, const Wanted& wanted, Place start) {
    return wanted.filter.changed_after ? changed(db, wanted, start.at) : newest(db, wanted, start);
}

/// Where the articles of a query are many, they are looked for in growing stretches of the list, until there
/// are enough.
std::vector<Place> matching_places(Connection& db, const Matching& matching, const Wanted& wanted,
                                   Place start) {
    if (matching.all())
        return places_of(db, {wanted.groups, wanted.filter, &*matching.all()}, start);
    constexpr int first_stretch = 200, longest_stretch = 20'000, growth = 4;
    const auto limit = static_cast<std::size_t>(wanted.filter.limit);
    ArticleFilter stretch = wanted.filter;
    stretch.limit = std::max(first_stretch, 2 * wanted.filter.limit);
    std::vector<Place> found;
    while (true) {
        auto places = places_of(db, {wanted.groups, stretch}, start);
        const bool more = places.size() > static_cast<std::size_t>(stretch.limit);
        if (more)
            places.resize(static_cast<std::size_t>(stretch.limit));
        std::vector<std::int64_t> ids;
        for (const auto& place : places)
            ids.push_back(place.id);
        const auto hits = matching.among(ids);
        std::ranges::copy_if(places, std::back_inserter(found),
                             [&](const Place& place) { return hits.contains(place.id); });
        if (!more || found.size() > limit)
            return found;
        start = places.back();
        stretch.limit = std::min(stretch.limit * growth, longest_stretch);
    }
}

} // namespace

std::vector<std::int64_t> newest_matching(Connection& db, const Matching& matching, std::size_t count) {
    ArticleFilter filter;
    filter.limit = static_cast<int>(count);
    std::vector<std::int64_t> ids;
    for (const auto& place : matching_places(db, matching, {{}, filter}, {most, most}))
        if (ids.size() < count)
            ids.push_back(place.id);
    return ids;
}

ArticlePage list_articles(Connection& db, const ArticleFilter& filter) {
    const char order = filter.changed_after ? 'c' : 'n';
    Place start = filter.changed_after ? Place{*filter.changed_after, 0} : Place{most, most};
    if (!filter.cursor.empty())
        start = read_cursor(order, filter.cursor);
    ArticleFilter bounded = filter;
    bounded.limit = std::clamp(filter.limit, 1, 500);
    const auto groups = groups_of(db, filter);
    if (!groups)
        return {};
    const Wanted wanted{*groups, bounded};
    auto places = filter.query ? matching_places(db, Matching(db, *filter.query), wanted, start)
                               : places_of(db, wanted, start);
    ArticlePage page;
    const auto limit = static_cast<std::size_t>(bounded.limit);
    if (places.size() > limit) {
        places.resize(limit);
        page.next = write_cursor(order, places.back());
    }
    for (const auto& place : places)
        if (auto article = get_article(db, place.id, false))
            page.items.push_back(std::move(*article));
    return page;
}

} // namespace cdtd::store
