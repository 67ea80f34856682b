// Full-text search over articles: SQLite's FTS5 with terms of our own. Functions run inside a transaction of
// the caller.
#pragma once

#include <cdtd/model/article.hpp>
#include <cdtd/store/connection.hpp>
#include <cdtd/store/search_query.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

/// Makes the index agree with what the article says now. add_revision and note_in_feed do it by themselves; a
/// new article that is stored without content needs it.
void index_article(Connection& db, std::int64_t article);
/// Indexes at most `limit` of the articles that were stored before there was an index, or under another
/// folding; gives how many ids are still to be looked at.
std::int64_t index_more(Connection& db, int limit);
std::int64_t unindexed(Connection& db); ///< upper bound; 0 = the index is whole
/// Begins the index anew where texts are folded otherwise now than when it was made (another ICU).
void check_search_version(Connection& db);

bool matches(Connection& db, std::int64_t article, const Query& query);

/// Where in an article a query was found.
struct Passage {
    struct Part {
        std::string text;
        bool match = false;
    };
    std::string field; ///< title, author, outlet, topic, source, feed, body
    std::vector<Part> parts;
};
Passage find_passage(Connection& db, const model::Article& article, const Query& query);

struct Hit {
    model::Article article; ///< not full
    double rank = 0;        ///< the greater the better; only for comparing within one answer
    Passage passage;
};
/// So many articles that match, the newest, are held against each other; the pages behind them have the next
/// so many: the cost of a search for the commonest character stays that of its newest articles.
inline constexpr std::size_t most_ranked = 200;
struct SearchPage {
    std::vector<Hit> items;          ///< best first, newest first among equals
    std::optional<std::string> next; ///< cursor
};
/// Throws std::invalid_argument for a cursor that is not ours.
SearchPage search(Connection& db, const Query& query, const std::string& cursor, int limit);

} // namespace cdtd::store
