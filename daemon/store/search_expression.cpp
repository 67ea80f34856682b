// From the tree of a query to what FTS5 can be asked. FTS5 has no "everything but": a query is kept as an
// expression and whether its articles are meant or all others, which AND, OR and NOT can always be made of.
#include "store/search_rows.hpp"
#include "store/search_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::store {
namespace {

std::string both(const Expression& a, const char* how, const Expression& b) {
    return fmt::format("({} {} {})", a.text, how, b.text);
}

Expression all_of(const Expression& a, const Expression& b) {
    if (a.others && b.others)
        return {both(a, "OR", b), true};
    if (b.others)
        return {both(a, "NOT", b), false};
    if (a.others)
        return {both(b, "NOT", a), false};
    return {both(a, "AND", b), false};
}

Expression any_of(const Expression& a, const Expression& b) {
    if (a.others && b.others)
        return {both(a, "AND", b), true};
    if (b.others)
        return {both(b, "NOT", a), true};
    if (a.others)
        return {both(a, "NOT", b), true};
    return {both(a, "OR", b), false};
}

} // namespace

Expression expression_of(const Query& query) {
    switch (query.kind) {
    case Query::Kind::phrase:
        return {(query.field.empty() ? "" : query.field + " : ") + fts_phrase(query.text), false};
    case Query::Kind::none: {
        auto part = expression_of(query.parts.front());
        part.others = !part.others;
        return part;
    }
    default: {
        auto joined = expression_of(query.parts.front());
        for (std::size_t i = 1; i < query.parts.size(); ++i) {
            const auto next = expression_of(query.parts[i]);
            joined = query.kind == Query::Kind::all ? all_of(joined, next) : any_of(joined, next);
        }
        return joined;
    }
    }
}

Matching::Matching(Connection& db, const Query& query, bool ranked)
    : db_(db), expression_(expression_of(query)) {
    if (expression_.others)
        return;
    auto row = db_.prepare(ranked ? "SELECT rowid, cdtd_rank(search, (SELECT characters FROM articles WHERE "
                                    "id = search.rowid)) FROM search WHERE search MATCH ? LIMIT ?"
                                  : "SELECT rowid FROM search WHERE search MATCH ? LIMIT ?");
    row << expression_.text << static_cast<std::int64_t>(few + 1);
    std::vector<std::int64_t> ids;
    while (row.step()) {
        ids.push_back(row.integer(0));
        if (ranked)
            ranks_.push_back(row.real(1));
    }
    if (ids.size() <= few)
        all_ = std::move(ids);
}

std::unordered_set<std::int64_t> Matching::among(const std::vector<std::int64_t>& ids) const {
    std::unordered_set<std::int64_t> found;
    if (ids.empty())
        return found;
    const auto [least, most] = std::ranges::minmax(ids);
    // Ids of neighbours in time mostly are neighbours; where they lie far apart each is asked for alone.
    const bool scattered = ids.size() < 100 && most - least > 100 * static_cast<std::int64_t>(ids.size());
    const auto ask = [&](std::int64_t from, std::int64_t to) {
        auto row = db_.prepare("SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? AND rowid <= ?");
        row << expression_.text << from << to;
        while (row.step())
            found.insert(row.integer(0));
    };
    if (scattered)
        for (const auto id : ids)
            ask(id, id);
    else
        ask(least, most);
    if (!expression_.others)
        return found;
    std::unordered_set<std::int64_t> others;
    for (const auto id : ids)
        if (!found.contains(id))
            others.insert(id);
    return others;
}

bool matches(Connection& db, std::int64_t article, const Query& query) {
    const auto expression = expression_of(query);
    auto row = db.prepare("SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?");
    row << expression.text << article;
    return row.step() != expression.others;
}

} // namespace cdtd::store
