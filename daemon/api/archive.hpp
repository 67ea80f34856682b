// What the routes that read the archive share. Private.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cdtd::api {

/// An id as we write it: digits, no sign, no leading zero. Anything else is no id of ours.
std::optional<std::int64_t> read_id(const std::string& text);

} // namespace cdtd::api
