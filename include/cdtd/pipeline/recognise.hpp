// Which article an entry is, by its keys. Runs inside a transaction of the caller.
#pragma once

#include <cdtd/change/compare.hpp>
#include <cdtd/pipeline/take_in.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>

namespace cdtd::pipeline {

/// What we see of an article in this reading; without content where that was not read.
change::Seen seen_of(const Reading& reading);

/// Whether a feed that gives so many characters gives a summary of a page that has so many. A whole feed's
/// content differs from its page's by markup only.
constexpr bool is_summary_of(std::int64_t feed, std::int64_t page) {
    constexpr std::int64_t some = 100;
    return page > 2 * feed + some;
}

/// By the strongest key that leads to an article which this can be: publishers give numbers away again, and
/// some count the entries of a document as they stand.
std::optional<std::int64_t> find_by_keys(store::Connection& db, const Reading& reading);

} // namespace cdtd::pipeline
