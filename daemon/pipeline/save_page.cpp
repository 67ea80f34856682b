#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/save_page.hpp>
#include <cdtd/store/wayback.hpp>
#include <cdtd/wayback/cdx.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

namespace {

using State = model::SaveJob::State;

constexpr std::uint64_t most_bytes = 2u << 20;
constexpr base::Duration not_again_within = std::chrono::hours(24); ///< a capture of anybody's that will do
constexpr base::Duration young_for = std::chrono::hours(24);
constexpr base::Duration busy_wait = std::chrono::seconds(20); ///< their places are taken: a state of seconds
constexpr base::Duration trouble_wait = std::chrono::minutes(5);
constexpr base::Duration keys_wait = std::chrono::hours(1);

std::string day_of(base::Time time) {
    return base::format_rfc3339(time).substr(0, 10);
}

bool is_young(const store::Save& save, base::Time now) {
    return save.known_at > now - young_for;
}

wayback::SaveSettings settings_of(const Plan& plan) {
    return {plan.wayback.save_poll, plan.archive.retry};
}

http::Request request_for(const Plan& plan, const std::string& path) {
    http::Request request(plan.wayback.save_url + path);
    request.headers.emplace_back("Authorization", fmt::format("LOW {}:{}", plan.wayback.access_key.reveal(),
                                                              plan.wayback.secret_key.reveal()));
    request.headers.emplace_back("Accept", "application/json");
    request.max_body = most_bytes;
    return request;
}

/// Could the form have been taken, whatever came back? Then only the index can tell.
bool is_clear(const wayback::Reply& reply) {
    return reply.refused || (reply.status != 0 && reply.status != 200 && reply.status != 504);
}

/// The capture that was announced; where no time was, one from since the form went out, or before it as far
/// as we said that it would do.
std::optional<std::string> find_listed(const model::SaveJob& job,
                                       const std::vector<wayback::Snapshot>& rows) {
    const base::Time from = job.submitted_at.value_or(base::Time{}) - not_again_within;
    const auto found = std::ranges::find_if(rows, [&](const wayback::Snapshot& row) {
        return job.timestamp.empty() ? row.at >= from : row.timestamp == job.timestamp;
    });
    return found == rows.end() ? std::nullopt : std::optional(found->timestamp);
}

} // namespace

void SavePage::recover(store::Connection& db, base::Time now) {
    for (store::Save& save : store::saves_on_their_way(db)) {
        save.job = wayback::recovered(save.job, now);
        store::store_save(db, save, now);
    }
}

boost::asio::awaitable<SaveEnd> SavePage::run(store::Save save, std::shared_ptr<const Plan> plan) {
    switch (save.job.state) {
    case State::waiting:
    case State::failed:
        co_return co_await submit(std::move(save), *plan);
    case State::submitted:
        co_return co_await ask_job(std::move(save), *plan);
    default:
        co_return co_await look_for(std::move(save), *plan);
    }
}

boost::asio::awaitable<void> SavePage::keep(const store::Save& save) {
    auto store = [&](store::Connection& db) { store::store_save(db, save, clock_.now()); };
    co_await writer_.run(store);
}

boost::asio::awaitable<void> SavePage::hold(bool young, base::Time until, const std::string& reason) {
    auto store = [&](store::Connection& db) { store::hold_saves(db, young, until, reason); };
    co_await writer_.run(store);
    log_.info(young ? "nothing is submitted to the Wayback Machine"
                    : "only what is younger than a day is submitted to the Wayback Machine",
              {{"until", base::format_rfc3339(until)}, {"error", reason}});
}

/// What the host's pace does not let out keeps its place; what is asked about is asked later.
boost::asio::awaitable<SaveEnd> SavePage::put_off(store::Save save, const NotAsked& why) {
    if (!why.until)
        co_return SaveEnd::cancelled;
    if (save.job.state == State::waiting || save.job.state == State::failed) {
        co_await hold(true, *why.until, why.reason);
    } else {
        save.job.due = why.until;
        co_await keep(save);
    }
    co_return SaveEnd::put_off;
}

/// False: somebody else saved it meanwhile, or there is nothing left to be saved.
boost::asio::awaitable<bool> SavePage::is_wanted(const store::Save& save, const Plan& plan) {
    const bool missing = plan.wayback.save == WaybackSettings::Save::missing;
    auto look = [&](store::Connection& db) {
        if (store::open_saves(db) >= plan.wayback.save_concurrent)
            return false;
        const auto source = save.source ? store::find_sought(db, save.url) : std::nullopt;
        if (!source)
            return true;
        if (missing && source->state == "archived") {
            store::drop_save(db, save.id);
            return false;
        }
        if (source->liveness == "deleted" || source->liveness == "censored") {
            store::Save gone = save;
            gone.job.state = State::failed;
            gone.job.error = fmt::format("not submitted: the original is {}", source->liveness);
            gone.job.due.reset();
            store::store_save(db, gone, clock_.now());
            return false;
        }
        return true;
    };
    co_return co_await writer_.run(look);
}

boost::asio::awaitable<SaveEnd> SavePage::submit(store::Save save, const Plan& plan) {
    const auto turn = co_await turns_.take("submit", 1);
    if (!co_await is_wanted(save, plan))
        co_return SaveEnd::moved;
    if (!co_await has_quota(save, plan))
        co_return SaveEnd::put_off;
    co_return co_await send(std::move(save), plan);
}

/// What the server says, read anew each time (`_t` passes its cache); a hold where it does not suffice.
boost::asio::awaitable<bool> SavePage::has_quota(const store::Save& save, const Plan& plan) {
    auto request = request_for(plan, "/status/user?_t=" + base::random_urn_uuid().substr(9, 8));
    const auto asked = co_await asker_.ask(Lane::status, std::move(request), "", plan.wayback);
    const base::Time now = clock_.now();
    if (!asked) {
        if (asked.error().until)
            co_await hold(true, *asked.error().until, asked.error().reason);
        co_return false;
    }
    const auto quota = wayback::read_quota(asked->reply);
    if (!quota) {
        const bool keys = asked->reply.status == 401;
        const auto until = asked->closed_until.value_or(now + (keys ? keys_wait : trouble_wait));
        co_await hold(true, until, quota.error().reason);
        co_return false;
    }
    auto count = [&](store::Connection& db) {
        store::note_server_count(db, day_of(now), quota->captures_today);
        return store::used_of_day(db, day_of(now));
    };
    const std::int64_t used = co_await writer_.run(count);
    if (wayback::may_submit(*quota, is_young(save, now), used))
        co_return true;
    if (quota->available <= 0)
        co_await hold(true, now + busy_wait, "Save Page Now has no free place for us");
    else
        co_await hold(!wayback::may_submit(*quota, true, used), wayback::next_day(now),
                      fmt::format("{} of the day's {} captures are used up",
                                  std::max(used, quota->captures_today), quota->captures_limit));
    co_return false;
}

boost::asio::awaitable<SaveEnd> SavePage::send(store::Save save, const Plan& plan) {
    auto request = request_for(plan, "");
    request.method = "POST";
    request.body = wayback::submission_form(save.url, not_again_within);
    AskWayback::Hooks hooks;
    hooks.on_start = [&](store::Connection& db, base::Time at) {
        const auto current = store::find_save(db, save.id);
        const bool as_known =
            current && current->job == save.job; // whatever happened: no form goes out twice
        if (!as_known || store::open_saves(db) >= plan.wayback.save_concurrent)
            return false;
        store::Save started = save;
        started.job = wayback::submitting(save.job, at);
        store::store_save(db, started, at);
        store::count_submission(db, day_of(at));
        save.job = started.job;
        return true;
    };
    wayback::Heard<wayback::Submission> heard = std::unexpected(wayback::Problem{});
    hooks.on_answer = [&](store::Connection& db, const wayback::Reply& reply) {
        heard = wayback::read_submission(reply);
        const base::Time now = clock_.now();
        save.job = wayback::heard_submission(save.job, heard, is_clear(reply), now, settings_of(plan));
        store::store_save(db, save, now);
    };
    const auto asked = co_await asker_.ask(Lane::save, std::move(request), "", plan.wayback, hooks);
    if (!asked && save.job.state != State::submitted && save.job.state != State::captured)
        co_return co_await put_off(std::move(save), asked.error());
    if (!heard && asked && asked->reply.status == 401)
        co_await hold(true, clock_.now() + keys_wait, heard.error().reason);
    log_.info("a page was submitted to the Wayback Machine",
              {{"url", save.url}, {"job_id", save.job.job_id}, {"error", save.job.error}});
    co_return SaveEnd::submitted;
}

boost::asio::awaitable<SaveEnd> SavePage::ask_job(store::Save save, const Plan& plan) {
    auto request = request_for(plan, "/status/" + save.job.job_id);
    const auto asked = co_await asker_.ask(Lane::status, std::move(request), save.url, plan.wayback);
    if (!asked)
        co_return co_await put_off(std::move(save), asked.error());
    const auto heard = wayback::read_job(asked->reply);
    save.job = wayback::heard_job(save.job, heard, clock_.now(), settings_of(plan));
    if (save.job.due && asked->closed_until)
        save.job.due = std::max(*save.job.due, *asked->closed_until);
    co_await keep(save);
    if (save.job.state != State::submitted)
        log_.info("a save in the Wayback Machine came to an end",
                  {{"url", save.url}, {"snapshot", save.job.timestamp}, {"error", save.job.error}});
    co_return SaveEnd::moved;
}

/// Is it listed? Then the look-up of its source reads what was captured, and says so.
boost::asio::awaitable<SaveEnd> SavePage::look_for(store::Save save, const Plan& plan) {
    const std::string near = save.job.timestamp.empty()
                                 ? base::format_timestamp14(save.job.submitted_at.value_or(clock_.now()))
                                 : save.job.timestamp;
    http::Request request(wayback::cdx_request(plan.wayback.cdx_url, save.url, wayback::Part::nearest, near));
    request.max_body = most_bytes;
    const auto asked = co_await asker_.ask(Lane::cdx, std::move(request), save.url, plan.wayback);
    if (!asked)
        co_return co_await put_off(std::move(save), asked.error());
    const auto rows = wayback::read_cdx(asked->reply);
    const auto found = rows ? find_listed(save.job, *rows) : std::nullopt;
    if (found)
        save.job.timestamp = *found;
    const base::Time now = clock_.now();
    save.job = wayback::looked_for(save.job, rows ? std::optional(found.has_value()) : std::nullopt, now,
                                   settings_of(plan));
    auto store = [&](store::Connection& db) {
        store::store_save(db, save, now);
        if (save.job.state == State::verified && save.source)
            store::look_up_now(db, *save.source, now);
    };
    co_await writer_.run(store);
    co_return SaveEnd::moved;
}

} // namespace cdtd::pipeline
