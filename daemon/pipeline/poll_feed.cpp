#include "pipeline/feed_request.hpp"
#include "pipeline/next.hpp"
#include "pipeline/poll.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/parse.hpp>
#include <cdtd/pipeline/refusal.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

namespace {

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

/// Into `poll`; true: it is the document that was taken in last, and needs no reading.
base::Result<bool> PollFeed::read_document(Poll& poll) {
    const http::Response& response = *poll.response();
    poll.digest = base::sha256_hex(response.body());
    const bool waited_for = poll.state.state == model::FeedHealth::held || poll.state.released;
    if (!waited_for && poll.digest == poll.state.document_sha256)
        return true;
    auto document = feed::parse(response.body(), response.url, response.header("content-type").value_or(""));
    if (!document)
        return std::unexpected(with_way(document.error(), response));
    poll.document = std::move(*document);
    poll.readings = list_entries(poll.document, poll.feed.url);
    if (poll.readings.empty() && poll.state.last_entry_count > 0)
        return base::fail(
            base::Errc::bad_data,
            fmt::format("the feed is empty where it had {} entries: taken for an error page, nothing was "
                        "changed",
                        poll.state.last_entry_count));
    return false;
}

boost::asio::awaitable<PollResult> PollFeed::take_document(Poll& poll) {
    auto read = [&poll] { return read_document(poll); };
    const base::Result<bool> same = co_await reading_.run(read);
    if (!same)
        co_return co_await fail(poll, same.error());
    if (*same) {
        take_validators(poll.next.validators, *poll.response());
        co_return co_await finish(poll, PollEnd::unchanged);
    }
    const base::Time now = clock_.now();
    auto look = [&poll, now](store::Connection& db) { return survey(db, poll.state.id, poll.readings, now); };
    poll.known = co_await writer_.run(look);
    if (is_held(poll)) {
        note_mass_change(poll.next, strange_entries(poll.known), poll.readings.size(), poll.reasons);
        co_return co_await finish(poll, PollEnd::held);
    }
    auto read_on = [&poll] { read_contents(poll.readings, poll.feed.url); };
    co_await reading_.run(read_on);
    About about{"feed", "", poll.outcome->took};
    auto kept = co_await archive_.keep(poll.outcome->hops, std::move(about), writer_);
    if (!kept)
        co_return co_await fail(poll, kept.error());
    poll.kept = std::move(*kept);
    note_document(poll.next, poll.document, poll.readings.size());
    if (!poll.document.cut_off) { // what is missing at its end must not be taken for unchanged the next time
        take_validators(poll.next.validators, *poll.response());
        poll.next.document_sha256 = std::move(poll.digest);
    }
    co_return co_await finish(poll, PollEnd::changed);
}

/// Until the operator says so; or from now on, because the publisher's ids changed.
bool PollFeed::is_held(const Poll& poll) {
    if (poll.state.state == model::FeedHealth::held)
        return true;
    return !poll.first() && !poll.state.released &&
           change::is_mass_change(poll.known.entries, poll.known.newest_known,
                                  poll.plan->schedule.mass_change);
}

} // namespace cdtd::pipeline
