#include "store/article_rows.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/lookup.hpp>
#include <cdtd/store/watch.hpp>

#include <algorithm>
#include <charconv>

namespace cdtd::store {
namespace {

constexpr int most_citations = 500;

/// As it was typed first: a guid or an old URL may be known only in that form.
std::optional<std::int64_t> find_known(Connection& db, const std::string& url, const std::string& canonical) {
    for (const auto& word : {url, canonical}) {
        if (word.empty())
            continue;
        if (const auto found = find_article(db, change::keys_of_reference(word)))
            return found;
        if (const auto found = find_article(db, {{"link", word}, {"guid", word}}))
            return found;
    }
    return std::nullopt;
}

std::optional<model::Source> find_source(Connection& db, const std::string& key) {
    auto row = db.prepare("SELECT " + source_columns("a.name", "a.link") + " FROM" + source_tables +
                          "LEFT JOIN article_sources a ON a.source = s.id WHERE s.key = ? "
                          "ORDER BY a.article DESC LIMIT 1");
    row << key;
    if (!row.step())
        return std::nullopt;
    auto source = read_source(row);
    source.looks = looks_of(db, source.id, shown_looks);
    source.alternates = alternates_of(db, source.id);
    return source;
}

std::vector<Citation> read_citations(Statement row) {
    std::vector<Citation> citations;
    while (row.step())
        citations.push_back({row.integer(0), row.text(1), row.text(2)});
    return citations;
}

// A template's link or picture stands in every article: only the newest ids are looked at and sorted.
std::vector<Citation> citing(Connection& db, std::int64_t source) {
    auto row =
        db.prepare("SELECT id, title, url FROM articles WHERE id IN (SELECT article FROM article_sources "
                   "WHERE source = ? ORDER BY article DESC LIMIT ?) ORDER BY sort_at DESC, id DESC");
    row << source << most_citations;
    return read_citations(std::move(row));
}

std::vector<Citation> showing(Connection& db, const std::string& url, const std::string& canonical) {
    auto row = db.prepare(
        "SELECT id, title, url FROM articles WHERE id IN ("
        "SELECT * FROM (SELECT article FROM images WHERE key = ?1 ORDER BY article DESC LIMIT ?3) UNION "
        "SELECT * FROM (SELECT article FROM images WHERE url = ?2 ORDER BY article DESC LIMIT ?3)) "
        "ORDER BY sort_at DESC, id DESC LIMIT ?3");
    row << canonical << url << most_citations;
    return read_citations(std::move(row));
}

/// Captures of these URLs, and of an article those it was read from (a refused page has no other).
std::vector<model::Capture> captures_for(Connection& db, const Lookup& found, const std::string& url,
                                         const std::string& canonical) {
    auto captures = captures_of_url(db, canonical.empty() ? url : canonical);
    const auto add = [&captures](const std::vector<model::Capture>& more) {
        for (const auto& capture : more)
            if (std::none_of(captures.begin(), captures.end(),
                             [&](const model::Capture& known) { return known.id == capture.id; }))
                captures.push_back(capture);
    };
    if (found.source)
        add(captures_of_looks(db, found.source->id));
    if (found.article) {
        add(captures_of_url(db, found.article->url));
        const auto whole = get_article(db, found.article->id, true);
        std::vector<model::Capture> read_from;
        for (const auto& capture : whole->captures)
            for (const auto& revision : whole->revisions)
                if (revision.capture == capture.id)
                    read_from.push_back(capture);
        add(read_from);
    }
    std::sort(captures.begin(), captures.end(), [](const model::Capture& a, const model::Capture& b) {
        return std::pair(a.at, a.id) > std::pair(b.at, b.id);
    });
    return captures;
}

} // namespace

Lookup look_up(Connection& db, const std::string& url, const std::string& canonical) {
    Lookup found;
    if (const auto article = find_known(db, url, canonical))
        found.article = get_article(db, *article, false);
    if (found.article)
        found.save = save_shown(db, found.article->url);
    found.source = find_source(db, canonical.empty() ? url : canonical);
    if (!found.source)
        found.source = find_source(db, "link:" + url);
    found.cited_by = found.source ? citing(db, found.source->id) : showing(db, url, canonical);
    if (found.article)
        found.kind = "article";
    else if (found.source)
        found.kind = "source";
    else if (!found.cited_by.empty())
        found.kind = "image";
    found.captures = captures_for(db, found, url, canonical);
    return found;
}

std::optional<std::int64_t> find_by_reference(Connection& db, const std::string& reference) {
    const auto word = base::trim(reference);
    std::int64_t id = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), id);
    if (read.ec == std::errc() && read.ptr == word.data() + word.size()) {
        auto row = db.prepare("SELECT id FROM articles WHERE id = ?");
        row << id;
        return row.step() ? std::optional(row.integer(0)) : std::nullopt;
    }
    return find_known(db, std::string(word), "");
}

} // namespace cdtd::store
