#include <cdtd/schedule/rhythm.hpp>

#include <algorithm>

namespace cdtd::schedule {
namespace {

using base::Duration;
using namespace std::chrono;

constexpr std::size_t fewest_entries = 6;
constexpr Duration shortest = days(1);
constexpr Duration longest = days(90);

} // namespace

std::optional<Duration> unusual_silence(std::vector<base::Time> entries) {
    if (entries.size() < fewest_entries)
        return std::nullopt;
    std::ranges::sort(entries);
    std::vector<Duration> gaps;
    for (std::size_t i = 1; i < entries.size(); ++i)
        gaps.push_back(std::clamp<Duration>(entries[i] - entries[i - 1], Duration::zero(), longest));
    std::ranges::sort(gaps);
    const Duration usual = gaps[gaps.size() / 2] * 8;
    const Duration rest = gaps.back() + gaps.back() / 2;
    return std::clamp(std::max(usual, rest), shortest, longest);
}

} // namespace cdtd::schedule
