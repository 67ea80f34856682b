#include "store/json_text.hpp"
#include "store/walk_rows.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/walks.hpp>

#include <algorithm>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_error = 600;

#define CDTD_WALK_COLUMNS                                                                            \
    "SELECT w.feed, w.kind, w.state, w.started_at, w.page, w.next_url, w.last_url, w.last_etag, "    \
    "w.last_last_modified, w.again_url, w.again_etag, w.again_last_modified, w.ended, w.last_page, " \
    "w.until, w.found, w.seen, w.due_at, w.attempts, w.last_error, f.name "                          \
    "FROM walks w JOIN feeds f ON f.id = w.feed "

model::WalkPage read_page(const Statement& row, int first) {
    return {row.text(first), {row.optional_text(first + 1), row.optional_text(first + 2)}};
}

FeedWalk read_walk(const Statement& row) {
    FeedWalk of;
    of.feed = row.integer(0);
    of.name = row.text(20);
    model::Walk& walk = of.walk;
    walk.kind = model::walk_kind(row.text(1));
    walk.state = model::walk_state(row.text(2));
    walk.started_at = row.time(3);
    walk.page = static_cast<int>(row.integer(4));
    walk.next = row.text(5);
    walk.last = read_page(row, 6);
    walk.again = read_page(row, 9);
    walk.ended = row.integer(12) != 0;
    if (const auto last = row.optional_integer(13))
        walk.last_page = static_cast<int>(*last);
    walk.until = row.optional_time(14);
    walk.found = row.integer(15);
    walk.seen = list_of(row.text(16));
    walk.due_at = row.time(17);
    walk.attempts = static_cast<int>(row.integer(18));
    walk.last_error = row.optional_text(19);
    return of;
}

} // namespace

void add_walks(Connection& db, std::vector<model::FeedState>& feeds) {
    auto row = db.prepare(CDTD_WALK_COLUMNS "ORDER BY w.feed, w.kind DESC"); // the gap first
    while (row.step()) {
        FeedWalk of = read_walk(row);
        const auto feed = std::ranges::find(feeds, of.feed, &model::FeedState::id);
        if (feed != feeds.end())
            feed->walks.push_back(std::move(of.walk));
    }
}

void save_walk(Connection& db, std::int64_t feed, const model::Walk& walk) {
    std::optional<std::string> error;
    if (walk.last_error)
        error = base::cut_bytes(*walk.last_error, longest_error);
    std::optional<std::int64_t> last_page;
    if (walk.last_page)
        last_page = *walk.last_page;
    const model::Validators &last = walk.last.validators, &again = walk.again.validators;
    (db.prepare(
         "INSERT OR REPLACE INTO walks (feed, kind, state, started_at, page, next_url, last_url, "
         "last_etag, last_last_modified, again_url, again_etag, again_last_modified, ended, last_page, "
         "until, found, seen, due_at, attempts, last_error) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
     << feed << model::to_string(walk.kind) << model::to_string(walk.state) << walk.started_at << walk.page
     << walk.next << walk.last.url << last.etag << last.last_modified << walk.again.url << again.etag
     << again.last_modified << walk.ended << last_page << walk.until << walk.found << to_text(walk.seen)
     << walk.due_at << walk.attempts << error)
        .run();
}

void move_walk(Connection& db, std::int64_t feed, const model::Walk& before, const model::Walk& after) {
    const auto now = find_walk(db, feed, before.kind);
    const bool same = now && now->started_at == before.started_at && now->page == before.page &&
                      now->next == before.next && now->seen == before.seen;
    if (same)
        save_walk(db, feed, after);
}

std::optional<model::Walk> find_walk(Connection& db, std::int64_t feed, model::WalkKind kind) {
    auto row = db.prepare(CDTD_WALK_COLUMNS "WHERE w.feed = ? AND w.kind = ?");
    row << feed << model::to_string(kind);
    return row.step() ? std::optional(read_walk(row).walk) : std::nullopt;
}

std::vector<FeedWalk> due_walks(Connection& db, base::Time now, int limit) {
    std::vector<FeedWalk> walks;
    auto row =
        db.prepare(CDTD_WALK_COLUMNS
                   "WHERE w.state = 'walking' AND w.due_at <= ?1 AND f.configured = 1 AND f.enabled = 1 "
                   "AND f.state NOT IN ('held', 'gone') "
                   "AND NOT (f.consecutive_failures > 0 AND coalesce(f.allowed_at, 0) > ?1) "
                   "AND NOT (w.kind = 'backfill' AND EXISTS (SELECT 1 FROM walks g WHERE g.feed = w.feed "
                   "AND g.kind = 'gap' AND g.state = 'walking' AND g.due_at <= ?1)) "
                   "ORDER BY w.due_at LIMIT ?2");
    row << now << limit;
    while (row.step())
        walks.push_back(read_walk(row));
    return walks;
}

std::optional<base::Time> next_due_walk(Connection& db, base::Time after) {
    auto row = db.prepare("SELECT min(due_at) FROM walks WHERE state = 'walking' AND due_at > ?");
    row << after;
    return row.step() ? row.optional_time(0) : std::nullopt;
}

bool is_paged(Connection& db, std::int64_t feed) {
    auto row = db.prepare("SELECT paged FROM feeds WHERE id = ?");
    row << feed;
    return row.step() && row.integer(0) != 0;
}

void set_unpaged(Connection& db, std::int64_t feed) {
    (db.prepare("UPDATE feeds SET paged = 0 WHERE id = ?") << feed).run();
}

} // namespace cdtd::store
