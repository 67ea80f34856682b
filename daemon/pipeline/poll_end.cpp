// How a poll ends: what it brought is stored and told, and the next one is planned.
#include "pipeline/next.hpp"
#include "pipeline/poll.hpp"

#include <cdtd/pipeline/walk_steps.hpp>
#include <cdtd/schedule/rhythm.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/status.hpp>
#include <cdtd/store/walks.hpp>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr int entries_of_a_rhythm = 50;

/// Something in it is new to this feed, and it does not reach back to what was known.
bool leaves_a_gap(const Survey& known) {
    return std::ranges::any_of(known.entries, [](const change::Sighting& entry) { return !entry.known; }) &&
           !change::connects(known.entries, known.newest_known);
}

/// Entries were missed between what is known and this document: they are looked for on the older pages.
bool begin_walk(store::Connection& db, const model::FeedState& state, const Survey& known,
                const std::vector<Reading>& readings, base::Time now) {
    model::FeedState with_walks = state;
    with_walks.walks.clear();
    if (auto before = store::find_walk(db, state.id, model::WalkKind::gap))
        with_walks.walks.push_back(std::move(*before));
    const auto walk =
        begin_gap(with_walks, store::is_paged(db, state.id), digest_of(readings), known.newest_known, now);
    if (walk)
        store::save_walk(db, state.id, *walk);
    return walk.has_value();
}

} // namespace

/// The server was asked, and said when it may be asked again: that holds also where the answer can't be
/// stored.
void PollFeed::keep_plan(Poll& poll) {
    poll.state.last_poll_at = poll.next.last_poll_at;
    poll.state.next_poll_at = poll.next.next_poll_at;
    poll.state.allowed_at = poll.next.allowed_at;
    poll.state.bounds = poll.next.bounds;
}

/// The document, what it gives reason for, and the feed's state: in one transaction.
void PollFeed::commit(store::Connection& db, Poll& poll, PollResult& result, bool gap, base::Time now) {
    if (poll.kept) {
        const std::int64_t capture = record(db, *poll.kept);
        const TakeIn how{poll.feed,
                         poll.plan->archive,
                         poll.plan->teller,
                         poll.state,
                         now,
                         capture,
                         false,
                         {},
                         follow_of(poll.plan->watch, poll.plan->wayback)};
        result.taken = take_in(db, how, poll.readings);
        result.walks = gap && begin_walk(db, poll.next, poll.known, poll.readings, now);
    }
    const Taken& taken = result.taken;
    if (taken.fresh + taken.edited + taken.censored > 0)
        poll.next.last_change_at = now;
    if (taken.fresh > 0)
        poll.next.rhythm =
            schedule::unusual_silence(store::newest_times(db, poll.feed.name, entries_of_a_rhythm));
    note_silence(poll.next, taken.fresh > 0, now, poll.reasons);
    poll.next.entries = store::entries_of(db, poll.next.id);
    store::save_feed(db, poll.next);
    for (const std::string& reason : poll.reasons)
        poll.plan->teller.feed(db, reason, now, poll.next);
}

boost::asio::awaitable<PollResult> PollFeed::finish(Poll& poll, PollEnd end) {
    PollResult result{end, {}, false};
    const http::Response& response = *poll.response();
    const base::Time now = clock_.now();
    const bool changed = end == PollEnd::changed;
    const bool gap = changed && !poll.first() && !poll.document.cut_off && leaves_a_gap(poll.known);
    if (end != PollEnd::held)
        note_success(poll.next, poll.reasons);
    if (changed)
        note_release(poll.next, poll.reasons);
    note_redirects(poll.next, poll.feed, response, poll.plan->schedule.moved_after, poll.reasons);
    poll.next.polled = poll.next.polled || changed;
    plan_after(poll.next, poll.feed, poll.plan->schedule, schedule::Trouble::none, &response);
    keep_plan(poll);
    auto write = [&](store::Connection& db) { commit(db, poll, result, gap, now); };
    co_await writer_.run(write);
    poll.state = poll.next;
    say(poll);
    if (gap && !result.walks)
        log_.warn("entries may have been missed, and the feed has no older pages",
                  {{"feed", poll.feed.name}});
    if (result.walks)
        log_.info("entries were missed: looking for them on the feed's older pages",
                  {{"feed", poll.feed.name}});
    co_return result;
}

boost::asio::awaitable<PollResult> PollFeed::fail(Poll& poll, base::Error error) {
    model::FeedState& next = poll.next;
    note_failure(next, error, poll.plan->schedule.failing_after, poll.reasons);
    next.move = std::nullopt; // a chain counts where it leads to the feed
    plan_after(next, poll.feed, poll.plan->schedule, trouble_of(error, poll.response(), clock_.now()),
               poll.response());
    if (poll.pause)
        hold_for_host(next, poll.pause->until, poll.pause->host);
    keep_plan(poll);
    const base::Time now = clock_.now();
    auto commit = [&poll, now](store::Connection& db) {
        store::save_feed(db, poll.next);
        if (poll.pause)
            store::save_pause(db, *poll.pause);
        for (const std::string& reason : poll.reasons)
            poll.plan->teller.feed(db, reason, now, poll.next);
    };
    co_await writer_.run(commit);
    poll.state = poll.next;
    say(poll);
    log_.warn("poll failed", {{"feed", poll.feed.name}, {"url", next.url}, {"error", *next.last_error}});
    co_return PollResult{PollEnd::failed, {}, false};
}

boost::asio::awaitable<void> PollFeed::store(const model::FeedState& state) {
    auto save = [&state](store::Connection& db) { store::save_feed(db, state); };
    co_await writer_.run(save);
}

void PollFeed::say(const Poll& poll) const {
    for (const std::string& reason : poll.reasons) {
        if (reason == "feed.recovered")
            log_.info("the feed is well again", {{"feed", poll.feed.name}});
        else if (reason == "feed.moved")
            log_.info(
                "the feed has moved for good; the configuration may be brought up to date",
                {{"feed", poll.feed.name}, {"from", poll.next.former_urls.back()}, {"url", poll.next.url}});
        else
            log_.warn(reason, {{"feed", poll.feed.name}, {"error", poll.next.last_error.value_or("")}});
    }
}

} // namespace cdtd::pipeline
