// A read document held against what is known: which entries are known, and since when. Before anything of it
// is stored.
#pragma once

#include <cdtd/change/document.hpp>
#include <cdtd/pipeline/take_in.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

struct Survey {
    std::vector<change::Sighting> entries;  ///< in document order
    std::optional<base::Time> newest_known; ///< publication of this feed's newest article from before
};

/// Marks the readings that are unchanged.
/// `before`: what was first seen in this feed from then on does not count as known.
Survey survey(store::Connection& db, std::int64_t feed, std::vector<Reading>& readings, base::Time before);

/// Of the entries' keys, in order: the same for the same entries, whatever they say.
std::string digest_of(const std::vector<Reading>& readings);

} // namespace cdtd::pipeline
