// Storing an article that was not known: what feeds and files have in common. Private.
#pragma once

#include <cdtd/pipeline/take_in.hpp>

namespace cdtd::pipeline {

/// In TakeIn::state.id: the article stands in no feed.
inline constexpr std::int64_t no_feed = 0;

/// With its keys, its content and what is to be fetched of it, told unless `silent`. Returns its id.
std::int64_t store_new(store::Connection& db, const TakeIn& how, const Reading& reading, bool silent,
                       Taken& taken);

} // namespace cdtd::pipeline
