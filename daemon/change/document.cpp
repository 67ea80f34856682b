#include <cdtd/change/document.hpp>

#include <algorithm>

namespace cdtd::change {
namespace {

constexpr std::size_t fewest_of_a_mass = 3;

/// Most feeds put the newest first; some the oldest.
bool runs_upwards(const std::vector<Sighting>& entries) {
    std::size_t up = 0, down = 0;
    for (std::size_t i = 1; i < entries.size(); ++i) {
        if (!entries[i].published || !entries[i - 1].published)
            continue;
        up += *entries[i].published > *entries[i - 1].published;
        down += *entries[i].published < *entries[i - 1].published;
    }
    return up > down;
}

} // namespace

const Sighting& oldest_end(const std::vector<Sighting>& entries) {
    return runs_upwards(entries) ? entries.front() : entries.back();
}

bool connects(const std::vector<Sighting>& entries, std::optional<base::Time> newest_known) {
    if (entries.empty())
        return false;
    const Sighting& oldest = oldest_end(entries);
    if (oldest.known)
        return true;
    if (!newest_known)
        return false;
    const bool any = std::ranges::any_of(entries, &Sighting::known);
    if (any && oldest.published && *oldest.published <= *newest_known)
        return true;
    return std::ranges::all_of(
        entries, [&](const Sighting& entry) { return entry.published && *entry.published < *newest_known; });
}

bool is_mass_change(const std::vector<Sighting>& entries, std::optional<base::Time> newest_known,
                    double share) {
    if (!newest_known || share <= 0)
        return false;
    const auto strange = [&](const Sighting& entry) {
        return !entry.held && entry.published && *entry.published < *newest_known;
    };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(entries, strange));
    return count >= fewest_of_a_mass &&
           static_cast<double>(count) >= share * static_cast<double>(entries.size());
}

} // namespace cdtd::change
