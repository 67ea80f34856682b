#include "store/article_terms.hpp"

#include "store/changes.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/store/watch.hpp>

#include <algorithm>
#include <optional>

namespace cdtd::store {
namespace {

/// A publisher's column may be of any length; as a term it is cut, on both sides of the comparison.
constexpr std::size_t longest_term = 200;

std::string shortened(const std::string& value) {
    return std::string(base::cut_bytes(value, longest_term));
}

std::optional<std::int64_t> find_term(Connection& db, std::string_view kind, const std::string& value) {
    auto row = db.prepare("SELECT id FROM terms WHERE kind = ? AND value = ?");
    row << kind << value;
    return row.step() ? std::optional(row.integer(0)) : std::nullopt;
}

std::int64_t make_term(Connection& db, std::string_view kind, const std::string& value) {
    if (const auto known = find_term(db, kind, value))
        return *known;
    (db.prepare("INSERT INTO terms (kind, value) VALUES (?, ?)") << kind << value).run();
    return db.last_insert_id();
}

} // namespace

void add_term(Connection& db, std::int64_t article, std::string_view kind, const std::string& value) {
    const auto term = make_term(db, kind, shortened(value));
    (db.prepare("INSERT OR IGNORE INTO article_terms SELECT ?, sort_at, id FROM articles WHERE id = ?")
     << term << article)
        .run();
}

void set_terms(Connection& db, std::int64_t article, std::string_view kind, std::vector<std::string> values) {
    for (auto& value : values)
        value = shortened(value);
    std::vector<std::int64_t> stale;
    {
        auto row = db.prepare("SELECT t.id, t.value FROM article_terms a CROSS JOIN terms t ON t.id = a.term "
                              "WHERE a.article = ? AND t.kind = ?");
        row << article << kind;
        while (row.step()) {
            const auto kept = std::find(values.begin(), values.end(), row.text(1));
            if (kept == values.end())
                stale.push_back(row.integer(0));
            else
                values.erase(kept);
        }
    }
    for (const auto term : stale)
        (db.prepare("DELETE FROM article_terms WHERE article = ? AND term = ?") << article << term).run();
    for (const auto& value : values)
        add_term(db, article, kind, value);
}

std::vector<std::int64_t> find_terms(Connection& db, std::string_view kind,
                                     const std::vector<std::string>& values) {
    std::vector<std::int64_t> terms;
    for (const auto& value : values)
        if (const auto term = find_term(db, kind, shortened(value)))
            if (std::find(terms.begin(), terms.end(), *term) == terms.end())
                terms.push_back(*term);
    return terms;
}

void set_source_terms(Connection& db, std::int64_t article) {
    std::vector<std::string> wayback, liveness;
    const auto note = [](std::vector<std::string>& list, std::string value) {
        if (std::find(list.begin(), list.end(), value) == list.end())
            list.push_back(std::move(value));
    };
    {
        auto row = db.prepare("SELECT s.wayback, s.liveness FROM article_sources a CROSS JOIN sources s "
                              "ON s.id = a.source WHERE a.article = ?");
        row << article;
        while (row.step()) {
            note(wayback, row.text(0));
            note(liveness, row.text(1));
        }
    }
    set_terms(db, article, "wayback", std::move(wayback));
    set_terms(db, article, "liveness", std::move(liveness));
}

void follow_source(Connection& db, std::int64_t source) {
    for (const auto& citer : citers_of(db, source)) {
        set_source_terms(db, citer.article);
        (db.prepare("UPDATE articles SET change = ? WHERE id = ?") << next_change(db) << citer.article).run();
    }
}

} // namespace cdtd::store
