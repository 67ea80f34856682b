// Articles that belong together: runs of the same text, and those that were taken from the same original.
#include "store/likeness_rows.hpp"

#include <cdtd/article/likeness.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/status.hpp>

#include <algorithm>
#include <charconv>
#include <map>

namespace cdtd::store {
namespace {

/// A fact: articles up to this id may have no signature yet.
const std::string pending = "likenesses_pending";
constexpr int most_candidates = 500; ///< a template's text would bring thousands
constexpr int most_citing = 50;
constexpr std::size_t most_related = 20;

std::string signature_of(Connection& db, std::int64_t article) {
    auto row = db.prepare("SELECT signature FROM likenesses WHERE article = ?");
    row << article;
    return row.step() ? row.text(0) : std::string();
}

/// Those that meet it in a band, and how alike they are.
std::map<std::int64_t, double> alike(Connection& db, std::int64_t article) {
    std::map<std::int64_t, double> found;
    const auto own = signature_of(db, article);
    if (own.empty())
        return found;
    for (const auto band : article::likeness_bands(own)) {
        auto row = db.prepare("SELECT b.article, l.signature FROM likeness_bands b JOIN likenesses l "
                              "ON l.article = b.article WHERE b.band = ? AND b.article <> ? "
                              "ORDER BY b.article DESC LIMIT ?");
        row << band << article << most_candidates;
        while (row.step()) {
            if (found.contains(row.integer(0)))
                continue;
            if (const double share = article::likeness(own, row.text(1)); share >= article::kAlike)
                found.emplace(row.integer(0), share);
        }
    }
    return found;
}

std::vector<std::int64_t> citing_the_same(Connection& db, std::int64_t article) {
    std::vector<std::int64_t> found;
    auto row = db.prepare("SELECT DISTINCT o.article FROM article_sources a CROSS JOIN article_sources o "
                          "ON o.source = a.source WHERE a.article = ?1 AND o.article <> ?1 "
                          "ORDER BY o.article DESC LIMIT ?2");
    row << article << most_citing;
    while (row.step())
        found.push_back(row.integer(0));
    return found;
}

} // namespace

void set_likeness(Connection& db, std::int64_t article, const std::string& signature) {
    const auto before = signature_of(db, article);
    if (before == signature)
        return;
    if (!before.empty()) {
        for (const auto band : article::likeness_bands(before))
            (db.prepare("DELETE FROM likeness_bands WHERE band = ? AND article = ?") << band << article)
                .run();
        (db.prepare("DELETE FROM likenesses WHERE article = ?") << article).run();
    }
    if (signature.empty())
        return;
    (db.prepare("INSERT INTO likenesses (article, signature) VALUES (?, ?)") << article << Blob{signature})
        .run();
    for (const auto band : article::likeness_bands(signature))
        (db.prepare("INSERT OR IGNORE INTO likeness_bands (band, article) VALUES (?, ?)") << band << article)
            .run();
}

std::vector<model::Related> related_of(Connection& db, std::int64_t article) {
    auto shares = alike(db, article);
    const auto citing = citing_the_same(db, article);
    for (const auto id : citing)
        shares.try_emplace(id, 0);
    std::vector<model::Related> related;
    for (const auto& [id, share] : shares) {
        auto row = db.prepare("SELECT title, url, published_at FROM articles WHERE id = ?");
        row << id;
        if (row.step())
            related.push_back({id, row.text(0), row.text(1), row.optional_time(2),
                               std::ranges::find(citing, id) != citing.end(), share});
    }
    std::ranges::sort(related, [](const model::Related& a, const model::Related& b) {
        return a.likeness != b.likeness ? a.likeness > b.likeness : a.id > b.id;
    });
    related.resize(std::min(related.size(), most_related));
    return related;
}

std::int64_t unlikened(Connection& db) {
    const auto id = get_fact(db, pending).value_or("0");
    std::int64_t last = 0;
    std::from_chars(id.data(), id.data() + id.size(), last);
    return last;
}

std::int64_t liken_more(Connection& db, int limit) {
    const auto last = unlikened(db);
    if (last == 0)
        return 0;
    std::vector<std::pair<std::int64_t, std::string>> texts;
    {
        auto row = db.prepare("SELECT a.id, r.text FROM articles a JOIN revisions r ON r.article = a.id AND "
                              "r.number = a.revision WHERE a.id <= ? ORDER BY a.id DESC LIMIT ?");
        row << last << limit;
        while (row.step())
            texts.emplace_back(row.integer(0), row.text(1));
    }
    for (const auto& [id, text] : texts)
        set_likeness(db, id, article::likeness_of(text));
    const std::int64_t left = texts.empty() ? 0 : texts.back().first - 1;
    set_fact(db, pending, std::to_string(left));
    return left;
}

} // namespace cdtd::store
