#include "store/capture_rows.hpp"

#include <cdtd/store/manifests.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cdtd::store {
namespace {

constexpr std::string_view columns =
    "SELECT m.seq, m.day, m.made_at, m.sha256, m.text, w.name, m.offset, m.length, m.record_id, m.members, "
    "m.stamp, m.stamp_due_at, m.stamp_attempts, m.stamp_error, m.stamped_at, m.token, m.token_sha256 "
    "FROM manifests m JOIN warc_files w ON w.id = m.warc ";

model::Manifest read_manifest(const Statement& row) {
    model::Manifest manifest;
    manifest.seq = row.integer(0);
    manifest.day = row.text(1);
    manifest.made_at = row.time(2);
    manifest.sha256 = row.text(3);
    manifest.text = row.text(4);
    manifest.warc = row.text(5);
    manifest.offset = row.integer(6);
    manifest.length = row.integer(7);
    manifest.record_id = row.text(8);
    manifest.members = row.text(9);
    manifest.stamp = row.text(10);
    manifest.stamp_due_at = row.optional_time(11);
    manifest.stamp_attempts = static_cast<int>(row.integer(12));
    manifest.stamp_error = row.optional_text(13);
    manifest.stamped_at = row.optional_time(14);
    manifest.token = row.text(15);
    manifest.token_sha256 = row.optional_text(16);
    return manifest;
}

std::optional<model::Manifest> one(Statement row) {
    return row.step() ? std::optional(read_manifest(row)) : std::nullopt;
}

void note_times(Connection& db, const char* first, const char* last, std::int64_t after,
                Additions& additions) {
    for (const char* sql : {first, last}) {
        auto row = db.prepare(sql);
        row << after;
        if (!row.step())
            return;
        const auto at = row.time(0);
        additions.first_at = std::min(additions.first_at.value_or(at), at);
        additions.last_at = std::max(additions.last_at.value_or(at), at);
    }
}

model::RowRange range_of(Connection& db, const char* newest, std::int64_t after) {
    auto row = db.prepare(newest);
    row.step();
    return {after, std::max(after, row.integer(0)), 0, {}};
}

struct Canonical {
    const char* sql; ///< from an id to an id, so many
    int columns;
};

Canonical canonical(Rows rows) {
    switch (rows) {
    case Rows::captures:
        return {"SELECT c.id, c.url, c.at, c.kind, c.status, c.type, c.bytes, c.sha256, c.payload_sha1, "
                "(SELECT name FROM warc_files w WHERE w.id = c.warc), c.offset, c.length, c.record_id, "
                "c.original, c.group_offset, c.truncated, c.members FROM captures c WHERE c.id > ? AND "
                "c.id <= ? ORDER BY c.id LIMIT ?",
                17};
    case Rows::revisions_1:
        return {"SELECT id, article, number, seen_at, title, url, original_html, capture FROM revisions "
                "WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
                8};
    case Rows::revisions:
        return {"SELECT id, article, number, seen_at, title, url, original_html, capture, changed, columns, "
                "outlet, headline, language, characters, excerpt, card, text, html FROM revisions "
                "WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
                18};
    case Rows::articles:
        return {"SELECT id, guid, first_seen_at, published_at, silent FROM articles WHERE id > ? AND id <= ? "
                "ORDER BY id LIMIT ?",
                5};
    case Rows::looks:
        return {"SELECT id, source, at, state, reason, words, status, capture FROM looks WHERE id > ? AND "
                "id <= ? ORDER BY id LIMIT ?",
                8};
    case Rows::events:
        break;
    }
    return {"SELECT seq, id, type, timestamp, data FROM events WHERE seq > ? AND seq <= ? ORDER BY seq "
            "LIMIT ?",
            5};
}

using Content = model::ManifestContent;
constexpr std::array version_1{Covered{Rows::captures, &Content::captures, "captures"},
                               Covered{Rows::revisions_1, &Content::revisions, "revisions"},
                               Covered{Rows::events, &Content::events, "events"}};
constexpr std::array version_2{Covered{Rows::captures, &Content::captures, "captures"},
                               Covered{Rows::revisions, &Content::revisions, "revisions"},
                               Covered{Rows::events, &Content::events, "events"},
                               Covered{Rows::articles, &Content::articles, "articles"},
                               Covered{Rows::looks, &Content::looks, "looks"}};

} // namespace

std::span<const Covered> covered(int version) {
    return version == 1 ? std::span<const Covered>(version_1) : version_2;
}

Additions additions(Connection& db, const std::optional<model::ManifestContent>& after) {
    const auto sealed = after.value_or(model::ManifestContent{});
    Additions found;
    auto row = db.prepare("SELECT name, sealed, end FROM warc_files WHERE end > sealed ORDER BY id");
    while (row.step())
        found.files.push_back({row.text(0), row.integer(1), row.integer(2), {}});
    found.captures = range_of(db, "SELECT coalesce(max(id), 0) FROM captures", sealed.captures.upto);
    found.revisions = range_of(db, "SELECT coalesce(max(id), 0) FROM revisions", sealed.revisions.upto);
    found.events = range_of(db, "SELECT coalesce(max(seq), 0) FROM events", sealed.events.upto);
    found.articles = range_of(db, "SELECT coalesce(max(id), 0) FROM articles", sealed.articles.upto);
    found.looks = range_of(db, "SELECT coalesce(max(id), 0) FROM looks", sealed.looks.upto);
    note_times(db, "SELECT at FROM captures WHERE id > ? ORDER BY id LIMIT 1",
               "SELECT at FROM captures WHERE id > ? ORDER BY id DESC LIMIT 1", found.captures.after, found);
    note_times(db, "SELECT seen_at FROM revisions WHERE id > ? ORDER BY id LIMIT 1",
               "SELECT seen_at FROM revisions WHERE id > ? ORDER BY id DESC LIMIT 1", found.revisions.after,
               found);
    note_times(db, "SELECT timestamp FROM events WHERE seq > ? ORDER BY seq LIMIT 1",
               "SELECT timestamp FROM events WHERE seq > ? ORDER BY seq DESC LIMIT 1", found.events.after,
               found);
    note_times(db, "SELECT at FROM looks WHERE id > ? ORDER BY id LIMIT 1",
               "SELECT at FROM looks WHERE id > ? ORDER BY id DESC LIMIT 1", found.looks.after, found);
    return found;
}

std::optional<std::int64_t> hash_rows(Connection& db, Rows rows, std::int64_t after, model::RowRange& range,
                                      int limit, base::Sha256& into) {
    const auto [sql, count] = canonical(rows);
    auto row = db.prepare(sql);
    row << after << range.upto << limit;
    std::optional<std::int64_t> last;
    while (row.step()) {
        std::string line;
        for (int column = 0; column < count; ++column) {
            if (row.is_null(column)) { // asked before text(), which converts
                line += "-,";
                continue;
            }
            const auto text = row.text(column);
            line.append(fmt::format("{}:", text.size())).append(text).append(",");
        }
        into.add(line + "\n");
        ++range.count;
        last = row.integer(0);
    }
    return last;
}

std::int64_t insert_manifest(Connection& db, const model::Manifest& manifest,
                             const model::ManifestContent& content) {
    const auto file = grow_file(db, manifest.warc, manifest.offset + manifest.length, manifest.warcinfo);
    (db.prepare("INSERT INTO manifests (day, made_at, sha256, text, warc, offset, length, record_id, "
                "members, stamp, stamp_due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
     << manifest.day << manifest.made_at << manifest.sha256 << manifest.text << file << manifest.offset
     << manifest.length << manifest.record_id << manifest.members << manifest.stamp << manifest.stamp_due_at)
        .run();
    const auto seq = db.last_insert_id();
    for (const auto& range : content.files)
        (db.prepare("UPDATE warc_files SET sealed = ? WHERE name = ?") << range.to << range.file).run();
    return seq;
}

std::optional<model::Manifest> newest_manifest(Connection& db) {
    return one(db.prepare(std::string(columns) + "ORDER BY m.seq DESC LIMIT 1"));
}

std::optional<model::Manifest> next_manifest(Connection& db, std::int64_t after_seq) {
    auto row = db.prepare(std::string(columns) + "WHERE m.seq > ? ORDER BY m.seq LIMIT 1");
    row << after_seq;
    return one(std::move(row));
}

std::optional<model::Manifest> find_manifest(Connection& db, std::int64_t seq) {
    auto row = db.prepare(std::string(columns) + "WHERE m.seq = ?");
    row << seq;
    return one(std::move(row));
}

void want_stamp(Connection& db, base::Time now) {
    (db.prepare("UPDATE manifests SET stamp = 'waiting', stamp_due_at = ? WHERE stamp = 'off' AND seq = "
                "(SELECT max(seq) FROM manifests)")
     << now)
        .run();
}

std::optional<model::Manifest> due_stamp(Connection& db, base::Time now) {
    auto row = db.prepare(std::string(columns) +
                          "WHERE m.stamp = 'waiting' AND m.stamp_due_at <= ? ORDER BY m.seq LIMIT 1");
    row << now;
    return one(std::move(row));
}

std::optional<base::Time> next_stamp_at(Connection& db) {
    auto row = db.prepare("SELECT min(stamp_due_at) FROM manifests WHERE stamp = 'waiting'");
    return row.step() ? row.optional_time(0) : std::nullopt;
}

void set_stamp(Connection& db, std::int64_t seq, const std::string& token, base::Time at) {
    (db.prepare("UPDATE manifests SET stamp = 'stamped', stamp_due_at = NULL, stamp_error = NULL, "
                "stamp_attempts = stamp_attempts + 1, stamped_at = ?, token = ?, token_sha256 = ? "
                "WHERE seq = ?")
     << at << Blob{token} << base::sha256_hex(token) << seq)
        .run();
}

void postpone_stamp(Connection& db, std::int64_t seq, base::Time due, const std::string& error) {
    (db.prepare("UPDATE manifests SET stamp_due_at = ?, stamp_error = ?, stamp_attempts = stamp_attempts + 1 "
                "WHERE seq = ?")
     << due << error << seq)
        .run();
}

std::vector<Place> places(Connection& db, std::int64_t file, std::int64_t offset, int limit) {
    std::vector<Place> found;
    auto row = db.prepare(
        "SELECT 0, id, coalesce(group_offset, offset), offset, length, members FROM captures "
        "WHERE warc = ?1 AND offset >= ?2 UNION ALL "
        "SELECT 1, seq, offset, offset, length, members FROM manifests WHERE warc = ?1 AND offset >= ?2 "
        "ORDER BY 4 LIMIT ?3");
    row << file << offset << limit;
    while (row.step())
        found.push_back({row.integer(0) != 0, row.integer(1), row.integer(2), row.integer(3), row.integer(4),
                         row.text(5)});
    return found;
}

} // namespace cdtd::store
