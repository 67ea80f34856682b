#include "pipeline/next.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/parse.hpp>
#include <cdtd/pipeline/poll_feed.hpp>
#include <cdtd/pipeline/refusal.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/status.hpp>

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
    std::optional<Kept> kept;         ///< the document's hops
    std::optional<std::string> event; ///< feed.failing, feed.recovered, feed.gone
    std::optional<model::HostPause> pause;
};

namespace {

constexpr std::size_t error_at_most = 600; // bytes, of last_error

http::Request request_for(const FeedSettings& feed, const model::Validators& validators) {
    http::Request request(feed.url);
    request.headers = feed.headers;
    request.headers.emplace_back(
        "Accept", "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5");
    if (validators.etag)
        request.headers.emplace_back("If-None-Match", *validators.etag);
    if (validators.last_modified)
        request.headers.emplace_back("If-Modified-Since", *validators.last_modified);
    request.proxy = feed.proxy;
    return request;
}

/// A header that a 304 does not send is unchanged (RFC 9110 15.4.5); one that a 200 does not send is gone.
void take_validators(model::Validators& validators, const http::Response& response) {
    auto etag = response.header("etag");
    auto modified = response.header("last-modified");
    const bool keep = response.status == 304;
    if (etag || !keep)
        validators.etag = std::move(etag);
    if (modified || !keep)
        validators.last_modified = std::move(modified);
}

std::string chain_of(const http::Response& response) {
    return response.hops.size() > 1 ? fmt::format(" (redirected to {})", response.url) : std::string();
}

} // namespace

boost::asio::awaitable<PollResult> PollFeed::run(FeedSettings feed, std::shared_ptr<const Plan> plan,
                                                 model::FeedState& state) {
    Poll poll{std::move(feed), std::move(plan), state, state, {}, {}, {}, {}, {}, {}};
    poll.next.last_poll_at = clock_.now();
    poll.outcome = co_await client_.fetch(request_for(poll.feed, state.validators));
    if (!poll.outcome) {
        if (poll.outcome.error().error.code == base::Errc::cancelled)
            co_return PollResult{PollEnd::cancelled, {}};
        if (const auto closed = client_.closed_until(base::origin_of(poll.feed.url))) {
            state.next_poll_at = std::max(state.next_poll_at.value_or(*closed), *closed);
            co_return PollResult{PollEnd::held_back, {}};
        }
        co_return co_await fail(poll, poll.outcome.error().error.message);
    }
    const http::Response& response = *poll.outcome;
    poll.next.last_status = response.status;
    if (response.status == 304) {
        take_validators(poll.next.validators, response);
        co_return co_await finish(poll, PollResult{PollEnd::unchanged, {}});
    }
    const std::string origin = base::origin_of(response.url);
    if (const auto closed = client_.closed_until(origin))
        poll.pause = model::HostPause{origin, *closed, "429 Too Many Requests"};
    if (const auto refusal = refusal_of(response)) {
        const bool gone = response.status == 410;
        if (gone && poll.next.state != model::FeedHealth::gone) {
            poll.next.state = model::FeedHealth::gone;
            poll.event = "feed.gone";
        }
        co_return co_await fail(poll, refusal->message + chain_of(response));
    }
    co_return co_await take_document(poll);
}

boost::asio::awaitable<PollResult> PollFeed::take_document(Poll& poll) {
    const http::Response& response = *poll.outcome;
    auto read = [&poll, &response]() -> base::Result<void> {
        const std::string type = response.header("content-type").value_or("");
        auto document = feed::parse(response.body, response.url, type);
        if (!document)
            return std::unexpected(document.error());
        poll.document = std::move(*document);
        poll.readings = read_entries(poll.document, poll.feed.url);
        return {};
    };
    const auto parsed = co_await reading_.run(read);
    if (!parsed)
        co_return co_await fail(poll, parsed.error().message + chain_of(response));
    if (poll.document.entries.empty() && poll.state.last_entry_count > 0)
        co_return co_await fail(poll,
                                fmt::format("the feed is empty where it had {} entries: taken for an error "
                                            "page, nothing was changed",
                                            poll.state.last_entry_count));
    auto kept = co_await archive_.keep(response.hops, "feed");
    if (!kept)
        co_return co_await fail(poll, kept.error().message);
    poll.kept = std::move(*kept);
    take_validators(poll.next.validators, response);
    poll.next.title = base::tidy(poll.document.title);
    poll.next.last_entry_count = static_cast<int>(poll.document.entries.size());
    co_return co_await finish(poll, PollResult{PollEnd::changed, {}});
}

boost::asio::awaitable<PollResult> PollFeed::finish(Poll& poll, PollResult result) {
    if (poll.state.state == model::FeedHealth::failing)
        poll.event = "feed.recovered";
    poll.next.state = model::FeedHealth::ok;
    poll.next.consecutive_failures = 0;
    poll.next.last_error = std::nullopt;
    const http::Response& response = *poll.outcome;
    const base::Time now = clock_.now();
    if (result.end == PollEnd::changed)
        poll.next.cadence = poll.document.cadence;
    plan_after(poll.next, poll.feed, poll.plan->schedule, response);
    auto commit = [&poll, now](store::Connection& db) {
        Taken taken;
        if (poll.kept) {
            const std::int64_t capture = record(db, *poll.kept);
            const TakeIn how{poll.feed, poll.plan->archive, poll.plan->teller, poll.state, now, capture};
            taken = take_in(db, how, poll.readings);
            if (taken.fresh + taken.edited + taken.censored > 0)
                poll.next.last_change_at = now;
            poll.next.polled = true;
        }
        store::save_feed(db, poll.next);
        if (poll.event)
            poll.plan->teller.feed(db, *poll.event, now, poll.next);
        return taken;
    };
    result.taken = co_await writer_.run(commit);
    poll.next.entries += static_cast<std::int64_t>(result.taken.fresh);
    poll.state = poll.next;
    if (poll.event)
        log_.info("the feed answers again", {{"feed", poll.feed.name}});
    co_return result;
}

boost::asio::awaitable<PollResult> PollFeed::fail(Poll& poll, std::string message) {
    model::FeedState& next = poll.next;
    if (!poll.outcome)
        next.last_status = std::nullopt;
    next.last_error = std::string(base::cut_bytes(base::terminal_safe(message), error_at_most));
    ++next.consecutive_failures;
    const bool threshold = next.consecutive_failures >= poll.plan->schedule.failing_after;
    if (threshold && next.state != model::FeedHealth::failing && next.state != model::FeedHealth::gone) {
        next.state = model::FeedHealth::failing;
        poll.event = "feed.failing";
    }
    static const http::Response no_answer;
    plan_after(next, poll.feed, poll.plan->schedule, poll.outcome ? *poll.outcome : no_answer);
    if (poll.pause)
        next.next_poll_at = std::max(*next.next_poll_at, poll.pause->until);
    const base::Time now = clock_.now();
    auto commit = [&poll, now](store::Connection& db) {
        store::save_feed(db, poll.next);
        if (poll.pause)
            store::save_pause(db, *poll.pause);
        if (poll.event)
            poll.plan->teller.feed(db, *poll.event, now, poll.next);
    };
    co_await writer_.run(commit);
    poll.state = poll.next;
    log_.warn("poll failed", {{"feed", poll.feed.name}, {"url", poll.feed.url}, {"error", *next.last_error}});
    co_return PollResult{PollEnd::failed, {}};
}

} // namespace cdtd::pipeline
