// Where a feed's older pages lie. Pure; any thread.
#pragma once

#include <string>

namespace cdtd::feed {

/// The feed's URL with `paged=N` in its query, as WordPress counts the pages of a feed: 1 is the feed itself.
/// What else the query holds stays; a fragment goes.
std::string paged_url(const std::string& feed_url, int page);

} // namespace cdtd::feed
