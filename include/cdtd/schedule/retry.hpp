// When is a failed attempt made again. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace cdtd::schedule {

/// A list of waits as configured. `attempts` made so far, 1 at least. Past the end: the last wait repeats.
/// Jitter only adds, up to a tenth, from `seed`.
base::Duration wait_repeating(const std::vector<base::Duration>& waits, int attempts, std::uint64_t seed);
/// The same, but past the end there is no further attempt.
std::optional<base::Duration> wait_or_give_up(const std::vector<base::Duration>& waits, int attempts,
                                              std::uint64_t seed);
/// base × 2^(failures − 1), at most `longest`.
base::Duration backoff(base::Duration base_wait, int failures, base::Duration longest);

/// Delivery answers (facts of Standard Webhooks): what an HTTP status means.
enum class Answer { delivered, again, again_twice, stop };
/// 2xx delivered; 410 stop; other 4xx than 408, 425, 429: again_twice (fails for good at the third attempt);
/// else again.
Answer judge_delivery(int status);
/// 429, 502, 503, 504: not this delivery alone but the whole endpoint shall slow down.
bool slows_down(int status);
/// However long an endpoint asks us to stay away, we come back after this time.
inline constexpr base::Duration longest_asked = std::chrono::hours(24);

} // namespace cdtd::schedule
