#include "pipeline/feed_request.hpp"
#include "pipeline/next.hpp"
#include "pipeline/poll_outcome.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/parse.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/refusal.hpp>
#include <cdtd/pipeline/survey.hpp>
#include <cdtd/pipeline/walk_steps.hpp>
#include <cdtd/schedule/rhythm.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/status.hpp>
#include <cdtd/store/walks.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

/// What one poll gathers on its way; `next` is the state that will be stored.
struct PollFeed::Poll {
    FeedSettings feed;
    std::shared_ptr<const Plan> plan;
    model::FeedState& state;
    model::FeedState next;
    http::Outcome outcome;
    model::Feed document; ///< of a 200 that could be read
    std::vector<Reading> readings;
    Survey known;
    std::string digest;       ///< of the document's bytes
    std::optional<Kept> kept; ///< the document's hops
    Reasons reasons;          ///< for events
    std::optional<model::HostPause> pause;

    const http::Response* response() const { return outcome ? &*outcome : nullptr; }
    /// No document was read before: its entries are no news.
    bool first() const { return !state.polled; }
};

namespace {

constexpr int entries_of_a_rhythm = 50;

/// The way to an answer that was none, so that nobody looks for a "forbidden" behind which a redirect hides.
std::string way_to(const http::Response& response) {
    std::string way;
    for (std::size_t i = 0; i + 1 < response.hops.size(); ++i)
        way += fmt::format("{} {} → ", response.hops[i].url, response.hops[i].status);
    return way.empty() ? way : fmt::format(" ({}{})", way, response.url);
}

/// No hop of the way was a temporary one: what stands at its end speaks for the feed.
bool leads_here_for_good(const http::Response& response) {
    return std::all_of(response.hops.begin(), response.hops.end() - 1,
                       [](const http::Hop& hop) { return hop.status == 301 || hop.status == 308; });
}

base::Error with_way(base::Error error, const http::Response& response) {
    error.message += way_to(response);
    return error;
}

void note_document(model::FeedState& next, const model::Feed& document, std::size_t entries) {
    next.title = base::tidy(document.title);
    next.repairs = document.repairs;
    next.last_entry_count = static_cast<int>(entries);
    next.cadence = document.cadence;
    next.older_url = safe_address(next.url, document.next);
}

/// Something in it is new to this feed, and it does not reach back to what was known.
bool leaves_a_gap(const Survey& known) {
    return std::ranges::any_of(known.entries, [](const change::Sighting& entry) { return !entry.known; }) &&
           !change::connects(known.entries, known.newest_known);
}

std::size_t strange_entries(const Survey& known) {
    return static_cast<std::size_t>(std::ranges::count(known.entries, false, &change::Sighting::held));
}

} // namespace

boost::asio::awaitable<PollResult> PollFeed::run(FeedSettings feed, std::shared_ptr<const Plan> plan,
                                                 model::FeedState& state, bool forced) {
    Poll poll{std::move(feed), std::move(plan), state, state, {}, {}, {}, {}, {}, {}, {}, {}};
    poll.next.last_poll_at = clock_.now();
    http::Request request = feed_request(poll.feed, state.url, state.validators);
    request.forced = forced;
    poll.outcome = co_await client_.fetch(std::move(request));
    if (poll.outcome)
        co_return co_await judge(poll);
    const http::Failure& failure = poll.outcome.error();
    const base::Error error = failure.error;
    if (error.code == base::Errc::cancelled)
        co_return PollResult{PollEnd::cancelled, {}, false};
    if (failure.closed_until) {
        hold_for_host(state, *failure.closed_until, failure.closed_origin);
        co_return PollResult{PollEnd::held_back, {}, false};
    }
    if (!failure.hops.empty())
        poll.next.last_poll_at = failure.hops.front().at;
    poll.next.last_status = std::nullopt;
    co_return co_await fail(poll, error);
}

boost::asio::awaitable<PollResult> PollFeed::judge(Poll& poll) {
    const http::Response& response = *poll.response();
    poll.next.last_poll_at = response.hops.front().at; // it may have waited at the gate
    poll.next.last_status = response.status;
    const std::string origin = base::origin_of(response.url);
    if (const auto closed = client_.closed_until(origin); closed && response.status == 429)
        poll.pause = model::HostPause{origin, *closed, "429 Too Many Requests"};
    if (response.status == 304) {
        const model::Validators& sent = poll.state.validators;
        if (!sent.etag && !sent.last_modified)
            co_return co_await fail(poll, {base::Errc::bad_data,
                                           "the server answered 304 Not Modified to a request "
                                           "that named nothing to compare with"});
        take_validators(poll.next.validators, response);
        co_return co_await finish(poll, PollEnd::unchanged);
    }
    if (const auto refusal = refusal_of(response)) {
        if (response.status == 410 && leads_here_for_good(response))
            note_gone(poll.next, poll.reasons);
        co_return co_await fail(poll, with_way(*refusal, response));
    }
    co_return co_await take_document(poll);
}

boost::asio::awaitable<PollResult> PollFeed::take_document(Poll& poll) {
    const http::Response& response = *poll.response();
    const bool held = poll.state.state == model::FeedHealth::held;
    bool same = false;
    auto read = [&]() -> base::Result<void> {
        poll.digest = base::sha256_hex(response.body());
        same = !held && !poll.state.released && poll.digest == poll.state.document_sha256;
        if (same)
            return {};
        auto document =
            feed::parse(response.body(), response.url, response.header("content-type").value_or(""));
        if (!document)
            return std::unexpected(document.error());
        poll.document = std::move(*document);
        poll.readings = list_entries(poll.document, poll.feed.url);
        return {};
    };
    if (const auto parsed = co_await reading_.run(read); !parsed)
        co_return co_await fail(poll, with_way(parsed.error(), response));
    if (same) {
        take_validators(poll.next.validators, response);
        co_return co_await finish(poll, PollEnd::unchanged);
    }
    if (poll.readings.empty() && poll.state.last_entry_count > 0)
        co_return co_await fail(poll,
                                {base::Errc::bad_data,
                                 fmt::format("the feed is empty where it had {} entries: taken for an error "
                                             "page, nothing was changed",
                                             poll.state.last_entry_count)});
    const base::Time now = clock_.now();
    auto look = [&poll, now](store::Connection& db) { return survey(db, poll.state.id, poll.readings, now); };
    poll.known = co_await writer_.run(look);
    const bool strange = !poll.first() && change::is_mass_change(poll.known.entries, poll.known.newest_known,
                                                                 poll.plan->schedule.mass_change);
    if (held || (strange && !poll.state.released)) {
        note_mass_change(poll.next, strange_entries(poll.known), poll.readings.size(), poll.reasons);
        co_return co_await finish(poll, PollEnd::held);
    }
    auto read_on = [&poll] { read_contents(poll.readings, poll.feed.url); };
    co_await reading_.run(read_on);
    auto kept = co_await archive_.keep(poll.outcome->hops, "feed");
    if (!kept)
        co_return co_await fail(poll, kept.error());
    poll.kept = std::move(*kept);
    note_document(poll.next, poll.document, poll.readings.size());
    if (!poll.document.cut_off) { // what is missing at its end must not be taken for unchanged the next time
        take_validators(poll.next.validators, response);
        poll.next.document_sha256 = std::move(poll.digest);
    }
    co_return co_await finish(poll, PollEnd::changed);
}

namespace {

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
    auto commit = [&](store::Connection& db) {
        if (changed) {
            const std::int64_t capture = record(db, *poll.kept);
            TakeIn how{poll.feed, poll.plan->archive, poll.plan->teller, poll.state, now, capture, false, {}};
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
    };
    co_await writer_.run(commit);
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
