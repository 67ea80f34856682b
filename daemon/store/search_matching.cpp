// Which articles a query is about.
#include "store/search_rows.hpp"

#include <algorithm>
#include <functional>

namespace cdtd::store {
namespace {

/// Asking for one article costs about what going through the hits among so many does.
constexpr std::int64_t one_costs = 500;

} // namespace

Matching::Matching(Connection& db, const Query& query, bool ranked)
    : db_(db), expression_(expression_of(query)) {
    if (expression_.others)
        return;
    rows_.emplace(db_.prepare(
        ranked ? "SELECT rowid, cdtd_rank(search, (SELECT characters FROM articles WHERE id = search.rowid)) "
                 "FROM search WHERE search MATCH ? ORDER BY rowid DESC"
               : "SELECT rowid, 0.0 FROM search WHERE search MATCH ? ORDER BY rowid DESC"));
    *rows_ << expression_.text;
}

void Matching::look_for(std::size_t count) {
    while (rows_ && known_.size() < count) {
        if (rows_->step()) {
            known_.push_back({rows_->integer(0), rows_->real(1)});
        } else {
            rows_.reset();
            done_ = true;
        }
    }
}

std::unordered_set<std::int64_t> Matching::among(const std::vector<std::int64_t>& ids) const {
    std::unordered_set<std::int64_t> found;
    std::vector<std::int64_t> unknown;
    for (const auto id : ids) {
        if (known_.empty() || id < known_.back().article)
            unknown.push_back(id);
        else if (std::ranges::binary_search(known_, id, std::greater(), &Hit::article))
            found.insert(id);
    }
    ask(unknown, found);
    if (!expression_.others)
        return found;
    std::unordered_set<std::int64_t> others;
    for (const auto id : ids)
        if (!found.contains(id))
            others.insert(id);
    return others;
}

/// Of the expression itself. Ids of neighbours in time mostly are neighbours; where they lie far apart each
/// is asked for alone.
void Matching::ask(const std::vector<std::int64_t>& ids, std::unordered_set<std::int64_t>& found) const {
    if (ids.empty())
        return;
    const auto [least, most] = std::ranges::minmax(ids);
    const bool scattered = most - least > one_costs * static_cast<std::int64_t>(ids.size());
    const auto between = [&](std::int64_t from, std::int64_t to) {
        auto row = db_.prepare("SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? AND rowid <= ?");
        row << expression_.text << from << to;
        while (row.step())
            found.insert(row.integer(0));
    };
    if (scattered)
        for (const auto id : ids)
            between(id, id);
    else
        between(least, most);
}

} // namespace cdtd::store
