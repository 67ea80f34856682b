// Reading event rows.
#pragma once

#include <cdtd/model/event.hpp>
#include <cdtd/store/connection.hpp>

namespace cdtd::store {

/// Columns from `first` on: seq, id, type, timestamp, data, article.
inline model::Event read_event(const Statement& row, int first) {
    return {row.integer(first),  row.text(first + 1), row.text(first + 2),
            row.time(first + 3), row.text(first + 4), row.optional_integer(first + 5)};
}

} // namespace cdtd::store
