// The types of events that there are (interface, section 4). Pure; any thread.
#pragma once

#include <span>
#include <string_view>

namespace cdtd::notify {

std::span<const std::string_view> event_types();
/// "*", a type, or the beginning of some followed by ".*" ("source.*").
bool is_event_pattern(std::string_view pattern);

} // namespace cdtd::notify
