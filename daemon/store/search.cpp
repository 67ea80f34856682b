// Ranked search: the newest articles that match, the best of them first; then those before them.
#include "store/cursor.hpp"
#include "store/search_rows.hpp"

#include <cdtd/store/articles.hpp>
#include <cdtd/store/search.hpp>

#include <algorithm>
#include <optional>
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

constexpr char cursor_letter = 's';

std::string cursor_of(const Window& window) {
    return write_cursor(cursor_letter,
                        {static_cast<std::int64_t>(window.from), window.start.at, window.start.id});
}

Window window_of(std::string_view cursor) {
    if (cursor.empty())
        return {};
    constexpr const char* giver = "a search";
    const auto [from, at, id] = read_cursor<3>(cursor_letter, cursor, giver);
    if (from < 0)
        refuse_cursor(giver);
    return {{at, id}, static_cast<std::size_t>(from)};
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
        ranked.push_back({place.id, ranked.size(), matching.rank_of(place.id)});
    std::ranges::sort(ranked, [](const Ranked& a, const Ranked& b) {
        return a.rank > b.rank || (a.rank == b.rank && a.place < b.place);
    });
    return found;
}

} // namespace

SearchPage search(Connection& db, const Query& query, const std::string& cursor, int limit) {
    const auto most = static_cast<std::size_t>(std::clamp(limit, 1, 500));
    SearchPage page;
    for (std::optional<Window> window = window_of(cursor); window && page.items.size() < most;) {
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
        page.next = window ? std::optional(cursor_of(*window)) : std::nullopt;
    }
    return page;
}

} // namespace cdtd::store
