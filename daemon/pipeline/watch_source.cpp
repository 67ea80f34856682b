#include "pipeline/tell_watch.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/change/standing.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/pipeline/refusal.hpp>
#include <cdtd/pipeline/watch_source.hpp>
#include <cdtd/schedule/next_poll.hpp>
#include <cdtd/schedule/retry.hpp>
#include <cdtd/store/hosts.hpp>
#include <cdtd/store/status.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr base::Duration own_fault_wait = std::chrono::minutes(10);
constexpr std::size_t most_hosts = 10'000; ///< whose last look is remembered

store::HostRole host_of(const store::Job& job) {
    return {base::origin_of(job.url), "source"};
}

/// Conditional where it was seen alive: then a 304 says that it is as it was.
http::Request request_for(const store::Job& job, const store::Watched& known) {
    http::Request request(job.url);
    request.every_hop.emplace_back("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5");
    request.every_hop.emplace_back("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5");
    if (known.standing.candidate != "alive")
        return request;
    if (known.validators.etag)
        request.every_hop.emplace_back("If-None-Match", *known.validators.etag);
    if (known.validators.last_modified)
        request.every_hop.emplace_back("If-Modified-Since", *known.validators.last_modified);
    return request;
}

/// No answer: the line, the name or the server is dead; or it is we who do not take what comes.
model::Look look_without_answer(const base::Error& error, base::Time at) {
    model::Look look;
    look.at = at;
    look.words = base::terminal_safe(error.message);
    const bool dead = error.code == base::Errc::network || error.code == base::Errc::timeout;
    look.state = dead ? "unreachable" : "unknown";
    if (!dead)
        look.reason = "unclear";
    return look;
}

article::Judgement judge(const http::Response& response, const std::string& url) {
    if (const auto refusal = refusal_of(response); refusal && refusal->code == base::Errc::challenge)
        return {"challenged", "captcha", refusal->message};
    const auto type = response.header("content-type").value_or("");
    const std::string text = feed::page_text(response.body(), type);
    return article::judge({url, response.status, response.url, type, text});
}

} // namespace

struct WatchSource::Seen {
    model::Look look;
    std::vector<http::Hop> hops; ///< of an answer, to be kept
    std::optional<Kept> kept;
    model::Validators validators; ///< of an answer that shows it alive
    bool unchanged = false;       ///< 304
    std::optional<base::Time> not_before;
    base::Duration took{};
    std::shared_ptr<void> room;
};

void WatchSource::stop() {
    stopping_ = true;
    waiting_.ring();
}

boost::asio::awaitable<WatchEnd> WatchSource::run(store::Job job, std::shared_ptr<const Plan> plan) {
    const std::string origin = base::origin_of(job.url);
    const auto turn = co_await turns_.take(origin, 1);
    if (co_await held_back(job))
        co_return WatchEnd::put_off;
    co_await keep_pace(origin, plan->watch.pace);
    if (stopping_)
        co_return WatchEnd::cancelled;
    co_return co_await look(std::move(job), *plan);
}

/// The host's circuit is open, and this is not the day's probe.
boost::asio::awaitable<bool> WatchSource::held_back(const store::Job& job) {
    const store::HostRole host = host_of(job);
    const base::Time now = clock_.now();
    auto look = [&host, &job, now](store::Connection& db) {
        const auto until = store::pass_circuit(db, host, now);
        if (until) {
            store::hold_jobs(db, host, *until);
            store::put_off_look(db, job.id, *until,
                                fmt::format("not asked: {} refused several times in a row", host.origin));
        }
        return until.has_value();
    };
    co_return co_await writer_.run(look);
}

/// Nobody waits for these answers, so the host may have its rest between them.
boost::asio::awaitable<void> WatchSource::keep_pace(const std::string& origin, base::Duration pace) {
    const auto last = last_look_.find(origin);
    const base::Time now = clock_.now();
    if (last != last_look_.end() && last->second + pace > now && !stopping_)
        co_await waiting_.wait(last->second + pace - now);
    if (last_look_.size() > most_hosts)
        std::erase_if(last_look_, [now, pace](const auto& one) { return one.second + pace < now; });
    last_look_[origin] = clock_.now();
}

boost::asio::awaitable<WatchEnd> WatchSource::look(store::Job job, const Plan& plan) {
    auto find = [&job](store::Connection& db) {
        auto known = store::find_watched(db, job.url);
        if (!known)
            store::finish_job(db, job.id);
        return known;
    };
    auto known = co_await writer_.run(find);
    if (!known)
        co_return WatchEnd::looked;
    auto seen = co_await ask(job, *known);
    if (!seen) {
        if (seen.error().code == base::Errc::cancelled)
            co_return WatchEnd::cancelled;
        const auto until = client_.closed_until(base::origin_of(job.url));
        co_return co_await put_off(job, until.value_or(clock_.now() + own_fault_wait), seen.error().message);
    }
    if (const auto kept = co_await keep(*known, *seen); !kept)
        co_return co_await put_off(job, clock_.now() + own_fault_wait, kept.error().message);
    co_return co_await finish(job, plan, std::move(*known), std::move(*seen));
}

/// An error: nothing was asked.
boost::asio::awaitable<base::Result<WatchSource::Seen>> WatchSource::ask(const store::Job& job,
                                                                         const store::Watched& known) {
    Seen seen;
    seen.look.at = clock_.now();
    http::Outcome outcome = co_await client_.fetch(request_for(job, known));
    if (outcome) {
        co_await read(*outcome, known, job.url, seen);
    } else {
        const http::Failure& failure = outcome.error();
        if (failure.error.code == base::Errc::cancelled || failure.closed_until)
            co_return std::unexpected(failure.error);
        seen.look = look_without_answer(failure.error, seen.look.at);
    }
    co_return seen;
}

boost::asio::awaitable<void> WatchSource::read(http::Response& response, const store::Watched& known,
                                               const std::string& url, Seen& seen) {
    seen.look.status = response.status;
    seen.unchanged = response.status == 304 && known.standing.candidate == "alive";
    if (seen.unchanged) {
        seen.look.state = "alive";
        seen.look.words = "unchanged since it was last seen (304)";
        seen.look.capture = known.alive_capture;
        co_return;
    }
    auto weigh = [&response, &url] { return judge(response, url); };
    const article::Judgement found = co_await reading_.run(weigh);
    seen.look.state = found.state;
    if (!found.reason.empty())
        seen.look.reason = found.reason;
    seen.look.words = found.words;
    if (found.state == "alive")
        seen.validators = {response.header("etag"), response.header("last-modified")};
    if (const auto retry_after = response.header("retry-after"))
        if (const auto wait = schedule::read_retry_after(*retry_after, clock_.now()))
            seen.not_before = clock_.now() + *wait;
    seen.hops = std::move(response.hops);
    seen.took = response.took;
    seen.room = std::move(response.room);
}

/// What shows it alive or gone is evidence, every time; of a refusal the first of its kind will do.
boost::asio::awaitable<base::Result<void>> WatchSource::keep(const store::Watched& known, Seen& seen) {
    const auto& shown = known.standing.shown;
    const bool evidence = seen.look.state == "alive" || change::is_gone(seen.look.state);
    const bool news = shown.state != seen.look.state || shown.reason != seen.look.reason;
    if (seen.hops.empty() || (!evidence && !news))
        co_return base::Result<void>();
    auto cited = [&known](store::Connection& db) {
        const auto citers = store::citers_of(db, known.id);
        return citers.empty() ? std::string() : citers.front().url;
    };
    About about{"source", co_await writer_.run(cited), seen.took};
    auto kept = co_await archive_.keep(seen.hops, std::move(about), writer_);
    if (!kept)
        co_return std::unexpected(kept.error());
    seen.kept = std::move(*kept);
    co_return base::Result<void>();
}

boost::asio::awaitable<WatchEnd> WatchSource::finish(const store::Job& job, const Plan& plan,
                                                     store::Watched known, Seen seen) {
    const base::Time now = clock_.now();
    const auto news = change::take_look(known.standing, seen.look, plan.watch.confirm);
    const auto wait = schedule::wait_repeating(plan.watch.recheck, change::next_wait(known.standing),
                                               static_cast<std::uint64_t>(job.id));
    const auto closed = client_.closed_until(base::origin_of(job.url));
    const base::Time due = std::max({now + wait, seen.not_before.value_or(now), closed.value_or(now)});
    auto commit = [&](store::Connection& db) {
        if (seen.kept)
            seen.look.capture = record(db, *seen.kept);
        if (seen.look.state == "alive" && !seen.unchanged) {
            known.validators = seen.validators;
            known.alive_capture = seen.look.capture;
        }
        store::save_look(db, known, seen.look);
        store::schedule_look(db, job.id, known.id, due);
        const store::HostRole host = host_of(job);
        if (seen.look.state == "challenged")
            store::note_refused(db, host, now, seen.look.words);
        else if (seen.look.state == "alive" || change::is_gone(seen.look.state))
            store::close_circuit(db, host, now);
        if (closed)
            store::save_pause(db, model::HostPause{host.origin, *closed, seen.look.words});
        tell_watch(db, plan.teller, known, news, now);
    };
    co_await writer_.run(commit);
    log_.debug("looked at an original",
               {{"url", job.url}, {"state", seen.look.state}, {"words", seen.look.words}});
    if (news != change::News::none)
        log_.info("an original has changed", {{"url", job.url}, {"state", known.standing.shown.state}});
    co_return WatchEnd::looked;
}

boost::asio::awaitable<WatchEnd> WatchSource::put_off(const store::Job& job, base::Time until,
                                                      std::string reason) {
    auto commit = [&](store::Connection& db) {
        store::put_off_look(db, job.id, until, base::terminal_safe(reason));
    };
    co_await writer_.run(commit);
    log_.info("not looked at, put off", {{"url", job.url}, {"error", base::terminal_safe(reason)}});
    co_return WatchEnd::put_off;
}

} // namespace cdtd::pipeline
