#include "store/article_places.hpp"

#include "store/article_terms.hpp"
#include "store/json_text.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace cdtd::store {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t rare = 3000; ///< so few articles of a term can be looked at one by one

std::int64_t weigh(Connection& db, const std::vector<std::int64_t>& terms) {
    auto row = db.prepare("SELECT count(*) FROM (SELECT 1 FROM article_terms "
                          "WHERE term IN (SELECT value FROM json_each(?)) LIMIT ?)");
    row << to_text(terms) << rare;
    row.step();
    return row.integer(0);
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

std::vector<ListPlace> read_places(Statement& row, const std::vector<Group>& groups, std::size_t first) {
    for (std::size_t i = first; i < groups.size(); ++i)
        row << to_text(groups[i].terms);
    std::vector<ListPlace> places;
    while (row.step())
        places.push_back({row.integer(0), row.integer(1)});
    return places;
}

std::vector<ListPlace> newest_of(Connection& db, std::int64_t term, const Wanted& wanted, ListPlace behind) {
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
                   " AND d.sort_at >= ?2 AND d.sort_at <= ?3 AND (d.sort_at < ?4 OR d.article < ?5) AND "
                   "+d.article < ?7" +
                   conditions(wanted.groups, first, 8) + " ORDER BY d.sort_at DESC, d.article DESC LIMIT ?6");
    const std::int64_t top = by_until ? (until == least ? least : until - 1) : behind.at;
    if (wanted.only)
        row << to_text(*wanted.only);
    else
        row << term;
    row << count(filter.since, least) << top << behind.at << behind.id << filter.limit + 1 << wanted.below;
    return read_places(row, wanted.groups, first);
}

std::vector<ListPlace> newest(Connection& db, const Wanted& wanted, ListPlace behind) {
    if (wanted.groups.empty() || wanted.only)
        return newest_of(db, 0, wanted, behind);
    std::vector<ListPlace> places;
    for (const auto term : wanted.groups.front().terms) {
        const auto more = newest_of(db, term, wanted, behind);
        places.insert(places.end(), more.begin(), more.end());
    }
    sort_newest_first(places);
    places.erase(std::unique(places.begin(), places.end()), places.end());
    places.resize(std::min(places.size(), static_cast<std::size_t>(wanted.filter.limit) + 1));
    return places;
}

/// Upward by change. Few candidates are sorted; many are met often enough on the way through the changes.
std::vector<ListPlace> changed(Connection& db, const Wanted& wanted, std::int64_t after) {
    const auto& groups = wanted.groups;
    const auto& filter = wanted.filter;
    const auto* const only = wanted.only;
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

} // namespace

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

std::vector<ListPlace> places_of(Connection& db, const Wanted& wanted, ListPlace start) {
    return wanted.filter.changed_after ? changed(db, wanted, start.at) : newest(db, wanted, start);
}

void sort_newest_first(std::vector<ListPlace>& places) {
    std::ranges::sort(places, [](const ListPlace& a, const ListPlace& b) {
        return std::pair(a.at, a.id) > std::pair(b.at, b.id);
    });
}

} // namespace cdtd::store
