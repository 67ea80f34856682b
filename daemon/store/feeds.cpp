#include "store/json_text.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/store/feeds.hpp>

namespace cdtd::store {
namespace {

constexpr std::size_t longest_error = 600;

#define CDTD_FEED_COLUMNS                                                                                    \
    "SELECT id, name, url, enabled, state, title, last_poll_at, last_status, last_error, "                   \
    "consecutive_failures, last_change_at, next_poll_at, allowed_at, bounds, etag, last_modified, entries, " \
    "last_entry_count, polled FROM feeds WHERE configured = 1 "

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
    return feed;
}

/// What another address said (validators, waits, failures, "gone") says nothing about the new one; that a
/// first document was read, and a hold, stay.
void change_url(Connection& db, const FeedSetup& feed) {
    (db.prepare("UPDATE feeds SET url = ?, etag = NULL, last_modified = NULL, next_poll_at = NULL, "
                "allowed_at = NULL, bounds = '[]', consecutive_failures = 0, last_error = NULL, "
                "last_status = NULL, last_entry_count = 0, "
                "state = CASE state WHEN 'held' THEN state ELSE 'new' END WHERE name = ?")
     << feed.url << feed.name)
        .run();
}

} // namespace

void sync_feeds(Connection& db, const std::vector<FeedSetup>& feeds) {
    Transaction transaction(db);
    db.prepare("UPDATE feeds SET configured = 0").run();
    for (const auto& feed : feeds) {
        auto known = db.prepare("SELECT url FROM feeds WHERE name = ?");
        known << feed.name;
        if (!known.step())
            (db.prepare("INSERT INTO feeds (name, url, enabled) VALUES (?, ?, ?)")
             << feed.name << feed.url << feed.enabled)
                .run();
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
    return feeds;
}

std::optional<model::FeedState> find_feed(Connection& db, const std::string& name) {
    auto row = db.prepare(CDTD_FEED_COLUMNS "AND name = ?");
    row << name;
    return row.step() ? std::optional(read_feed(row)) : std::nullopt;
}

void save_feed(Connection& db, const model::FeedState& feed) {
    std::optional<std::string> error;
    if (feed.last_error)
        error = base::cut_bytes(*feed.last_error, longest_error);
    (db.prepare("UPDATE feeds SET state = ?, title = ?, last_poll_at = ?, last_status = ?, last_error = ?, "
                "consecutive_failures = ?, last_change_at = ?, next_poll_at = ?, allowed_at = ?, bounds = ?, "
                "etag = ?, last_modified = ?, last_entry_count = ?, polled = ? WHERE id = ?")
     << model::to_string(feed.state) << feed.title << feed.last_poll_at << feed.last_status << error
     << feed.consecutive_failures << feed.last_change_at << feed.next_poll_at << feed.allowed_at
     << to_text(feed.bounds) << feed.validators.etag << feed.validators.last_modified << feed.last_entry_count
     << feed.polled << feed.id)
        .run();
}

} // namespace cdtd::store
