// Reading the API's JSON for printing: what is missing or null is empty, never a fault.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cdtd::app {

/// Strings as they are, numbers and booleans written out, null and missing "".
std::string text_of(const boost::json::object& object, std::string_view key);
std::int64_t number_of(const boost::json::object& object, std::string_view key);
bool is_true(const boost::json::object& object, std::string_view key);
const boost::json::object& object_of(const boost::json::object& object, std::string_view key);
const boost::json::array& array_of(const boost::json::object& object, std::string_view key);
/// The strings of a list, joined.
std::string joined(const boost::json::object& object, std::string_view key, std::string_view between);

/// "2025-01-22 11:52Z" of an RFC 3339 time; "" stays "".
std::string short_time(std::string_view rfc3339);

} // namespace cdtd::app
