#include "pipeline/feed_request.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/parse.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/pipeline/refusal.hpp>
#include <cdtd/pipeline/survey.hpp>
#include <cdtd/pipeline/walk_feed.hpp>
#include <cdtd/schedule/next_poll.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/status.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

/// What one step gathers; `walk` is what will be stored in the place of `before`.
struct WalkFeed::Page {
    FeedSettings feed;
    std::shared_ptr<const Plan> plan;
    model::FeedState state;
    model::Walk before;
    model::Walk walk;
    http::Outcome outcome;
    model::Feed document;
    std::vector<Reading> readings;
    PageRead read;
    std::optional<base::Time> newest_known; ///< by polls, when the walk began
    std::optional<model::HostPause> pause;
};

namespace {

/// How far it goes may have been said anew while the page was fetched.
void take_order(model::Walk& walk, const std::optional<model::Walk>& stored) {
    if (!stored)
        return;
    walk.until = stored->until;
    walk.last_page = stored->last_page;
}

bool has_ended(const model::Walk& walk) {
    return walk.state != model::WalkState::walking;
}

} // namespace

boost::asio::awaitable<Step> WalkFeed::run(FeedSettings feed, std::shared_ptr<const Plan> plan,
                                           store::FeedWalk of) {
    Page page{std::move(feed), std::move(plan), {}, of.walk, of.walk, {}, {}, {}, {}, {}, {}};
    auto ask = [&page](store::Connection& db) { return store::find_feed(db, page.feed.name); };
    auto state = co_await writer_.run(ask);
    if (!state)
        co_return Step{StepEnd::cancelled, {}};
    page.state = std::move(*state);
    const model::WalkPage asked = page_to_ask(page.walk);
    page.outcome = co_await client_.fetch(feed_request(page.feed, asked.url, asked.validators));
    if (!page.outcome) {
        if (page.outcome.error().error.code == base::Errc::cancelled)
            co_return Step{StepEnd::cancelled, {}};
        co_return co_await put_off(page, page.outcome.error().error);
    }
    const int status = page.outcome->status;
    if (status == 304) {
        took_nothing(page.walk);
        co_return co_await move_on(page);
    }
    if (status == 404 || status == 410) {
        past_the_end(page.walk);
        co_return co_await move_on(page);
    }
    if (const auto refusal = refusal_of(*page.outcome))
        co_return co_await put_off(page, *refusal);
    co_return co_await take_page(page);
}

boost::asio::awaitable<Step> WalkFeed::take_page(Page& page) {
    const std::string asked = page_to_ask(page.walk).url;
    auto read = [&page, &asked]() -> base::Result<void> {
        const http::Response& response = *page.outcome;
        auto document =
            feed::parse(response.body(), response.url, response.header("content-type").value_or(""));
        if (!document)
            return std::unexpected(document.error());
        if (document->cut_off)
            return base::fail(base::Errc::bad_data, "the page is cut off");
        page.document = std::move(*document);
        page.readings = list_entries(page.document, page.feed.url);
        page.read.digest = digest_of(page.readings);
        page.read.older_url = safe_address(asked, page.document.next);
        page.read.validators = {response.header("etag"), response.header("last-modified")};
        return {};
    };
    if (const auto parsed = co_await reading_.run(read); !parsed)
        co_return co_await put_off(page, parsed.error());
    auto look = [&page](store::Connection& db) {
        return survey(db, page.state.id, page.readings, page.walk.started_at);
    };
    Survey known = co_await writer_.run(look);
    page.read.entries = std::move(known.entries);
    page.newest_known = known.newest_known;
    if (!repeats_document(page.walk, page.read))
        co_return co_await keep(page);
    past_the_end(page.walk);
    auto commit = [&page](store::Connection& db) {
        store::set_unpaged(db, page.state.id);
        store::move_walk(db, page.state.id, page.before, page.walk);
    };
    co_await writer_.run(commit);
    log_.info("the feed has no older pages: its server does not know ?paged=", {{"feed", page.feed.name}});
    co_return Step{StepEnd::taken, {}};
}

boost::asio::awaitable<Step> WalkFeed::keep(Page& page) {
    std::optional<Kept> kept;
    if (!std::ranges::all_of(page.readings, &Reading::unchanged)) {
        About about{"feed", page.feed.url, page.outcome->took};
        auto written = co_await archive_.keep(page.outcome->hops, std::move(about), writer_);
        if (!written)
            co_return co_await put_off(page, written.error());
        kept = std::move(*written);
    }
    auto read_on = [&page] { read_contents(page.readings, page.feed.url); };
    co_await reading_.run(read_on);
    const base::Time now = clock_.now();
    Taken taken;
    auto commit = [&](store::Connection& db) {
        std::optional<std::int64_t> capture;
        if (kept)
            capture = record(db, *kept);
        const bool backfill = page.walk.kind == model::WalkKind::backfill;
        const TakeIn how{page.feed,
                         page.plan->archive,
                         page.plan->teller,
                         page.state,
                         now,
                         capture,
                         backfill,
                         page.newest_known,
                         follow_of(page.plan->watch, page.plan->wayback)};
        taken = take_in(db, how, page.readings);
        page.walk.found += static_cast<std::int64_t>(taken.fresh);
        take_order(page.walk, store::find_walk(db, page.state.id, page.walk.kind));
        took_page(page.walk, page.read);
        page.walk.due_at = now;
        store::move_walk(db, page.state.id, page.before, page.walk);
    };
    co_await writer_.run(commit);
    if (has_ended(page.walk))
        say_where_it_ended(page);
    co_return Step{StepEnd::taken, taken};
}

boost::asio::awaitable<Step> WalkFeed::move_on(const Page& page) {
    auto commit = [&page](store::Connection& db) {
        store::move_walk(db, page.state.id, page.before, page.walk);
        if (page.pause)
            store::save_pause(db, *page.pause);
    };
    co_await writer_.run(commit);
    if (has_ended(page.walk))
        say_where_it_ended(page);
    co_return Step{StepEnd::taken, {}};
}

boost::asio::awaitable<Step> WalkFeed::put_off(Page& page, base::Error error) {
    const base::Time now = clock_.now();
    const std::string message = base::terminal_safe(error.message);
    std::string origin = base::origin_of(page.outcome ? page.outcome->url : page_to_ask(page.walk).url);
    auto closed = client_.closed_until(origin);
    if (!page.outcome && page.outcome.error().closed_until) {
        origin = page.outcome.error().closed_origin;
        closed = page.outcome.error().closed_until;
    }
    if (closed) { // not this page's failure
        page.walk.due_at = *closed;
        page.walk.last_error = message;
        page.pause = model::HostPause{origin, *closed, message};
    } else {
        std::optional<base::Time> not_before;
        if (page.outcome)
            if (const auto header = page.outcome->header("retry-after"))
                if (const auto wait = schedule::read_retry_after(*header, now))
                    not_before = now + *wait;
        failed(page.walk, message, now, not_before);
    }
    co_await move_on(page);
    log_.warn(has_ended(page.walk)
                  ? "the way through the feed's older pages was given up: entries may be missing"
                  : "an older page of the feed can't be had; tried again later",
              {{"feed", page.feed.name}, {"url", page_to_ask(page.walk).url}, {"error", message}});
    co_return Step{StepEnd::put_off, {}};
}

void WalkFeed::say_where_it_ended(const Page& page) const {
    if (page.walk.state == model::WalkState::done)
        log_.info("the way through the feed's older pages is done",
                  {{"feed", page.feed.name},
                   {"kind", std::string(model::to_string(page.walk.kind))},
                   {"pages", std::to_string(page.walk.page)},
                   {"found", std::to_string(page.walk.found)}});
}

} // namespace cdtd::pipeline
