// Ranked search: the newest articles that match, the best of them first; then those before them.
#include "store/json_text.hpp"
#include "store/search_rows.hpp"

#include <cdtd/store/articles.hpp>
#include <cdtd/store/search.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace cdtd::store {
namespace {

struct Ranked {
    std::int64_t article;
    std::size_t place; ///< among all that were found, newest first
    double rank;
};

/// So many of the newest articles that match are held against each other; behind them come the next.
struct Window {
    ListPlace start = top_place; ///< behind which it begins
    std::size_t from = 0;        ///< what is before was on earlier pages
};

std::string write_cursor(const Window& window) {
    return fmt::format("s{}.{}.{}", window.from, window.start.at, window.start.id);
}

Window read_cursor(std::string_view cursor) {
    Window window;
    if (cursor.empty())
        return window;
    const char* at = cursor.data();
    const char* const end = at + cursor.size();
    const auto number = [&](char before, auto& value) {
        if (at == end || *at != before)
            return false;
        const auto [stop, error] = std::from_chars(at + 1, end, value);
        at = stop;
        return error == std::errc();
    };
    if (!number('s', window.from) || !number('.', window.start.at) || !number('.', window.start.id) ||
        at != end)
        throw std::invalid_argument("this cursor is not one that a search gave");
    return window;
}

/// `ids` with their ranks, in one go through what lies between the least and the greatest.
void rank_more(Connection& db, const Expression& expression, const std::vector<std::int64_t>& ids,
               std::map<std::int64_t, double>& ranks) {
    if (ids.empty())
        return;
    const auto [least, most] = std::ranges::minmax(ids);
    // The set is asked in the result and not in WHERE, where SQLite would begin a search for each id.
    auto row = db.prepare("SELECT rowid, CASE WHEN rowid IN (SELECT value FROM json_each(?4)) THEN "
                          "cdtd_rank(search, (SELECT characters FROM articles WHERE id = search.rowid)) END "
                          "FROM search WHERE search MATCH ?1 AND rowid >= ?2 AND rowid <= ?3");
    row << expression.text << least << most << to_text(ids);
    while (row.step())
        if (!row.is_null(1))
            ranks[row.integer(0)] = row.real(1);
}

struct Found {
    std::vector<Ranked> ranked;  ///< best first, newest first among equals
    ListPlace start = top_place; ///< behind which the window begins, whatever is added before it meanwhile
    std::optional<ListPlace> behind; ///< likewise the next one
};

Found best_first(Connection& db, const Query& query, ListPlace start) {
    Matching matching(db, query, true);
    auto places = newest_matching(db, matching, most_ranked, start);
    Found found;
    if (places.size() > most_ranked) {
        places.resize(most_ranked);
        found.behind = places.back();
    }
    if (!places.empty())
        found.start = {places.front().at, places.front().id + 1};
    auto& ranked = found.ranked;
    for (const ListPlace& place : places)
        ranked.push_back({place.id, ranked.size(), 0});
    if (matching.expression().others) // nothing was found in them, so none is better
        return found;
    std::map<std::int64_t, double> ranks;
    for (const auto& hit : matching.known())
        ranks.emplace(hit.article, hit.rank);
    std::vector<std::int64_t> others;
    for (const Ranked& one : ranked)
        if (!ranks.contains(one.article))
            others.push_back(one.article);
    rank_more(db, matching.expression(), others, ranks);
    for (Ranked& one : ranked)
        one.rank = ranks[one.article];
    std::ranges::sort(ranked, [](const Ranked& a, const Ranked& b) {
        return a.rank > b.rank || (a.rank == b.rank && a.place < b.place);
    });
    return found;
}

} // namespace

SearchPage search(Connection& db, const Query& query, const std::string& cursor, int limit) {
    const auto most = static_cast<std::size_t>(std::clamp(limit, 1, 500));
    SearchPage page;
    for (std::optional<Window> window = read_cursor(cursor); window && page.items.size() < most;) {
        const Found found = best_first(db, query, window->start);
        std::size_t at = window->from;
        for (; at < found.ranked.size() && page.items.size() < most; ++at) {
            auto article = get_article(db, found.ranked[at].article, false);
            if (!article)
                continue;
            auto passage = find_passage(db, *article, query);
            page.items.push_back({std::move(*article), found.ranked[at].rank, std::move(passage)});
        }
        if (at < found.ranked.size())
            window = Window{found.start, at};
        else if (found.behind)
            window = Window{*found.behind, 0};
        else
            window.reset();
        page.next = window ? std::optional(write_cursor(*window)) : std::nullopt;
    }
    return page;
}

} // namespace cdtd::store
