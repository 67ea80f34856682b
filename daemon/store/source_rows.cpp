// What is shown of a source, and of a page that is saved.
#include "store/article_rows.hpp"

#include <utility>

namespace cdtd::store {
namespace {

std::optional<std::string> filled(std::optional<std::string> text) {
    return text && !text->empty() ? std::move(text) : std::nullopt;
}

const std::string save_columns = "v.state, v.timestamp, v.job_id, v.changed_at, v.error, v.due_at";

/// Columns from `first` on: save_columns.
model::Save read_save(const Statement& row, int first) {
    // Of one whose answer was lost nobody knows more than that it went out.
    std::string state = row.text(first);
    if (state == "submitting" || (state == "captured" && row.text(first + 1).empty()))
        state = "submitted";
    return {std::move(state), filled(row.optional_text(first + 2)), row.optional_time(first + 3),
            filled(row.optional_text(first + 4)), row.optional_time(first + 5)};
}

model::Wayback read_wayback(const Statement& row) {
    model::Wayback wayback;
    wayback.state = row.text(5);
    wayback.reason = row.optional_text(6);
    wayback.snapshot_url = row.optional_text(7);
    wayback.snapshot_at = row.optional_time(8);
    wayback.snapshots = row.optional_integer(9);
    wayback.checked_at = row.optional_time(10);
    wayback.next_check_at = row.optional_time(11);
    wayback.newest_url = row.optional_text(19);
    wayback.newest_at = row.optional_time(20);
    wayback.first_at = row.optional_time(21);
    wayback.digest = row.optional_text(22);
    wayback.capture = row.optional_integer(23);
    if (!row.is_null(24))
        wayback.save = read_save(row, 24);
    return wayback;
}

} // namespace

std::string source_columns(const std::string& name, const std::string& link) {
    return "s.id, s.url, " + name + ", s.platform, " + link +
           ", s.wayback, s.wayback_reason, s.snapshot_url, s.snapshot_at, s.snapshots, s.wayback_checked_at, "
           "s.wayback_next_check_at, s.liveness, s.liveness_reason, s.liveness_since, s.liveness_checked_at, "
           "s.liveness_next_check_at, s.liveness_confirmed, s.alive_capture, s.newest_url, s.newest_at, "
           "s.first_at, s.snapshot_digest, s.wayback_capture, " +
           save_columns;
}

std::vector<model::Alternate> alternates_of(Connection& db, std::int64_t source) {
    std::vector<model::Alternate> alternates;
    auto row = db.prepare("SELECT url, archive FROM source_alternates WHERE source = ? ORDER BY url");
    row << source;
    while (row.step())
        alternates.push_back({row.text(0), row.text(1), std::nullopt});
    return alternates;
}

std::optional<model::Save> save_shown(Connection& db, const std::string& url) {
    auto row = db.prepare("SELECT " + save_columns + " FROM saves v WHERE v.url = ?");
    row << url;
    return row.step() ? std::optional(read_save(row, 0)) : std::nullopt;
}

model::Source read_source(const Statement& row) {
    model::Source source;
    source.id = row.integer(0);
    source.url = row.optional_text(1);
    source.name = row.optional_text(2);
    source.platform = row.text(3);
    source.link = row.optional_text(4);
    source.wayback = read_wayback(row);
    source.liveness = {row.text(12),          row.optional_text(13), row.optional_time(14),
                       row.optional_time(15), row.optional_time(16), row.integer(17) != 0};
    source.held = row.optional_integer(18);
    return source;
}

} // namespace cdtd::store
