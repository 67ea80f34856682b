// From the tree of a query to what FTS5 can be asked. FTS5 has no "everything but": a query is kept as an
// expression and whether its articles are meant or all others, which AND, OR and NOT can always be made of.
#include "store/search_rows.hpp"
#include "store/search_tokens.hpp"

#include <cdtd/store/search.hpp>

#include <fmt/format.h>

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

bool matches(Connection& db, std::int64_t article, const Query& query) {
    const auto expression = expression_of(query);
    auto row = db.prepare("SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?");
    row << expression.text << article;
    return row.step() != expression.others;
}

} // namespace cdtd::store
