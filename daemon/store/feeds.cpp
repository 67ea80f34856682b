#include "store/json_text.hpp"
#include "store/walk_rows.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/feeds.hpp>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_error = 600;

#define CDTD_FEED_COLUMNS                                                                                    \
    "SELECT id, name, url, enabled, state, title, last_poll_at, last_status, last_error, "                   \
    "consecutive_failures, last_change_at, next_poll_at, allowed_at, bounds, etag, last_modified, entries, " \
    "last_entry_count, polled, configured_url, cadence, move, former_urls, stale, rhythm, released, "        \
    "repairs, error_class, older_url, document_sha256 FROM feeds WHERE configured = 1 "

model::FeedState read_feed(const Statement& row) {
    model::FeedState feed;
    feed.id = row.integer(0);
    feed.name = row.text(1);
    feed.url = row.text(2);
    feed.enabled = row.integer(3) != 0;
    feed.state = model::feed_health(row.text(4));
    feed.title = row.text(5);
    feed.last_poll_at = row.optional_time(6);
    if (const auto status = row.optional_integer(7))
        feed.last_status = static_cast<int>(*status);
    feed.last_error = row.optional_text(8);
    feed.consecutive_failures = static_cast<int>(row.integer(9));
    feed.last_change_at = row.optional_time(10);
    feed.next_poll_at = row.optional_time(11);
    feed.allowed_at = row.optional_time(12);
    feed.bounds = bounds_of(row.text(13));
    feed.validators = {row.optional_text(14), row.optional_text(15)};
    feed.entries = row.integer(16);
    feed.last_entry_count = static_cast<int>(row.integer(17));
    feed.polled = row.integer(18) != 0;
    feed.configured_url = row.text(19);
    feed.cadence = cadence_of(row.text(20));
    feed.move = move_of(row.optional_text(21));
    feed.former_urls = list_of(row.text(22));
    feed.stale = row.integer(23) != 0;
    if (const auto rhythm = row.optional_integer(24))
        feed.rhythm = base::Duration(*rhythm);
    feed.released = row.integer(25) != 0;
    feed.repairs = list_of(row.text(26));
    feed.error_class = row.optional_text(27);
    feed.older_url = row.text(28);
    feed.document_sha256 = row.text(29);
    return feed;
}

/// What another address said (validators, waits, failures, "gone") says nothing about the new one; that a
/// first document was read, and a hold, stay.
void change_url(Connection& db, const FeedSetup& feed) {
    (db.prepare("UPDATE feeds SET url = ?1, configured_url = ?1, etag = NULL, last_modified = NULL, "
                "next_poll_at = NULL, allowed_at = NULL, bounds = '[]', consecutive_failures = 0, "
                "last_error = NULL, last_status = NULL, last_entry_count = 0, cadence = '{}', move = NULL, "
                "former_urls = '[]', paged = 1, repairs = '[]', error_class = NULL, older_url = '', "
                "document_sha256 = '', "
                "state = CASE state WHEN 'held' THEN state ELSE 'new' END WHERE name = ?2")
     << feed.url << feed.name)
        .run();
    (db.prepare("DELETE FROM walks WHERE feed = (SELECT id FROM feeds WHERE name = ?)") << feed.name).run();
}

} // namespace

void sync_feeds(Connection& db, const std::vector<FeedSetup>& feeds) {
    Transaction transaction(db);
    db.prepare("UPDATE feeds SET configured = 0").run();
    for (const auto& feed : feeds) {
        auto known = db.prepare("SELECT configured_url, url FROM feeds WHERE name = ?");
        known << feed.name;
        if (!known.step())
            (db.prepare("INSERT INTO feeds (name, url, configured_url, enabled) VALUES (?1, ?2, ?2, ?3)")
             << feed.name << feed.url << feed.enabled)
                .run();
        else if (known.text(1) == feed.url) // where it had moved to already: everything stays
            (db.prepare("UPDATE feeds SET configured_url = ? WHERE name = ?") << feed.url << feed.name).run();
        else if (known.text(0) != feed.url)
            change_url(db, feed);
        (db.prepare("UPDATE feeds SET configured = 1, enabled = ? WHERE name = ?")
         << feed.enabled << feed.name)
            .run();
    }
    transaction.commit();
}

std::vector<model::FeedState> list_feeds(Connection& db) {
    std::vector<model::FeedState> feeds;
    auto rows = db.prepare(CDTD_FEED_COLUMNS "ORDER BY name");
    while (rows.step())
        feeds.push_back(read_feed(rows));
    add_walks(db, feeds);
    return feeds;
}

std::optional<model::FeedState> find_feed(Connection& db, const std::string& name) {
    auto row = db.prepare(CDTD_FEED_COLUMNS "AND name = ?");
    row << name;
    if (!row.step())
        return std::nullopt;
    std::vector<model::FeedState> found{read_feed(row)};
    add_walks(db, found);
    return std::move(found.front());
}

void save_feed(Connection& db, const model::FeedState& feed) {
    std::optional<std::string> error;
    if (feed.last_error)
        error = base::cut_bytes(*feed.last_error, longest_error);
    std::optional<std::int64_t> rhythm;
    if (feed.rhythm)
        rhythm = feed.rhythm->count();
    (db.prepare("UPDATE feeds SET url = ?, state = ?, title = ?, last_poll_at = ?, last_status = ?, "
                "last_error = ?, consecutive_failures = ?, last_change_at = ?, next_poll_at = ?, "
                "allowed_at = ?, bounds = ?, etag = ?, last_modified = ?, last_entry_count = ?, polled = ?, "
                "cadence = ?, move = ?, former_urls = ?, stale = ?, rhythm = ?, released = ?, repairs = ?, "
                "error_class = ?, older_url = ?, document_sha256 = ? "
                "WHERE id = ? AND configured_url = ?")
     << feed.url << model::to_string(feed.state) << feed.title << feed.last_poll_at << feed.last_status
     << error << feed.consecutive_failures << feed.last_change_at << feed.next_poll_at << feed.allowed_at
     << to_text(feed.bounds) << feed.validators.etag << feed.validators.last_modified << feed.last_entry_count
     << feed.polled << to_text(feed.cadence) << to_text(feed.move) << to_text(feed.former_urls) << feed.stale
     << rhythm << feed.released << to_text(feed.repairs) << feed.error_class << feed.older_url
     << feed.document_sha256 << feed.id << feed.configured_url)
        .run();
}

std::int64_t entries_of(Connection& db, std::int64_t feed) {
    auto row = db.prepare("SELECT entries FROM feeds WHERE id = ?");
    row << feed;
    return row.step() ? row.integer(0) : 0;
}

} // namespace cdtd::store
