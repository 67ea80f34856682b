#include "schedule/cache_control.hpp"
#include "schedule/spread.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/schedule/next_poll.hpp>
#include <cdtd/schedule/retry.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace cdtd::schedule {
namespace {

using base::Duration;
using base::Time;
using model::Bound;
using namespace std::chrono;

// A publisher's slip (or malice) must not blind us for good.
constexpr Duration longest_bound = days(7);
constexpr Duration longest_interval = days(366);
// A server's clock that says "answered so long after you asked" is believed up to here.
constexpr Duration longest_answer = minutes(2);

Duration bounded(Duration wait) {
    return std::clamp(wait, Duration::zero(), longest_bound);
}

// What a header counts from is the answer, not the question; the Date header tells it, where it can be right.
Time answered_at(const PollFacts& facts, std::optional<Time> date) {
    const bool plausible = date && *date > facts.last_poll && *date - facts.last_poll <= longest_answer;
    return plausible ? *date : facts.last_poll;
}

void add(std::vector<Bound>& bounds, std::string_view kind, std::string value, std::string_view origin,
         Time until) {
    bounds.push_back({std::string(kind), std::move(value), std::string(origin), until, false});
}

int slowness(Trouble trouble) {
    switch (trouble) {
    case Trouble::too_many:
        return 2;
    case Trouble::refused:
        return 4;
    default:
        return 1;
    }
}

std::string words_of(Trouble trouble, int failures) {
    std::string words = fmt::format("{} failed in a row", failures);
    if (trouble == Trouble::too_many)
        words += ", told to slow down";
    if (trouble == Trouble::refused)
        words += ", refused";
    return words;
}

std::vector<Bound> own_bounds(const PollFacts& facts) {
    std::vector<Bound> bounds;
    const Duration interval = std::clamp(facts.interval, Duration::zero(), longest_interval);
    const double jitter = std::isfinite(facts.jitter) ? std::clamp(facts.jitter, 0.0, 1.0) : 0.0;
    const double share = share_of(facts.seed);
    const auto part = [&](Duration whole, double of) {
        return Duration(static_cast<Duration::rep>(static_cast<double>(whole.count()) * jitter * of));
    };
    add(bounds, "interval", base::format_duration(interval), "configuration",
        facts.last_poll + interval + part(interval, 2 * share - 1));
    if (facts.floor > Duration::zero())
        add(bounds, "floor",
            facts.floor_reason.empty()
                ? base::format_duration(facts.floor)
                : fmt::format("{} {}", base::format_duration(facts.floor), facts.floor_reason),
            "politeness", facts.last_poll + facts.floor);
    if (facts.consecutive_failures > 0) {
        const Duration longest = std::clamp(facts.backoff_max, Duration::zero(), longest_interval);
        const Duration wait =
            backoff(interval * slowness(facts.trouble), facts.consecutive_failures, longest);
        // Here jitter only adds: a host in trouble is never asked earlier than said.
        add(bounds, "backoff", words_of(facts.trouble, facts.consecutive_failures), "state",
            facts.last_poll + wait + part(wait, share));
    }
    return bounds;
}

void add_header_bounds(std::vector<Bound>& bounds, const PollFacts& facts) {
    const auto date = facts.date ? base::parse_http_date(*facts.date) : std::nullopt;
    const Time answered = answered_at(facts, date);
    const CacheControl cache = read_cache_control(facts.cache_control.value_or(""));
    if (cache.max_age) {
        if (!cache.always_ask)
            add(bounds, "max-age", fmt::format("{}", duration_cast<seconds>(*cache.max_age).count()),
                "response", answered + *cache.max_age);
    } else if (facts.expires && !cache.always_ask) {
        const auto expires = base::parse_http_date(*facts.expires);
        const Time against = date.value_or(facts.last_poll);
        if (expires && *expires > against)
            add(bounds, "expires", *facts.expires, "response", answered + bounded(*expires - against));
    }
    if (facts.retry_after)
        if (const auto wait = read_retry_after(*facts.retry_after, date.value_or(facts.last_poll)))
            add(bounds, "retry-after", *facts.retry_after, "response", answered + *wait);
}

std::vector<Bound> server_bounds(const PollFacts& facts) {
    std::vector<Bound> bounds;
    const model::Cadence& cadence = facts.cadence;
    if (cadence.ttl)
        add(bounds, "ttl", fmt::format("{}", duration_cast<minutes>(*cadence.ttl).count()), "feed",
            facts.last_poll + bounded(*cadence.ttl));
    if (cadence.update_period)
        add(bounds, "sy", base::format_duration(*cadence.update_period), "feed",
            facts.last_poll + bounded(*cadence.update_period));
    add_header_bounds(bounds, facts);
    return bounds;
}

// skipHours and skipDays. What forbids every hour of the week forbids nothing: it is a mistake.
class Skips {
  public:
    explicit Skips(const PollFacts& facts) {
        for (const int hour : facts.cadence.skip_hours)
            if (hour >= 0 && hour <= 24)
                hours_.insert(static_cast<unsigned>(hour % 24));
        for (const int day : facts.cadence.skip_days)
            if (day >= 0 && day <= 6)
                days_.insert(static_cast<unsigned>(day));
        if (hours_.size() == 24)
            hours_.clear();
        if (days_.size() == 7)
            days_.clear();
    }

    /// The first time from `t` on that is allowed; what moved it is added to `bounds`.
    Time move(Time t, std::vector<Bound>& bounds) const {
        std::optional<Time> by_day, by_hour;
        for (bool moved = true; moved;) {
            moved = false;
            const sys_days day = floor<days>(t);
            const auto hour = floor<hours>(t - day);
            if (days_.contains(weekday(day).c_encoding())) {
                by_day = t = day + days(1);
                moved = true;
            } else if (hours_.contains(static_cast<unsigned>(hour.count()))) {
                by_hour = t = day + hour + hours(1);
                moved = true;
            }
        }
        if (by_day)
            add(bounds, "skip-days", fmt::format("{}", fmt::join(days_, ",")), "feed", *by_day);
        if (by_hour)
            add(bounds, "skip-hours", fmt::format("{}", fmt::join(hours_, ",")), "feed", *by_hour);
        return t;
    }

  private:
    std::set<unsigned> hours_, days_;
};

Time latest(const std::vector<Bound>& bounds, Time at_least) {
    for (const Bound& bound : bounds)
        at_least = std::max(at_least, bound.until);
    return at_least;
}

} // namespace

PollPlan plan_next_poll(const PollFacts& facts) {
    const Skips skips(facts);
    PollPlan plan;
    plan.bounds = own_bounds(facts);
    const std::vector<Bound> server = server_bounds(facts);
    plan.bounds.insert(plan.bounds.end(), server.begin(), server.end());
    plan.next = skips.move(latest(plan.bounds, plan.bounds.front().until), plan.bounds);
    // Of two that end together the first one listed won.
    std::ranges::find(plan.bounds, plan.next, &Bound::until)->won = true;
    return plan;
}

std::optional<Duration> read_retry_after(const std::string& value, Time now) {
    const std::string_view text = base::trim(value);
    if (const auto wait = read_delta_seconds(text))
        return *wait;
    const auto until = base::parse_http_date(text);
    if (!until || *until <= now)
        return std::nullopt;
    return bounded(*until - now);
}

std::optional<Duration> read_max_age(const std::string& value) {
    const CacheControl cache = read_cache_control(value);
    return cache.always_ask ? std::nullopt : cache.max_age;
}

} // namespace cdtd::schedule
