#include <cdtd/schedule/retry.hpp>
#include <cdtd/wayback/save.hpp>

#include <algorithm>
#include <array>

namespace cdtd::wayback {
namespace {

using State = SaveJob::State;

/// A job that is not ready by then is asked for now and then only; after a day the index must tell.
constexpr base::Duration busy_at_most = std::chrono::minutes(3);
constexpr base::Duration slow_poll = std::chrono::minutes(10);
constexpr base::Duration forgotten_after = std::chrono::hours(24);
/// A fresh capture is listed after minutes, hours, or half a day.
constexpr std::array<base::Duration, 4> look_after = {std::chrono::minutes(10), std::chrono::hours(1),
                                                      std::chrono::hours(12), std::chrono::hours(48)};
constexpr base::Duration a_week = std::chrono::hours(24 * 7);

SaveJob look_later(SaveJob job, base::Time now) {
    job.state = State::captured;
    job.captured_at = now;
    job.looks = 0;
    job.due = now + look_after[0];
    return job;
}

SaveJob came_to_nothing(SaveJob job, const SaveError& error, base::Time now, const SaveSettings& settings) {
    job.error = error.reason;
    job.job_id.clear();
    job.attempts = std::min(job.attempts + 1, 1000);
    const base::Time soon = now + schedule::wait_repeating(settings.retry, job.attempts, 0);
    switch (error.kind) {
    case SaveClass::transient:
        job.state = State::waiting;
        job.due = soon;
        break;
    case SaveClass::tomorrow:
        job.state = State::waiting;
        job.due = next_day(now);
        break;
    default:
        job.state = State::failed;
        job.due = std::max(soon, now + a_week);
    }
    return job;
}

} // namespace

base::Time next_day(base::Time now) {
    return std::chrono::floor<std::chrono::days>(now) + std::chrono::hours(24) + std::chrono::minutes(10);
}

bool may_submit(const Quota& quota, bool young, std::int64_t ours_today) {
    const std::int64_t left = quota.captures_limit - std::max(quota.captures_today, ours_today);
    const std::int64_t reserve = young ? 0 : (quota.captures_limit + 9) / 10;
    return quota.available > 0 && left > reserve;
}

SaveJob submitting(SaveJob job, base::Time now) {
    job.state = State::submitting;
    job.submitted_at = now;
    job.error.clear();
    job.timestamp.clear();
    job.due = now + look_after[0];
    return job;
}

SaveJob heard_submission(SaveJob job, const Heard<Submission>& heard, bool reached, base::Time now,
                         const SaveSettings& settings) {
    if (!heard) {
        if (!reached) // nobody knows whether it arrived
            return recovered(std::move(job), now);
        return came_to_nothing(std::move(job), {SaveClass::transient, heard.error().reason}, now, settings);
    }
    if (const auto* error = std::get_if<SaveError>(&*heard))
        return came_to_nothing(std::move(job), *error, now, settings);
    if (const auto* accepted = std::get_if<Accepted>(&*heard)) {
        job.state = State::submitted;
        job.job_id = accepted->job_id;
        job.due = now + settings.poll;
        return job;
    }
    return look_later(std::move(job), now);
}

SaveJob heard_job(SaveJob job, const Heard<JobAnswer>& heard, base::Time now, const SaveSettings& settings) {
    if (heard) {
        if (const auto* error = std::get_if<SaveError>(&*heard))
            return came_to_nothing(std::move(job), *error, now, settings);
        if (const auto* saved = std::get_if<Saved>(&*heard)) {
            job.timestamp = saved->timestamp;
            job.error.clear();
            return look_later(std::move(job), now);
        }
    } else {
        job.error = heard.error().reason;
    }
    const base::Duration since = now - job.submitted_at.value_or(now);
    if (since >= forgotten_after)
        return look_later(std::move(job), now);
    job.due = now + (since < busy_at_most ? settings.poll : slow_poll);
    return job;
}

SaveJob looked_for(SaveJob job, std::optional<bool> listed, base::Time now, const SaveSettings& settings) {
    if (listed.value_or(false)) {
        job.state = State::verified;
        job.error.clear();
        job.due.reset();
        return job;
    }
    if (!listed) { // no look at all
        job.due = now + look_after[0];
        return job;
    }
    const auto next = static_cast<std::size_t>(++job.looks);
    if (next >= look_after.size())
        return came_to_nothing(std::move(job),
                               {SaveClass::transient, "the capture never showed up in the index"}, now,
                               settings);
    job.due = std::max(now + std::chrono::minutes(1), job.captured_at.value_or(now) + look_after[next]);
    return job;
}

SaveJob recovered(SaveJob job, base::Time now) {
    if (job.state != State::submitting)
        return job;
    job = look_later(std::move(job), now);
    job.error = "no answer came to the submission: whether it was taken, the index will tell";
    return job;
}

} // namespace cdtd::wayback
