// Subscriptions and their state. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/model/feed.hpp>
#include <cdtd/store/connection.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

struct FeedSetup {
    std::string name;
    std::string url;
    bool enabled = true;
};

/// Makes the table agree with the configuration: new feeds are added; a changed URL drops what the old one
/// said; feeds that are no longer configured are kept with their articles but are not listed.
void sync_feeds(Connection& db, const std::vector<FeedSetup>& feeds);
std::vector<model::FeedState> list_feeds(Connection& db); ///< configured ones, by name
std::optional<model::FeedState> find_feed(Connection& db, const std::string& name);
/// Everything but id, name, configured_url, enabled, entries and walks. Nothing where the configuration gives
/// the feed another URL by now: what a poll of the old one brought must not bring it back.
void save_feed(Connection& db, const model::FeedState& feed);
std::int64_t entries_of(Connection& db, std::int64_t feed); ///< articles known through it

} // namespace cdtd::store
