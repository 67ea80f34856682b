#include "schedule/spread.hpp"

#include <cdtd/schedule/retry.hpp>

#include <algorithm>

namespace cdtd::schedule {
namespace {

using base::Duration;

// Configuration refuses an empty list; a library must not loop without a pause all the same.
constexpr Duration without_list = std::chrono::hours(1);

Duration with_jitter(Duration wait, std::uint64_t seed) {
    wait = std::max(wait, Duration::zero());
    const double extra = static_cast<double>(wait.count()) * 0.1 * share_of(seed);
    return wait + Duration(static_cast<Duration::rep>(extra));
}

} // namespace

Duration wait_repeating(const std::vector<Duration>& waits, int attempts, std::uint64_t seed) {
    if (waits.empty())
        return with_jitter(without_list, seed);
    const auto index = static_cast<std::size_t>(std::max(attempts, 1) - 1);
    return with_jitter(waits[std::min(index, waits.size() - 1)], seed);
}

std::optional<Duration> wait_or_give_up(const std::vector<Duration>& waits, int attempts,
                                        std::uint64_t seed) {
    if (static_cast<std::size_t>(std::max(attempts, 1)) > waits.size())
        return std::nullopt;
    return wait_repeating(waits, attempts, seed);
}

Duration backoff(Duration base_wait, int failures, Duration longest) {
    Duration wait = std::max(base_wait, Duration::zero());
    for (int doubled = 1; doubled < failures && wait < longest && wait > Duration::zero(); ++doubled)
        wait = wait > longest / 2 ? longest : wait * 2;
    return std::min(wait, longest);
}

Answer judge_delivery(int status) {
    if (status >= 200 && status < 300)
        return Answer::delivered;
    if (status == 410)
        return Answer::stop;
    const bool passes = status == 408 || status == 425 || status == 429;
    return status >= 400 && status < 500 && !passes ? Answer::again_twice : Answer::again;
}

bool slows_down(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

} // namespace cdtd::schedule
