// Which articles a query is about.
#include "store/json_text.hpp"
#include "store/search_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::store {
namespace {

/// Asking for one article costs about what going through the hits among so many does.
constexpr std::int64_t one_costs = 500;

} // namespace

Matching::Matching(Connection& db, const Query& query, bool ranked)
    : db_(db), expression_(expression_of(query)),
      rank_(ranked ? "cdtd_rank(search, (SELECT characters FROM articles WHERE id = search.rowid))" : "0.0") {
    if (expression_.others)
        return;
    rows_.emplace(db_.prepare(
        fmt::format("SELECT rowid, {} FROM search WHERE search MATCH ? ORDER BY rowid DESC", rank_)));
    *rows_ << expression_.text;
}

void Matching::look_for(std::size_t count) {
    while (rows_ && known_.size() < count) {
        if (rows_->step()) {
            known_.push_back(rows_->integer(0));
            ranks_[rows_->integer(0)] = rows_->real(1);
        } else {
            rows_.reset();
            done_ = true;
        }
    }
}

double Matching::rank_of(std::int64_t article) const {
    const auto rank = ranks_.find(article);
    return rank == ranks_.end() ? 0 : rank->second;
}

std::unordered_set<std::int64_t> Matching::among(const std::vector<std::int64_t>& ids) {
    std::vector<std::int64_t> unknown;
    for (const auto id : ids)
        if (known_.empty() || id < known_.back())
            unknown.push_back(id);
    ask(unknown);
    std::unordered_set<std::int64_t> found;
    for (const auto id : ids)
        if (ranks_.contains(id) != expression_.others)
            found.insert(id);
    return found;
}

/// Of the expression itself. Ids of neighbours in time mostly are neighbours; where they lie far apart each
/// is asked for alone.
void Matching::ask(const std::vector<std::int64_t>& ids) {
    if (ids.empty())
        return;
    const auto [least, most] = std::ranges::minmax(ids);
    const bool scattered = most - least > one_costs * static_cast<std::int64_t>(ids.size());
    // The set is asked in the result and not in WHERE, where SQLite would begin a search for each id.
    const std::string sql =
        fmt::format("SELECT rowid, CASE WHEN rowid IN (SELECT value FROM json_each(?4)) THEN {} END FROM "
                    "search WHERE search MATCH ?1 AND rowid >= ?2 AND rowid <= ?3",
                    rank_);
    const auto between = [&](std::int64_t from, std::int64_t to, const std::vector<std::int64_t>& wanted) {
        auto row = db_.prepare(sql);
        row << expression_.text << from << to << to_text(wanted);
        while (row.step())
            if (!row.is_null(1))
                ranks_[row.integer(0)] = row.real(1);
    };
    if (scattered)
        for (const auto id : ids)
            between(id, id, {id});
    else
        between(least, most, ids);
}

} // namespace cdtd::store
