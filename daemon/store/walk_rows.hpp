// The walks of feeds, read beside their rows.
#pragma once

#include <cdtd/model/feed.hpp>
#include <cdtd/store/connection.hpp>

#include <vector>

namespace cdtd::store {

void add_walks(Connection& db, std::vector<model::FeedState>& feeds);

} // namespace cdtd::store
