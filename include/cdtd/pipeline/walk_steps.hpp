// The way through a feed's older pages, step by step: which page is asked for next, and when the end is
// reached. Functions of values, without sockets or database; walk_feed.cpp takes the steps.
//
// Pages are read from new to old. What is published meanwhile moves entries down, so that pages overlap; what
// is removed moves them up, across a border that was passed already: where a page does not begin with a known
// entry the one before it is looked at once more.
#pragma once

#include <cdtd/change/document.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/pipeline/backfill_order.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

/// A page as it was read.
struct PageRead {
    std::vector<change::Sighting> entries; ///< in document order
    std::string digest;                    ///< of the entries' keys
    std::string older_url;                 ///< that it names (RFC 5005 rel=next, next_url); "" = none
    model::Validators validators;
};

/// From page 2 on, towards `newest_known`; nullopt: the feed has no older pages. A walk that is still on its
/// way begins anew, and what counted as known for it goes on counting.
std::optional<model::Walk> begin_gap(const model::FeedState& feed, bool paged, const std::string& digest,
                                     std::optional<base::Time> newest_known, base::Time now);
/// One that is still on its way goes on, to the new end.
model::Walk begin_backfill(const model::FeedState& feed, const BackfillOrder& order, base::Time now);

/// The page to ask for now: its URL, and what its server said of it the last time.
model::WalkPage page_to_ask(const model::Walk& walk);

/// The page is the feed's document again: its server does not know ?paged=.
bool repeats_document(const model::Walk& walk, const PageRead& page);
/// The page that was asked for was read (and taken in).
void took_page(model::Walk& walk, const PageRead& page);
/// The page that was looked at again is unchanged (304).
void took_nothing(model::Walk& walk);
/// There is no such page (404, 410), or it is empty: past the end is an end.
void past_the_end(model::Walk& walk);
/// It could not be had: again at `due_at`; after too many failures in a row the walk has failed.
void failed(model::Walk& walk, std::string error, base::Time now, std::optional<base::Time> not_before);

} // namespace cdtd::pipeline
