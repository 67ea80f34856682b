// Ranked search: the newest articles that match, the best of them first.
#include "store/json_text.hpp"
#include "store/search_rows.hpp"

#include <cdtd/store/articles.hpp>
#include <cdtd/store/search.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace cdtd::store {
namespace {

struct Ranked {
    std::int64_t article;
    std::int64_t sort_at;
    double rank;
};

std::size_t read_cursor(std::string_view cursor) {
    if (cursor.empty())
        return 0;
    std::size_t from = 0;
    const char* end = cursor.data() + cursor.size();
    const auto [stop, error] = std::from_chars(cursor.data() + 1, end, from);
    if (cursor.front() != 's' || error != std::errc() || stop != end)
        throw std::invalid_argument("this cursor is not one that a search gave");
    return from;
}

/// `ids` with their ranks, in one go through what lies between the least and the greatest.
std::vector<Ranked> rank_many(Connection& db, const Expression& expression,
                              const std::vector<std::int64_t>& ids) {
    std::vector<Ranked> ranked;
    if (ids.empty())
        return ranked;
    const auto [least, most] = std::ranges::minmax(ids);
    // The set is asked in the result and not in WHERE, where SQLite would begin a search for each id.
    auto row = db.prepare("SELECT s.rowid, s.rank, a.sort_at FROM (SELECT rowid, CASE WHEN rowid IN (SELECT "
                          "value FROM json_each(?4)) THEN cdtd_rank(search, (SELECT characters FROM articles "
                          "WHERE id = search.rowid)) END AS rank FROM search WHERE search MATCH ?1 AND "
                          "rowid >= ?2 AND rowid <= ?3) s CROSS JOIN articles a ON a.id = s.rowid "
                          "WHERE s.rank IS NOT NULL");
    row << expression.text << least << most << to_text(ids);
    while (row.step())
        ranked.push_back({row.integer(0), row.integer(2), row.real(1)});
    return ranked;
}

/// All articles of the query, which are few.
std::vector<Ranked> rank_few(Connection& db, const Matching& matching) {
    std::vector<Ranked> ranked;
    for (std::size_t i = 0; i < matching.all()->size(); ++i) {
        const auto id = (*matching.all())[i];
        auto row = db.prepare("SELECT sort_at FROM articles WHERE id = ?");
        row << id;
        if (row.step())
            ranked.push_back({id, row.integer(0), matching.ranks()[i]});
    }
    return ranked;
}

void sort(std::vector<Ranked>& ranked) {
    std::ranges::sort(ranked, [](const Ranked& a, const Ranked& b) {
        return std::tie(a.rank, a.sort_at, a.article) > std::tie(b.rank, b.sort_at, b.article);
    });
}

std::vector<Ranked> best_first(Connection& db, const Query& query) {
    const Matching matching(db, query, true);
    std::vector<Ranked> ranked;
    if (matching.all()) {
        ranked = rank_few(db, matching);
        sort(ranked);
        return ranked;
    }
    const auto ids = newest_matching(db, matching, most_ranked);
    if (matching.expression().others) { // nothing was found in them, so none is better: newest first
        for (const auto id : ids)
            ranked.push_back({id, 0, 0});
        return ranked;
    }
    ranked = rank_many(db, matching.expression(), ids);
    sort(ranked);
    return ranked;
}

} // namespace

SearchPage search(Connection& db, const Query& query, const std::string& cursor, int limit) {
    const std::size_t from = read_cursor(cursor);
    const auto ranked = best_first(db, query);
    const std::size_t first = std::min(from, ranked.size());
    const std::size_t end =
        std::min(ranked.size(), first + static_cast<std::size_t>(std::clamp(limit, 1, 500)));
    SearchPage page;
    for (std::size_t i = first; i < end; ++i) {
        auto article = get_article(db, ranked[i].article, false);
        if (!article)
            continue;
        auto passage = find_passage(db, *article, query);
        page.items.push_back({std::move(*article), ranked[i].rank, std::move(passage)});
    }
    if (end < ranked.size())
        page.next = "s" + std::to_string(end);
    return page;
}

} // namespace cdtd::store
