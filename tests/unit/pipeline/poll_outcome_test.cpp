#include "pipeline/next.hpp"
#include "pipeline/poll_outcome.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cdtd::pipeline {
namespace {

using namespace std::chrono_literals;
using model::FeedHealth;

const base::Time start{std::chrono::sys_days{std::chrono::year(2026) / 11 / 24}};

http::Response answer(int status, http::Headers headers) {
    http::Hop hop;
    hop.status = status;
    hop.url = "https://example.org/feed/";
    hop.headers = std::move(headers);
    http::Response response;
    response.status = status;
    response.url = hop.url;
    response.hops = {hop};
    return response;
}

http::Response redirected(std::vector<int> statuses, const std::string& to) {
    http::Response response = answer(200, {});
    response.hops.clear();
    for (const int status : statuses) {
        http::Hop hop;
        hop.status = status;
        response.hops.push_back(hop);
    }
    http::Hop last;
    last.status = 200;
    last.url = response.url = to;
    response.hops.push_back(last);
    return response;
}

model::FeedState polled() {
    model::FeedState state;
    state.name = "sample";
    state.url = "https://example.org/feed/";
    state.state = FeedHealth::ok;
    state.polled = true;
    state.last_poll_at = start;
    state.validators = {"\"one\"", "Tue, 24 Nov 2026 00:00:00 GMT"};
    return state;
}

FeedSettings settings(base::Duration interval = 1h) {
    FeedSettings feed;
    feed.name = "sample";
    feed.url = "https://example.org/feed/";
    feed.interval = interval;
    return feed;
}

TEST(Outcome, validators_are_opaque_and_each_on_its_own) {
    model::Validators held{"W/\"a\"", "not a date at all"};
    take_validators(held, answer(304, {{"ETag", "\"b-gzip\""}}));
    EXPECT_EQ(held.etag, "\"b-gzip\"");
    EXPECT_EQ(held.last_modified, "not a date at all") << "a 304 without it: unchanged";
    take_validators(held, answer(200, {{"Last-Modified", "yesterday"}}));
    EXPECT_FALSE(held.etag) << "a 200 without it: gone";
    EXPECT_EQ(held.last_modified, "yesterday");
}

TEST(Outcome, failing_is_told_once_and_so_is_its_end) {
    model::FeedState state = polled();
    Reasons reasons;
    for (int i = 0; i < 5; ++i)
        note_failure(state, {base::Errc::timeout, "no answer"}, 3, reasons);
    EXPECT_EQ(reasons, Reasons{"feed.failing"});
    EXPECT_EQ(state.state, FeedHealth::failing);
    EXPECT_EQ(state.error_class, "timeout");
    EXPECT_EQ(state.validators.etag, "\"one\"") << "an error leaves them";
    note_success(state, reasons);
    note_success(state, reasons);
    EXPECT_EQ(reasons, (Reasons{"feed.failing", "feed.recovered"}));
    EXPECT_EQ(state.consecutive_failures, 0);
    EXPECT_FALSE(state.last_error || state.error_class);
}

TEST(Outcome, gone_is_told_once_and_stays) {
    model::FeedState state = polled();
    Reasons reasons;
    for (int i = 0; i < 5; ++i) {
        note_gone(state, reasons);
        note_failure(state, {base::Errc::not_found, "410"}, 3, reasons);
    }
    EXPECT_EQ(reasons, Reasons{"feed.gone"});
    EXPECT_EQ(state.state, FeedHealth::gone);
}

TEST(Outcome, a_held_feed_is_told_once_and_its_304_does_not_free_it) {
    model::FeedState state = polled();
    Reasons reasons;
    note_mass_change(state, 15, 15, reasons);
    note_success(state, reasons);
    note_mass_change(state, 15, 15, reasons);
    EXPECT_EQ(reasons, Reasons{"feed.mass_change"});
    EXPECT_EQ(state.state, FeedHealth::held);
    EXPECT_NE(state.last_error->find("cdtd feeds release sample"), std::string::npos);
}

TEST(Outcome, silence_is_measured_by_the_feeds_own_rhythm) {
    model::FeedState state = polled();
    state.last_change_at = start;
    Reasons reasons;
    note_silence(state, false, start + 1000h, reasons);
    EXPECT_TRUE(reasons.empty()) << "no rhythm is known yet";
    state.rhythm = 48h;
    note_silence(state, false, start + 47h, reasons);
    EXPECT_TRUE(reasons.empty());
    note_silence(state, false, start + 49h, reasons);
    note_silence(state, false, start + 99h, reasons);
    EXPECT_EQ(reasons, Reasons{"feed.stale"});
    note_silence(state, true, start + 100h, reasons);
    EXPECT_EQ(reasons, (Reasons{"feed.stale", "feed.recovered"}));
}

TEST(Outcome, a_permanent_redirect_moves_the_feed_and_keeps_what_is_known) {
    model::FeedState state = polled();
    Reasons reasons;
    for (int i = 0; i < 3; ++i) {
        state.last_poll_at = start + i * 12h;
        note_redirects(state, settings(), redirected({301, 308}, "https://example.org/new/"), 24h, reasons);
    }
    EXPECT_EQ(reasons, Reasons{"feed.moved"});
    EXPECT_EQ(state.url, "https://example.org/new/");
    EXPECT_EQ(state.former_urls, std::vector<std::string>{"https://example.org/feed/"});
    EXPECT_EQ(state.validators.etag, "\"one\"");
}

TEST(Outcome, nobody_is_moved_from_https_to_http_or_loses_his_password) {
    model::FeedState state = polled();
    Reasons reasons;
    for (int i = 0; i < 5; ++i)
        note_redirects(state, settings(), redirected({301}, "http://example.org/new/"), 0h, reasons);
    FeedSettings secret = settings();
    secret.url = state.url = "https://user:password@example.org/feed/";
    for (int i = 0; i < 5; ++i)
        note_redirects(state, secret, redirected({301}, "https://example.org/new/"), 0h, reasons);
    EXPECT_TRUE(reasons.empty());
    EXPECT_EQ(state.url, secret.url);
}

TEST(Outcome, trouble_has_kinds) {
    const auto kind = [](base::Errc code, int status, http::Headers headers) {
        const http::Response response = answer(status, std::move(headers));
        return trouble_of({code, ""}, &response, start);
    };
    EXPECT_EQ(kind(base::Errc::refused, 429, {}), schedule::Trouble::too_many);
    EXPECT_EQ(kind(base::Errc::network, 503, {}), schedule::Trouble::too_many);
    EXPECT_EQ(kind(base::Errc::network, 503, {{"Retry-After", "60"}}), schedule::Trouble::failed);
    EXPECT_EQ(kind(base::Errc::network, 503, {{"Retry-After", "soon"}}), schedule::Trouble::too_many);
    EXPECT_EQ(kind(base::Errc::refused, 403, {}), schedule::Trouble::refused);
    EXPECT_EQ(kind(base::Errc::network, 500, {}), schedule::Trouble::failed);
    EXPECT_EQ(trouble_of({base::Errc::timeout, ""}, nullptr, start), schedule::Trouble::failed);
}

TEST(Plan, once_an_hour_and_once_a_day_without_validators) {
    for (int i = 0; i < 50; ++i) {
        model::FeedState state = polled();
        state.last_poll_at = start + i * 1s; // another jitter each
        plan_after(state, settings(), {}, schedule::Trouble::none, nullptr);
        EXPECT_GE(*state.next_poll_at - *state.last_poll_at, 1h);
        EXPECT_LE(*state.next_poll_at - *state.last_poll_at, 66min);
        EXPECT_GE(*held_back_until(state) - *state.last_poll_at, 1h);
        EXPECT_FALSE(state.allowed_at) << "the server forbids nothing";
        state.validators = {};
        plan_after(state, settings(), {}, schedule::Trouble::none, nullptr);
        EXPECT_EQ(*state.next_poll_at - *state.last_poll_at, 24h);
    }
}

TEST(Plan, a_shorter_interval_is_the_operators_word) {
    model::FeedState state = polled();
    state.validators = {};
    plan_after(state, settings(10min), {}, schedule::Trouble::none, nullptr);
    EXPECT_LE(*state.next_poll_at - start, 11min);
    EXPECT_FALSE(held_back_until(state));
}

TEST(Plan, a_new_wish_keeps_what_the_server_said) {
    model::FeedState state = polled();
    state.cadence.ttl = 5h;
    plan_after(state, settings(12h), {}, schedule::Trouble::none, nullptr);
    EXPECT_GE(*state.next_poll_at - start, 10h);
    replan(state, settings(1min), {});
    EXPECT_EQ(*state.next_poll_at - start, 5h);
    EXPECT_EQ(std::ranges::count(state.bounds, true, &model::Bound::won), 1);
    EXPECT_EQ(std::ranges::find(state.bounds, true, &model::Bound::won)->kind, "ttl");
    EXPECT_EQ(std::ranges::count(state.bounds, "interval", &model::Bound::kind), 1);
}

TEST(Plan, a_closed_host_is_a_bound) {
    model::FeedState state = polled();
    plan_after(state, settings(), {}, schedule::Trouble::failed, nullptr);
    hold_for_host(state, start + 9h, "https://example.org:443");
    hold_for_host(state, start + 8h, "https://example.org:443");
    EXPECT_EQ(state.next_poll_at, start + 8h);
    EXPECT_EQ(std::ranges::find(state.bounds, true, &model::Bound::won)->kind, "host");
    EXPECT_EQ(held_back_until(state), start + 8h);
}

} // namespace
} // namespace cdtd::pipeline
