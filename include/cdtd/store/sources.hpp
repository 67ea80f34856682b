// Lists of sources, and their lives. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/change/survival.hpp>
#include <cdtd/model/source.hpp>
#include <cdtd/store/connection.hpp>
#include <cdtd/store/lookup.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

struct SourceFilter {
    std::vector<std::string> states, wayback, platforms; ///< any of each; empty = all
    std::string cursor;                                  ///< as given by the page before; "" = from the start
    int limit = 50;
};
struct CitedAs {
    model::Source source;           ///< name and link of the newest citation; with looks
    std::vector<Citation> cited_by; ///< newest first, 10 at most
};
struct SourcePage {
    std::vector<CitedAs> items;      ///< newest first
    std::optional<std::string> next; ///< cursor
};
/// Throws std::invalid_argument for a cursor that is not ours.
SourcePage list_sources(Connection& db, const SourceFilter& filter);

/// Of every source whose original is known.
std::vector<change::Life> lives_of(Connection& db);

} // namespace cdtd::store
