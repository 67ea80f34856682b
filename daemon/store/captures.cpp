#include "store/capture_rows.hpp"
#include "store/json_text.hpp"

#include <cdtd/store/captures.hpp>

#include <map>

namespace cdtd::store {

std::int64_t grow_file(Connection& db, const std::string& name, std::int64_t end,
                       const std::string& warcinfo) {
    auto row = db.prepare("INSERT INTO warc_files (name, end, warcinfo) VALUES (?, ?, ?) ON CONFLICT (name) "
                          "DO UPDATE SET end = max(end, excluded.end) RETURNING id");
    row << name << end << warcinfo;
    row.step();
    return row.integer(0);
}

namespace {

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The redirect whose answer `capture` is: hops of a fetch are stored one after the other, in rows and in the
/// file.
std::optional<model::Capture> redirect_to(Connection& db, const model::Capture& capture) {
    auto before = get_capture(db, capture.id - 1);
    const bool adjoins =
        before && before->warc == capture.warc && before->kind == capture.kind &&
        before->offset + before->length == capture.group_offset.value_or(before->offset + before->length);
    return adjoins && is_redirect(before->status) ? before : std::nullopt;
}

} // namespace

model::Capture read_capture(const Statement& row) {
    model::Capture capture;
    capture.id = row.integer(0);
    capture.url = row.text(1);
    capture.at = row.time(2);
    capture.kind = row.text(3);
    capture.status = static_cast<int>(row.integer(4));
    capture.type = row.text(5);
    capture.bytes = row.integer(6);
    capture.sha256 = row.text(7);
    capture.payload_sha1 = row.text(8);
    capture.warc = row.text(9);
    capture.offset = row.integer(10);
    capture.length = row.integer(11);
    capture.record_id = row.text(12);
    capture.original = row.optional_integer(13);
    capture.group_offset = row.optional_integer(14);
    capture.truncated = row.text(15);
    capture.members = row.text(16);
    return capture;
}

std::int64_t insert_capture(Connection& db, const model::Capture& capture) {
    const auto file = grow_file(db, capture.warc, capture.offset + capture.length, capture.warcinfo);
    (db.prepare(
         "INSERT INTO captures (url, key, at, kind, status, type, bytes, sha256, payload_sha1, warc, "
         "offset, length, record_id, original, group_offset, truncated, members) VALUES (?, ?, ?, ?, ?, "
         "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
     << capture.url << key_of(capture.url) << capture.at << capture.kind << capture.status << capture.type
     << capture.bytes << capture.sha256 << capture.payload_sha1 << file << capture.offset << capture.length
     << capture.record_id << capture.original << capture.group_offset << capture.truncated << capture.members)
        .run();
    return db.last_insert_id();
}

std::optional<model::Capture> get_capture(Connection& db, std::int64_t id) {
    auto row = db.prepare(capture_rows + "AND c.id = ?");
    row << id;
    return row.step() ? std::optional(read_capture(row)) : std::nullopt;
}

std::optional<model::Capture> find_payload(Connection& db, const std::string& payload_sha1,
                                           const std::string& sha256, std::int64_t bytes) {
    auto row = db.prepare(capture_rows + "AND c.payload_sha1 = ? AND c.original IS NULL AND c.bytes > 0 AND "
                                         "c.sha256 = ? AND c.bytes = ? ORDER BY c.id LIMIT 1");
    row << payload_sha1 << sha256 << bytes;
    return row.step() ? std::optional(read_capture(row)) : std::nullopt;
}

bool is_recorded(Connection& db, const std::string& warc, std::int64_t offset) {
    auto row =
        db.prepare("SELECT 1 FROM captures WHERE warc = (SELECT id FROM warc_files WHERE name = ?) AND "
                   "offset = ?");
    row << warc << offset;
    return row.step();
}

std::optional<model::Capture> find_payload(Connection& db, const std::string& payload_sha1) {
    auto row = db.prepare(capture_rows + "AND c.payload_sha1 = ? AND c.original IS NULL AND c.bytes > 0 "
                                         "ORDER BY c.id LIMIT 1");
    row << payload_sha1;
    return row.step() ? std::optional(read_capture(row)) : std::nullopt;
}

void link_capture(Connection& db, std::int64_t article, std::int64_t capture) {
    (db.prepare("INSERT OR IGNORE INTO article_captures (article, capture) VALUES (?, ?)")
     << article << capture)
        .run();
}

void set_image(Connection& db, std::int64_t article, const std::string& url,
               std::optional<std::int64_t> capture, std::optional<std::string> error) {
    (db.prepare("UPDATE images SET capture = ?, error = ? WHERE article = ? AND url = ?")
     << capture << error << article << url)
        .run();
}

bool holds_image(Connection& db, std::int64_t article, const std::string& url) {
    auto row = db.prepare("SELECT 1 FROM images WHERE article = ? AND url = ? AND capture IS NOT NULL");
    row << article << url;
    return row.step();
}

std::optional<model::Capture> find_capture(Connection& db, const std::string& url) {
    auto row = db.prepare(
        capture_rows + "AND c.key = ? AND c.status = 200 AND c.truncated = '' ORDER BY c.at DESC, c.id DESC "
                       "LIMIT 1");
    row << key_of(url);
    return row.step() ? std::optional(read_capture(row)) : std::nullopt;
}

std::vector<model::Capture> captures_of_url(Connection& db, const std::string& url) {
    std::vector<model::Capture> captures;
    auto row = db.prepare(capture_rows + "AND c.key = ? ORDER BY c.at DESC, c.id DESC LIMIT 50");
    row << key_of(url);
    while (row.step())
        captures.push_back(read_capture(row));
    return captures;
}

std::vector<model::Capture> with_companions(Connection& db, const std::vector<model::Capture>& captures) {
    std::map<std::int64_t, model::Capture> all;
    auto open = captures;
    while (!open.empty()) {
        const auto capture = std::move(open.back());
        open.pop_back();
        if (!all.emplace(capture.id, capture).second)
            continue;
        if (auto redirect = redirect_to(db, capture))
            open.push_back(std::move(*redirect));
        if (capture.original)
            if (auto original = get_capture(db, *capture.original))
                open.push_back(std::move(*original));
    }
    std::vector<model::Capture> ordered;
    ordered.reserve(all.size());
    for (auto& [id, capture] : all)
        ordered.push_back(std::move(capture));
    return ordered;
}

bool images_settled(Connection& db, std::int64_t article) {
    auto row =
        db.prepare("SELECT 1 FROM images WHERE article = ? AND capture IS NULL AND error IS NULL LIMIT 1");
    row << article;
    return !row.step();
}

std::vector<WarcFile> warc_files(Connection& db) {
    std::vector<WarcFile> files;
    auto row = db.prepare("SELECT name, end, id, warcinfo FROM warc_files ORDER BY name");
    while (row.step())
        files.push_back({row.text(0), row.integer(1), row.integer(2), row.text(3)});
    return files;
}

} // namespace cdtd::store
