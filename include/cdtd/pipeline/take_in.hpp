// Taking a read feed document in: what is new, edited or censored is stored and told, and what is to be
// fetched is queued. All of it runs inside one transaction of the caller.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/change/identity.hpp>
#include <cdtd/model/article.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/pipeline/follow_sources.hpp>
#include <cdtd/pipeline/settings.hpp>
#include <cdtd/pipeline/tell.hpp>
#include <cdtd/store/connection.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

/// An entry with what is read out of it.
struct Reading {
    model::Entry entry; ///< without content and summary
    change::Identity identity;
    model::Title title;
    std::string html;                      ///< the feed's own content, as it came; "" = none
    std::string digest;                    ///< of what can be edited: title, link, html
    bool unchanged = false;                ///< since it was taken in last: nothing is to be read or compared
    std::optional<model::Content> content; ///< of html, once it was read
};

/// Every entry but for its content. They are taken out of the document: there may be megabytes in them.
std::vector<Reading> list_entries(model::Feed& feed, const std::string& feed_url);
/// Of those that are not unchanged (gumbo: on a worker thread).
void read_contents(std::vector<Reading>& readings, const std::string& feed_url);

struct TakeIn {
    const FeedSettings& feed;
    const ArchiveSettings& archive;
    const Teller& teller;
    const model::FeedState& state; ///< id and whether it was polled before
    base::Time now;
    std::optional<std::int64_t> capture; ///< the feed document's
    /// A backfill: what is new is stored without being told, unless it was published after `told_after`, the
    /// newest that polls have seen.
    bool backfill = false;
    std::optional<base::Time> told_after;
    Follow follow = {}; ///< what is done with the sources that an article names
};

struct Taken {
    std::size_t fresh = 0, edited = 0, censored = 0, told = 0;
};

Taken take_in(store::Connection& db, const TakeIn& how, const std::vector<Reading>& readings);

/// Where nothing is left to try now: state archived, and article.archived told unless silent.
void settle(store::Connection& db, const Teller& teller, std::int64_t article, base::Time now);
/// All retries are used up: an article of which nothing is held has failed, once. It is tried on, and what
/// comes makes it one like others.
void give_up(store::Connection& db, const Teller& teller, std::int64_t article, base::Time now);

} // namespace cdtd::pipeline
