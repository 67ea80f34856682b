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
    std::optional<base::Time> published;
};

/// Whether the end of the document that lies towards older entries is known: what comes behind it then is
/// too. That end is the last entry, or the first where the dates run upwards. A known entry elsewhere proves
/// nothing: posts that stick to the top are in every document.
bool reaches_known(const std::vector<Sighting>& entries);

/// Entries were missed between what is known of the feed and this document.
bool misses_entries(const std::vector<Sighting>& entries);

/// At least `share` of the entries are unknown although older than the newest known one: a publisher whose
/// ids changed. Never for fewer than three such entries; share 0 = never.
bool is_mass_change(const std::vector<Sighting>& entries, std::optional<base::Time> newest_known,
                    double share);

} // namespace cdtd::change
