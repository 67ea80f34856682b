#include "store/json_text.hpp"

#include <cdtd/store/captures.hpp>
#include <cdtd/store/consistency.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cdtd::store {

namespace {

using Tell = std::function<void(std::string)>;

/// The card's text may be of another version of this program; what it says counts.
bool same_card(const std::optional<std::string>& one, const std::optional<std::string>& other) {
    return one == other || to_text(card_of(one)) == to_text(card_of(other));
}

/// An article's row follows its newest revision (revisions.cpp). One without content has none to follow.
void check_articles(Connection& db, const Tell& tell) {
    {
        auto row = db.prepare("SELECT id, revision, (SELECT coalesce(max(number), 0) FROM revisions WHERE "
                              "article = a.id) AS newest "
                              "FROM articles a WHERE revision <> newest");
        while (row.step())
            tell(fmt::format("article {} says that its newest revision is {}, but that is {}", row.integer(0),
                             row.integer(1), row.integer(2)));
    }
    {
        auto row = db.prepare(
            "SELECT id FROM articles a WHERE censored_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
            "revisions r WHERE r.article = a.id AND r.seen_at = a.censored_at)");
        while (row.step())
            tell(fmt::format("article {} counts as censored at a time at which no revision of it was seen",
                             row.integer(0)));
    }
    auto row = db.prepare(
        "SELECT a.id, a.title IS r.title, a.columns IS r.columns AND a.outlet IS r.outlet AND a.headline IS "
        "r.headline, r.url = '' OR a.url IS r.url, coalesce(a.content_sha256, '') IS r.sha256 AND "
        "a.excerpt IS r.excerpt AND a.characters IS r.characters, a.card, r.card FROM articles a JOIN "
        "revisions r "
        "ON r.article = a.id AND r.number = a.revision");
    while (row.step()) {
        const auto check = [&](bool same, const char* what) {
            if (!same)
                tell(fmt::format("the {} of article {} is not that of its newest revision", what,
                                 row.integer(0)));
        };
        check(row.integer(1) != 0, "title");
        check(row.integer(2) != 0, "column, outlet or headline");
        check(row.integer(3) != 0, "URL");
        check(row.integer(4) != 0, "fingerprint, excerpt or length");
        check(same_card(row.optional_text(5), row.optional_text(6)), "archive card");
    }
}

/// The capture itself, or a redirect that led to it, is of one of these URLs.
bool is_of(Connection& db, const model::Capture& capture, const std::set<std::string>& keys) {
    if (keys.contains(key_of(capture.url)))
        return true;
    return std::ranges::any_of(with_companions(db, {capture}), [&](const model::Capture& one) {
        return one.id < capture.id && one.id != capture.original && keys.contains(key_of(one.url));
    });
}

/// Where the keys are the same there is nothing to look for; check_keys() sees to them.
void check_images(Connection& db, const Tell& tell) {
    auto row = db.prepare(
        "SELECT i.article, i.url, i.capture, EXISTS (SELECT 1 FROM article_captures l WHERE "
        "l.article = i.article AND l.capture = i.capture) AS linked, i.key = c.key AS same FROM images i "
        "JOIN captures c ON c.id = i.capture WHERE NOT linked OR NOT same");
    while (row.step()) {
        const auto url = row.text(1);
        if (row.integer(3) == 0)
            tell(fmt::format("capture {} is shown as an image of article {}, but is not among its captures",
                             row.integer(2), row.integer(0)));
        if (row.integer(4) != 0)
            continue;
        if (const auto capture = get_capture(db, row.integer(2));
            capture && !is_of(db, *capture, {key_of(url)}))
            tell(fmt::format("capture {} is shown as the image {} of article {}, but it is of {}",
                             capture->id, url, row.integer(0), capture->url));
    }
}

/// An image that is held must be shown as held, unless that is about to be settled.
void check_missing_images(Connection& db, const Tell& tell) {
    auto row = db.prepare(
        "SELECT i.article, i.url, c.id FROM images i JOIN article_captures l ON l.article = i.article JOIN "
        "captures c ON c.id = l.capture AND c.key = i.key WHERE i.capture IS NULL AND i.error IS NULL AND "
        "c.kind = 'image' AND c.status = 200 AND c.truncated = '' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE "
        "j.kind = 'capture' AND j.article = i.article AND j.url = i.url)");
    while (row.step())
        tell(fmt::format("the image {} of article {} is shown as not held, but capture {} is of it",
                         row.text(1), row.integer(0), row.integer(2)));
}

/// What is said of a source names what shows it: a capture of the Wayback Machine's answer, a look.
void check_sources(Connection& db, const Tell& tell) {
    {
        auto row = db.prepare(
            "SELECT s.id, s.wayback, c.kind IS 'wayback' AS held, (s.wayback = 'archived') = (s.snapshot_url "
            "IS NOT NULL) AS fits FROM sources s LEFT JOIN captures c ON c.id = s.wayback_capture WHERE "
            "s.wayback IN ('archived', 'not_archived') AND NOT (held AND fits)");
        while (row.step())
            tell(fmt::format("source {} counts as {} by the Wayback Machine, but {}", row.integer(0),
                             row.text(1),
                             row.integer(2) == 0 ? "no answer of it that is held is named"
                                                 : "the snapshot that is named does not fit"));
    }
    auto row = db.prepare(
        "SELECT s.id, s.liveness FROM sources s WHERE s.liveness IN ('alive', 'deleted', 'censored') AND NOT "
        "EXISTS (SELECT 1 FROM looks l WHERE l.source = s.id AND l.state = s.liveness)");
    while (row.step())
        tell(
            fmt::format("source {} counts as {}, but no look at it found that", row.integer(0), row.text(1)));
}

/// Every address that the article ever had.
std::set<std::string> addresses_of(Connection& db, std::int64_t article) {
    std::set<std::string> keys;
    auto row = db.prepare(
        "SELECT url FROM articles WHERE id = ?1 UNION SELECT url FROM revisions WHERE article = ?1");
    row << article;
    while (row.step())
        keys.insert(key_of(row.text(0)));
    return keys;
}

void check_pages(Connection& db, const Tell& tell) {
    {
        auto row = db.prepare(
            "SELECT l.article, l.capture FROM article_captures l JOIN captures c ON c.id = l.capture "
            "JOIN articles a ON a.id = l.article WHERE c.kind = 'page' AND c.key <> a.url");
        while (row.step()) {
            const auto capture = get_capture(db, row.integer(1));
            if (capture && !is_of(db, *capture, addresses_of(db, row.integer(0))))
                tell(fmt::format("capture {} is shown as the page of article {}, but it is of {}",
                                 capture->id, row.integer(0), capture->url));
        }
    }
    auto row = db.prepare(
        "SELECT id FROM articles a WHERE page_state = 'captured' AND NOT EXISTS (SELECT 1 FROM "
        "article_captures l JOIN captures c ON c.id = l.capture WHERE l.article = a.id AND c.kind = "
        "'page')");
    while (row.step())
        tell(fmt::format("the page of article {} counts as captured, but no capture is its page",
                         row.integer(0)));
}

void check_keys(Connection& db, const Tell& tell) {
    for (const char* sql :
         {"SELECT id, url, key, 'capture' FROM captures", "SELECT id, url, key, 'image' FROM images"}) {
        auto row = db.prepare(sql);
        while (row.step())
            if (row.text(2) != key_of(row.text(1)))
                tell(fmt::format("{} {} can't be looked up: its key is not that of its URL {}", row.text(3),
                                 row.integer(0), row.text(1)));
    }
}

} // namespace

void find_contradictions(Connection& db, const Tell& tell) {
    check_articles(db, tell);
    check_images(db, tell);
    check_missing_images(db, tell);
    check_pages(db, tell);
    check_sources(db, tell);
    check_keys(db, tell);
}

} // namespace cdtd::store
