// What search and lists ask of the index.
#pragma once

#include "store/article_places.hpp"

#include <cdtd/store/connection.hpp>
#include <cdtd/store/search_query.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cdtd::store {

/// A query as FTS5 can answer it: the articles of `text`, or all others.
struct Expression {
    std::string text;
    bool others = false;
};
Expression expression_of(const Query& query);

/// The articles of a query. They are looked for from the greatest id downward, as far as somebody wants to
/// know them: ids mostly follow time, so that a list costs what is before its end and not what is in the
/// archive.
class Matching {
  public:
    /// `ranked`: with the rank of each.
    Matching(Connection& db, const Query& query, bool ranked = false);
    /// Knows `count` of them afterwards, or all; of "all others" none can be known in this way.
    void look_for(std::size_t count);
    bool all_known() const { return done_; }
    const std::vector<std::int64_t>& known() const { return known_; } ///< greatest first
    std::unordered_set<std::int64_t> among(const std::vector<std::int64_t>& ids);
    /// Of one that was met; 0 where none was asked for, and for "all others": nothing was found in them.
    double rank_of(std::int64_t article) const;

  private:
    void ask(const std::vector<std::int64_t>& ids);

    Connection& db_;
    Expression expression_;
    const char* rank_;
    std::optional<Statement> rows_; ///< where the last look ended
    std::vector<std::int64_t> known_;
    std::unordered_map<std::int64_t, double> ranks_; ///< of all articles of the expression that were met
    bool done_ = false;
};

/// The newest articles of the query behind `start`, newest first, at most `count` + 1.
std::vector<ListPlace> newest_matching(Connection& db, Matching& matching, std::size_t count,
                                       ListPlace start);

} // namespace cdtd::store
