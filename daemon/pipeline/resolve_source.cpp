#include "pipeline/tell_wayback.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/change/standing.hpp>
#include <cdtd/feed/charset.hpp>
#include <cdtd/pipeline/resolve_source.hpp>
#include <cdtd/pipeline/wayback_question.hpp>
#include <cdtd/schedule/retry.hpp>
#include <cdtd/store/saves.hpp>
#include <cdtd/wayback/availability.hpp>
#include <cdtd/wayback/cdx.hpp>
#include <cdtd/wayback/replay.hpp>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr std::uint64_t most_of_an_index = 4u << 20;
constexpr std::uint64_t most_of_a_capture = 4u << 20; ///< notices are short
constexpr std::uint64_t most_of_availability = 256u << 10;

/// What was shown once stays so, whatever can't be seen or asked today.
bool is_known_better(const std::string& before, const std::string& now) {
    return (before == "archived" && now != "archived") || (before == "not_archived" && now == "unknown");
}

wayback::Judgement judge(const store::Sought& sought, const wayback::Heard<wayback::Replay>& replay) {
    const auto* memento = replay ? std::get_if<wayback::Memento>(&*replay) : nullptr;
    if (memento == nullptr)
        return {};
    const std::string text = feed::page_text(memento->body, memento->content_type);
    return wayback::judge_page({sought.url, sought.platform, memento->status, memento->content_type, text});
}

} // namespace

struct ResolveSource::LookUp {
    store::Job job;
    std::shared_ptr<const Plan> plan;
    store::Sought sought;
    wayback::Resolver resolver;
    store::Verdicts read;                ///< now
    std::optional<std::int64_t> capture; ///< of the newest answer

    const WaybackSettings& settings() const { return plan->wayback; }
};

boost::asio::awaitable<ResolveEnd> ResolveSource::run(store::Job job, std::shared_ptr<const Plan> plan) {
    auto find = [&job](store::Connection& db) {
        auto sought = store::find_sought(db, job.url);
        if (!sought)
            store::finish_job(db, job.id);
        return sought;
    };
    auto sought = co_await writer_.run(find);
    if (!sought)
        co_return ResolveEnd::looked_up;
    wayback::Resolver resolver(question_of(*sought));
    LookUp look_up{std::move(job), std::move(plan), std::move(*sought), std::move(resolver), {}, {}};
    while (const auto step = look_up.resolver.next()) {
        const auto stopped = co_await take(look_up, *step);
        if (!stopped)
            continue;
        if (!stopped->until)
            co_return ResolveEnd::cancelled;
        co_return co_await put_off(look_up, *stopped->until, stopped->reason);
    }
    co_return co_await finish(look_up);
}

boost::asio::awaitable<std::optional<AskWayback::NotAsked>> ResolveSource::take(LookUp& look_up,
                                                                                const wayback::Step& step) {
    switch (step.ask) {
    case wayback::Step::Ask::cdx:
        co_return co_await ask_index(look_up, step);
    case wayback::Step::Ask::availability:
        co_return co_await ask_availability(look_up, step);
    default:
        co_return co_await read_capture(look_up, step);
    }
}

boost::asio::awaitable<std::optional<AskWayback::NotAsked>>
ResolveSource::ask_index(LookUp& look_up, const wayback::Step& step) {
    http::Request request(
        wayback::cdx_request(look_up.settings().cdx_url, step.url, step.part, step.timestamp));
    request.max_body = most_of_an_index;
    const auto asked =
        co_await asker_.ask(Lane::cdx, std::move(request), look_up.sought.article_url, look_up.settings());
    if (!asked)
        co_return asked.error();
    look_up.capture = asked->capture;
    auto hear = [&] { look_up.resolver.hear(step, wayback::read_cdx(asked->reply)); };
    co_await reading_.run(hear);
    if (asked->closed_until)
        co_return NotAsked{asked->closed_until, look_up.resolver.answer().reason};
    co_return std::nullopt;
}

/// A hint, and another host: that it can't be asked ends nothing.
boost::asio::awaitable<std::optional<AskWayback::NotAsked>>
ResolveSource::ask_availability(LookUp& look_up, const wayback::Step& step) {
    http::Request request(
        wayback::availability_request(look_up.settings().availability_url, step.url, step.timestamp));
    request.max_body = most_of_availability;
    const auto asked = co_await asker_.ask(Lane::availability, std::move(request), look_up.sought.article_url,
                                           look_up.settings());
    if (!asked && !asked.error().until)
        co_return asked.error();
    wayback::Heard<std::optional<wayback::Snapshot>> heard =
        asked ? wayback::read_availability(asked->reply)
              : std::unexpected(wayback::Problem{wayback::Trouble::failed, asked.error().reason});
    look_up.resolver.hear(step, heard);
    co_return std::nullopt;
}

boost::asio::awaitable<std::optional<AskWayback::NotAsked>>
ResolveSource::read_capture(LookUp& look_up, const wayback::Step& step) {
    http::Request request(wayback::replay_request(look_up.settings().replay_url, step.timestamp, step.url));
    request.max_body = most_of_a_capture;
    const auto asked =
        co_await asker_.ask(Lane::replay, std::move(request), look_up.sought.article_url, look_up.settings());
    if (!asked)
        co_return asked.error();
    look_up.capture = asked->capture;
    auto hear = [&] {
        const auto replay = wayback::read_replay(asked->reply);
        look_up.resolver.hear(step, replay, judge(look_up.sought, replay));
        for (const auto& [key, judgement] : look_up.resolver.judged())
            if (!look_up.read.contains(key)) {
                store::Verdict verdict = verdict_of(judgement);
                verdict.capture = asked->capture;
                look_up.read.emplace(key, std::move(verdict));
            }
    };
    co_await reading_.run(hear);
    if (asked->closed_until)
        co_return NotAsked{asked->closed_until, look_up.resolver.answer().reason};
    co_return std::nullopt;
}

void ResolveSource::commit(store::Connection& db, const LookUp& look_up, const model::Wayback& wayback,
                           std::optional<base::Time> due, base::Time now) {
    const store::Sought& sought = look_up.sought;
    const Plan& plan = *look_up.plan;
    store::save_verdicts(db, sought.id, look_up.read);
    if (!is_known_better(sought.state, wayback.state))
        store::save_wayback(db, sought.id, wayback);
    store::schedule_look_up(db, look_up.job.id, sought.id, due);
    if (wayback.state == "archived")
        tell_snapshots(db, plan.teller, {.source = sought.id}, now);
    const bool wanted = plan.wayback.save != WaybackSettings::Save::never;
    if (wayback.state == "not_archived" && wanted && !change::is_gone(sought.liveness)) {
        store::Save save;
        save.url = sought.url;
        save.source = sought.id;
        save.known_at = sought.known_at;
        store::add_save(db, save, now);
    }
}

boost::asio::awaitable<ResolveEnd> ResolveSource::finish(LookUp& look_up) {
    const wayback::Answer answer = look_up.resolver.answer();
    const base::Time now = clock_.now();
    model::Wayback known = wayback_of(answer, look_up.settings().replay_url);
    known.checked_at = now;
    known.capture = look_up.capture;
    if (known.digest) {
        const auto before = look_up.sought.verdicts.find(*known.digest);
        const auto read = look_up.read.find(*known.digest);
        known.capture = read != look_up.read.end()                ? read->second.capture
                        : before != look_up.sought.verdicts.end() ? before->second.capture
                                                                  : look_up.capture;
    }
    std::optional<base::Time> due;
    if (known.state != "archived")
        due = now + schedule::wait_repeating(look_up.settings().recheck, look_up.job.attempts + 1,
                                             static_cast<std::uint64_t>(look_up.job.id));
    auto store = [&](store::Connection& db) { commit(db, look_up, known, due, now); };
    co_await writer_.run(store);
    log_.debug("looked a source up in the Wayback Machine",
               {{"url", look_up.job.url}, {"state", known.state}, {"error", known.reason.value_or("")}});
    if (known.state == "archived")
        log_.info("a source is in the Wayback Machine",
                  {{"url", look_up.job.url}, {"snapshot", known.snapshot_url.value_or("")}});
    co_return ResolveEnd::looked_up;
}

/// The host wants to be left in peace: nothing is concluded, and what was read is not read again.
boost::asio::awaitable<ResolveEnd> ResolveSource::put_off(LookUp& look_up, base::Time until,
                                                          std::string reason) {
    auto store = [&](store::Connection& db) {
        const store::Sought& sought = look_up.sought;
        store::save_verdicts(db, sought.id, look_up.read);
        if (sought.state == "unchecked" || sought.state == "unknown") {
            model::Wayback unknown;
            unknown.state = "unknown";
            unknown.reason = reason;
            unknown.checked_at = clock_.now();
            store::save_wayback(db, sought.id, unknown);
        }
        store::put_off_look_up(db, look_up.job.id, sought.id, until, reason);
    };
    co_await writer_.run(store);
    log_.info("not looked up, put off", {{"url", look_up.job.url}, {"error", base::terminal_safe(reason)}});
    co_return ResolveEnd::put_off;
}

} // namespace cdtd::pipeline
