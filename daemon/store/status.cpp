#include <cdtd/store/endpoints.hpp>
#include <cdtd/store/hosts.hpp>
#include <cdtd/store/manifests.hpp>
#include <cdtd/store/markdown.hpp>
#include <cdtd/store/saves.hpp>
#include <cdtd/store/schema.hpp>
#include <cdtd/store/status.hpp>

namespace cdtd::store {
namespace {

using Counts = std::map<std::string, std::int64_t>;

void count(Connection& db, const char* kind, Counts& counts) {
    auto row = db.prepare("SELECT key, value FROM tallies WHERE kind = ?");
    row << kind;
    while (row.step())
        counts[row.text(0)] = row.integer(1);
}

std::int64_t tally(Connection& db, const char* kind) {
    Counts counts;
    count(db, kind, counts);
    return counts[""];
}

std::int64_t sum(const Counts& counts) {
    std::int64_t all = 0;
    for (const auto& [key, value] : counts)
        all += value;
    return all;
}

void count_feeds(Connection& db, model::Status& status) {
    auto row = db.prepare("SELECT count(*), coalesce(sum(enabled), 0), coalesce(sum(state = 'failing'), 0), "
                          "coalesce(sum(state = 'gone'), 0) FROM feeds WHERE configured = 1");
    row.step();
    status.feeds_total = row.integer(0);
    status.feeds_enabled = row.integer(1);
    status.feeds_failing = row.integer(2);
    status.feeds_gone = row.integer(3);
}

model::QueueDepth depth(Statement row) {
    row.step();
    return {row.integer(0), row.integer(1), row.optional_time(2)};
}

void count_queue(Connection& db, model::Status& status, base::Time now) {
    for (const char* kind : {"capture", "resolve_source", "watch_source"}) {
        auto row = db.prepare("SELECT count(*), coalesce(sum(due_at <= ?2), 0), "
                              "min(due_at) FILTER (WHERE due_at <= ?2) FROM jobs WHERE kind = ?1");
        row << kind << now;
        status.queue[kind] = depth(std::move(row));
    }
    auto saves = db.prepare("SELECT count(*), coalesce(sum(due_at <= ?1), 0), "
                            "min(due_at) FILTER (WHERE due_at <= ?1) FROM saves WHERE due_at IS NOT NULL");
    saves << now;
    status.queue["save_page"] = depth(std::move(saves));
    // What waits for an endpoint that is disabled or no longer configured is not going to be told by itself.
    auto row = db.prepare("SELECT count(*), coalesce(sum(due_at <= ?1), 0), "
                          "min(due_at) FILTER (WHERE due_at <= ?1) FROM deliveries WHERE state = 'pending' "
                          "AND endpoint IN (SELECT name FROM endpoints WHERE configured = 1)");
    row << now;
    status.queue["deliver"] = depth(std::move(row));
}

void read_manifests(Connection& db, model::Status& status) {
    if (const auto head = newest_manifest(db)) {
        status.manifests_total = head->seq;
        status.manifest_day = head->day;
        status.manifest_sha256 = head->sha256;
        status.manifest_stamped_at = head->stamped_at;
    }
    auto row = db.prepare("SELECT count(*) OVER (), stamp_error FROM manifests WHERE stamp = 'waiting' "
                          "ORDER BY seq LIMIT 1");
    if (row.step()) {
        status.stamps_waiting = row.integer(0);
        status.stamp_error = row.optional_text(1);
    }
}

} // namespace

model::Status read_status(Connection& db, base::Time now) {
    model::Status status;
    status.schema = schema_of(db);
    status.now = now;
    count_feeds(db, status);
    for (const char* state : {"seen", "stored", "archived", "failed", "gone"})
        status.articles[state] = 0;
    count(db, "article", status.articles);
    status.articles["total"] = sum(status.articles);
    status.articles["censored"] = tally(db, "censored");
    for (const char* state : {"archived", "not_archived", "unknown", "unchecked"})
        status.sources_wayback[state] = 0;
    count(db, "wayback", status.sources_wayback);
    status.sources_total = sum(status.sources_wayback);
    for (const char* state :
         {"alive", "deleted", "censored", "challenged", "unreachable", "unknown", "unchecked"})
        status.sources_liveness[state] = 0;
    count(db, "liveness", status.sources_liveness);
    status.captures_total = tally(db, "captures");
    status.captures_bytes = tally(db, "capture_bytes");
    status.events = tally(db, "events");
    count_queue(db, status, now);
    status.endpoints = list_endpoints(db, now);
    status.paused = list_pauses(db, now);
    for (auto& hold : save_holds(db, now))
        status.paused.push_back(std::move(hold));
    read_manifests(db, status);
    for (auto& open : open_circuits(db, now))
        status.paused.push_back(std::move(open));
    if (auto markdown = markdown_state(db); !markdown.folder.empty())
        status.markdown = {std::move(markdown.folder), markdown.waiting, std::move(markdown.error)};
    return status;
}

void save_pause(Connection& db, const model::HostPause& pause) {
    (db.prepare("INSERT INTO pauses (host, until, reason) VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
                "SET until = excluded.until, reason = excluded.reason WHERE excluded.until > until")
     << pause.host << pause.until << pause.reason)
        .run();
}

std::vector<model::HostPause> list_pauses(Connection& db, base::Time now) {
    std::vector<model::HostPause> pauses;
    auto row = db.prepare("SELECT host, until, reason FROM pauses WHERE until > ? ORDER BY host");
    row << now;
    while (row.step())
        pauses.push_back({row.text(0), row.time(1), row.text(2)});
    return pauses;
}

void set_fact(Connection& db, const std::string& key, const std::string& value) {
    (db.prepare(
         "INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
     << key << value)
        .run();
}

std::optional<std::string> get_fact(Connection& db, const std::string& key) {
    auto row = db.prepare("SELECT value FROM facts WHERE key = ?");
    row << key;
    return row.step() ? row.optional_text(0) : std::nullopt;
}

} // namespace cdtd::store
