// What a document says as a whole, beside its entries: that entries were missed, or that a publisher's ids
// changed. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>
#include <vector>

namespace cdtd::change {

/// An entry as it was recognised.
struct Sighting {
    bool known = false; ///< an article of this feed, stored before this document (or this walk) began
    bool held = false;  ///< an article that we hold, whatever its feed and since when
    std::optional<base::Time> published;
};

/// Nothing was missed between this document and what was known before it: it reaches back to a known entry
/// (the end towards older entries is known; or some entry is, and that end is no newer than `newest_known`),
/// or behind all of them. A known entry alone proves nothing: posts that stick to the top are in every
/// document.
bool connects(const std::vector<Sighting>& entries, std::optional<base::Time> newest_known);

/// The entry at the end towards older ones: the last, or the first where the dates run upwards. Of one at
/// least.
const Sighting& oldest_end(const std::vector<Sighting>& entries);

/// At least `share` of the entries are not held although older than the newest known one: a publisher whose
/// ids changed. Never for fewer than three such entries; share 0 = never.
bool is_mass_change(const std::vector<Sighting>& entries, std::optional<base::Time> newest_known,
                    double share);

} // namespace cdtd::change
