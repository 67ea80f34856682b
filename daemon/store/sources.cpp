#include "store/article_rows.hpp"
#include "store/cursor.hpp"
#include "store/json_text.hpp"

#include <cdtd/change/compare.hpp>
#include <cdtd/store/sources.hpp>
#include <cdtd/store/watch.hpp>

#include <algorithm>
#include <functional>
#include <limits>

namespace cdtd::store {
namespace {

constexpr int most_citations = 10;

/// Ids below `before`, newest first, for one value of the column that an index goes by ("" = for all).
std::vector<std::int64_t> ids_of(Connection& db, const SourceFilter& filter, const std::string& column,
                                 const std::string& value, std::int64_t before) {
    std::vector<std::int64_t> ids;
    auto row = db.prepare("SELECT id FROM sources WHERE id < ?1 AND " +
                          (column.empty() ? "?2 = ''" : column + " = ?2") +
                          " AND (?3 = '[]' OR liveness IN (SELECT value FROM json_each(?3)))"
                          " AND (?4 = '[]' OR wayback IN (SELECT value FROM json_each(?4)))"
                          " AND (?5 = '[]' OR platform IN (SELECT value FROM json_each(?5)))"
                          " ORDER BY id DESC LIMIT ?6");
    row << before << value << to_text(filter.states) << to_text(filter.wayback) << to_text(filter.platforms)
        << filter.limit + 1;
    while (row.step())
        ids.push_back(row.integer(0));
    return ids;
}

/// Of one index in turn for each of its values: a list costs what its page costs.
std::vector<std::int64_t> newest(Connection& db, const SourceFilter& filter, std::int64_t before) {
    const auto [column, values] =
        !filter.states.empty() ? std::pair<std::string, std::vector<std::string>>("liveness", filter.states)
        : !filter.platforms.empty()
            ? std::pair<std::string, std::vector<std::string>>("platform", filter.platforms)
        : !filter.wayback.empty()
            ? std::pair<std::string, std::vector<std::string>>("wayback", filter.wayback)
            : std::pair<std::string, std::vector<std::string>>("", {""});
    std::vector<std::int64_t> ids;
    for (const auto& value : values) {
        const auto more = ids_of(db, filter, column, value, before);
        ids.insert(ids.end(), more.begin(), more.end());
    }
    std::ranges::sort(ids, std::greater{});
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

std::vector<Citation> citations_of(Connection& db, std::int64_t source) {
    std::vector<Citation> citations;
    auto row = db.prepare(
        "SELECT a.id, a.title, a.url FROM article_sources x CROSS JOIN articles a ON a.id = x.article "
        "WHERE x.source = ? ORDER BY x.article DESC LIMIT ?");
    row << source << most_citations;
    while (row.step())
        citations.push_back({row.integer(0), row.text(1), row.text(2)});
    return citations;
}

CitedAs read_cited(Connection& db, std::int64_t id) {
    CitedAs cited;
    {
        auto row = db.prepare("SELECT " + source_columns("a.name", "a.link") + " FROM" + source_tables +
                              "LEFT JOIN article_sources a ON a.source = s.id WHERE s.id = ? "
                              "ORDER BY a.article DESC LIMIT 1");
        row << id;
        row.step();
        cited.source = read_source(row);
    }
    cited.source.looks = looks_of(db, id, shown_looks);
    cited.source.alternates = alternates_of(db, id);
    cited.cited_by = citations_of(db, id);
    return cited;
}

/// When the citing publisher said that it is gone: by a 404 column added later, or there from the start; by a
/// date on the card.
std::optional<base::Time> reported_at(const Statement& row) {
    std::optional<base::Time> at = row.optional_time(6);
    const auto take = [&at](std::optional<base::Time> other) {
        if (other && (!at || *other < *at))
            at = other;
    };
    if (!at && change::has_censored_column(list_of(row.text(7))))
        take(row.is_null(8) ? row.time(9) : row.time(8));
    if (const auto date = row.optional_text(11))
        take(change::day_in_beijing(*date));
    return at;
}

/// Of a source that several articles cite: the first report, and the first known publication and outlet.
void take_citation(change::Life& life, const Statement& row) {
    const auto reported = reported_at(row);
    if (reported && (!life.reported || *reported < *life.reported))
        life.reported = reported;
    if (const auto date = row.optional_text(10); date && !life.published)
        life.published = change::day_in_beijing(*date);
    if (life.outlet.empty())
        life.outlet = row.optional_text(5).value_or("");
}

} // namespace

SourcePage list_sources(Connection& db, const SourceFilter& filter) {
    const auto before = filter.cursor.empty()
                            ? std::numeric_limits<std::int64_t>::max()
                            : read_cursor<1>('s', filter.cursor, "a list of sources").front();
    auto ids = newest(db, filter, before);
    SourcePage page;
    if (ids.size() > static_cast<std::size_t>(filter.limit)) {
        ids.resize(static_cast<std::size_t>(filter.limit));
        page.next = write_cursor('s', {ids.back()});
    }
    for (const auto id : ids)
        page.items.push_back(read_cited(db, id));
    return page;
}

std::vector<change::Life> lives_of(Connection& db) {
    std::vector<change::Life> lives;
    std::int64_t last = 0;
    auto row = db.prepare(
        "SELECT s.id, s.platform, s.believed, s.liveness_checked_at, s.gone_at, a.outlet, a.censored_at, "
        "a.columns, "
        "a.published_at, a.first_seen_at, json_extract(a.card, '$.published_on'), json_extract(a.card, "
        "'$.censored_on') FROM sources s CROSS JOIN article_sources x ON x.source = s.id CROSS JOIN articles "
        "a "
        "ON a.id = x.article WHERE s.url IS NOT NULL ORDER BY s.id, a.id");
    while (row.step()) {
        if (row.integer(0) != last) {
            last = row.integer(0);
            change::Life life;
            life.platform = row.text(1);
            life.state = row.text(2);
            life.looked_at = !row.is_null(3);
            life.gone = row.optional_time(4);
            lives.push_back(std::move(life));
        }
        take_citation(lives.back(), row);
    }
    return lives;
}

} // namespace cdtd::store
