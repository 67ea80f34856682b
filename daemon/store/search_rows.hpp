// What search and lists ask of the index.
#pragma once

#include <cdtd/store/connection.hpp>
#include <cdtd/store/search_query.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace cdtd::store {

/// A query as FTS5 can answer it: the articles of `text`, or all others.
struct Expression {
    std::string text;
    bool others = false;
};
Expression expression_of(const Query& query);

/// The articles of a query: all at once where they are few, else asked for among the newest, then the next,
/// so that a list costs what is before its end and not what is in the archive.
class Matching {
  public:
    /// `ranked`: with the ranks of all(), so that a rare phrase of common words is not looked for twice.
    Matching(Connection& db, const Query& query, bool ranked = false);
    /// In no order; nullopt: too many.
    const std::optional<std::vector<std::int64_t>>& all() const { return all_; }
    const std::vector<double>& ranks() const { return ranks_; } ///< in the order of all()
    std::unordered_set<std::int64_t> among(const std::vector<std::int64_t>& ids) const;
    const Expression& expression() const { return expression_; }

  private:
    static constexpr std::size_t few = 1000;
    Connection& db_;
    Expression expression_;
    std::optional<std::vector<std::int64_t>> all_;
    std::vector<double> ranks_;
};

/// Ids of the newest articles of the query, newest first.
std::vector<std::int64_t> newest_matching(Connection& db, const Matching& matching, std::size_t count);

} // namespace cdtd::store
