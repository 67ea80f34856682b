#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/pipeline/ask_wayback.hpp>
#include <cdtd/schedule/next_poll.hpp>
#include <cdtd/store/status.hpp>
#include <cdtd/store/wayback.hpp>

#include <fmt/format.h>

#include <utility>

namespace cdtd::pipeline {

namespace {

using wayback::Contact;

constexpr base::Duration own_fault_wait = std::chrono::minutes(10);
constexpr std::uint64_t most_bytes = 16u << 20; ///< of an archived page that hides its coding

const char* name_of(Lane lane) {
    switch (lane) {
    case Lane::cdx:
        return "cdx";
    case Lane::availability:
        return "availability";
    case Lane::replay:
        return "replay";
    case Lane::save:
        return "save";
    case Lane::status:
        return "status";
    }
    return "";
}

/// Where archive.org names no limit, far below what others were seen to be let through with.
int per_minute(Lane lane, const WaybackSettings& settings) {
    switch (lane) {
    case Lane::cdx:
        return settings.cdx_per_minute;
    case Lane::save:
        return settings.save_per_minute;
    case Lane::availability:
        return 20;
    default:
        return 60;
    }
}

/// A 5xx says nothing of how often we may ask. An archived 429 is none.
Contact contact_of(const wayback::Reply& reply) {
    if (reply.refused)
        return Contact::refused;
    if (reply.status == 0)
        return Contact::silent;
    if (reply.status >= 500 && !reply.header("Memento-Datetime"))
        return Contact::failed;
    return reply.status == 429 && !reply.header("Memento-Datetime") ? Contact::throttled : Contact::answered;
}

std::optional<base::Duration> retry_after(const wayback::Reply& reply, base::Time now) {
    const auto header = reply.header("Retry-After");
    return header ? schedule::read_retry_after(*header, now) : std::nullopt;
}

/// What is stored of a pace, and that `status` shows it.
void save_pace(store::Connection& db, const std::string& origin, const wayback::HostPace& pace) {
    store::save_host_pace(db, origin, pace);
    if (pace.closed_until)
        store::save_pause(db, {origin, *pace.closed_until, pace.reason});
}

} // namespace

struct AskWayback::Start {
    base::Time at;
    std::optional<base::Time> wait; ///< not started: this is when it may be
    std::optional<base::Time> closed_until;
    std::string reason;
    bool called_off = false;
};

void AskWayback::stop() {
    stopping_ = true;
    waiting_.ring();
}

void AskWayback::recover(store::Connection& db, const WaybackSettings& settings) {
    for (const std::string& origin : store::hosts_in_flight(db))
        save_pace(db, origin,
                  wayback::recovered(store::find_host_pace(db, origin), {settings.pause, settings.circuit}));
}

boost::asio::awaitable<AskWayback::Outcome> AskWayback::ask(Lane lane, http::Request request, std::string via,
                                                            const WaybackSettings& settings) {
    const Hooks none;
    co_return co_await ask(lane, std::move(request), std::move(via), settings, none);
}

boost::asio::awaitable<AskWayback::Outcome> AskWayback::ask(Lane lane, http::Request request, std::string via,
                                                            const WaybackSettings& settings,
                                                            const Hooks& hooks) {
    const std::string origin = base::origin_of(request.url);
    const auto place = co_await turns_.take(fmt::format("{} {}", origin, name_of(lane)), 1);
    while (!stopping_) {
        base::Time next;
        {
            const auto turn = co_await turns_.take(origin, 1);
            // Others ask there too: an image that an article shows from the Wayback Machine.
            if (const auto until = client_.closed_until(origin))
                co_return std::unexpected(NotAsked{until, fmt::format("{} asked us to stay away", origin)});
            const Start start = co_await try_start(origin, lane, settings, hooks);
            if (start.closed_until)
                co_return std::unexpected(NotAsked{start.closed_until, start.reason});
            if (start.called_off)
                co_return std::unexpected(NotAsked{std::nullopt, "called off"});
            if (!start.wait)
                co_return co_await exchange(lane, std::move(request), std::move(via), start.at, settings,
                                            hooks);
            next = *start.wait;
        }
        co_await rest(next);
    }
    co_return std::unexpected(NotAsked{std::nullopt, "the program ends"});
}

/// The start is on disk before the request goes out: neither a restart nor a kill gives more than the limit.
boost::asio::awaitable<AskWayback::Start> AskWayback::try_start(const std::string& origin, Lane lane,
                                                                const WaybackSettings& settings,
                                                                const Hooks& hooks) {
    auto begin = [&](store::Connection& db) {
        Start start;
        start.at = clock_.now();
        const store::LanePace pace = store::find_pace(db, origin, name_of(lane));
        const base::Time free_at =
            pace.last_start ? *pace.last_start + wayback::spacing_of(per_minute(lane, settings)) : start.at;
        start.wait = wayback::wait_until(pace.host, free_at, start.at);
        if (pace.host.closed_until && *pace.host.closed_until > start.at) {
            start.closed_until = start.wait;
            start.reason = fmt::format("{}: {}", origin, pace.host.reason);
        } else if (!start.wait) {
            start.called_off = hooks.on_start && !hooks.on_start(db, start.at);
            if (start.called_off)
                return start;
            store::save_host_pace(db, origin, wayback::started(pace.host, start.at));
            store::save_start(db, origin, name_of(lane), start.at);
        }
        return start;
    };
    co_return co_await writer_.run(begin);
}

boost::asio::awaitable<void> AskWayback::rest(base::Time until) {
    const base::Time now = clock_.now();
    if (!stopping_ && until > now)
        co_await waiting_.wait(until - now);
}

boost::asio::awaitable<base::Result<std::optional<Kept>>> AskWayback::keep(http::Outcome& outcome,
                                                                           std::string via) {
    std::vector<http::Hop>& hops = outcome ? outcome->hops : outcome.error().hops;
    // What broke off is no answer; what we cut off, because it is too long, is one.
    if (hops.empty() || (!outcome && outcome.error().error.code != base::Errc::too_large))
        co_return std::optional<Kept>();
    About about{"wayback", std::move(via), outcome ? outcome->took : base::Duration{}};
    auto kept = co_await archive_.keep(hops, std::move(about), writer_);
    if (!kept)
        co_return std::unexpected(kept.error());
    co_return std::optional(std::move(*kept));
}

boost::asio::awaitable<AskWayback::Outcome> AskWayback::exchange(Lane lane, http::Request request,
                                                                 std::string via, base::Time started,
                                                                 const WaybackSettings& settings,
                                                                 const Hooks& hooks) {
    const std::string origin = base::origin_of(request.url);
    request.polite = false; // the pace is kept here, over restarts; and a 429 means what the facts say
    request.trusted = true; // the operator gave the address
    request.follow_redirects = false;
    request.once = true; // the pace and the quota count what goes out
    http::Outcome outcome = co_await client_.fetch(std::move(request));
    if (!outcome &&
        outcome.error().error.code == base::Errc::cancelled) // the answer is not known: see recover
        co_return std::unexpected(NotAsked{std::nullopt, "the program ends"});
    Asked asked;
    asked.reply = wayback::reply_of(outcome, !outcome && outcome.error().connection_refused, most_bytes);
    const Contact contact = contact_of(asked.reply);
    if (hooks.on_answer) {
        auto tell = [&](store::Connection& db) { hooks.on_answer(db, asked.reply); };
        co_await writer_.run(tell);
    }
    const auto kept = co_await keep(outcome, std::move(via));
    wayback::HostPace pace;
    auto commit = [&](store::Connection& db) {
        const base::Time now = clock_.now();
        pace = wayback::heard(store::find_host_pace(db, origin), contact, now,
                              {settings.pause, settings.circuit}, retry_after(asked.reply, now));
        save_pace(db, origin, pace);
        store::save_start(db, origin, name_of(lane), wayback::counted_start(started, now));
        if (kept && *kept)
            asked.capture = record(db, **kept);
    };
    co_await writer_.run(commit);
    if (pace.closed_until && *pace.closed_until > clock_.now()) {
        asked.closed_until = pace.closed_until;
        client_.close_host(origin, *pace.closed_until);
        log_.warn(
            "archive.org is left in peace for a while",
            {{"host", origin}, {"until", base::format_rfc3339(*pace.closed_until)}, {"error", pace.reason}});
    }
    if (!kept)
        co_return std::unexpected(NotAsked{clock_.now() + own_fault_wait, kept.error().message});
    co_return asked;
}

} // namespace cdtd::pipeline
