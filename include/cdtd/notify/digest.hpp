// One message in place of many. Pure; any thread.
#pragma once

#include <cdtd/model/event.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cdtd::notify {

/// So many events stand in a digest by name; the rest is counted.
inline constexpr int most_in_digest = 20;

/// `data` of a digest event, {"events": [{id, type, title, url}], "more": N}, under 20 KB: the first of
/// `total` events that it stands for.
boost::json::object digest_data(const std::vector<model::Event>& events, std::int64_t total);

} // namespace cdtd::notify
