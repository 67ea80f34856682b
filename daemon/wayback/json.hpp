// Reading JSON that a server sent: bounded, and never more than a value or nothing.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::wayback::detail {

/// nullopt: not one whole JSON text, or nested deeper than anything these servers send.
std::optional<boost::json::value> read_json(std::string_view text);
const boost::json::value* member(const boost::json::value& value, std::string_view name);
/// Of a string; numbers are written out. "" for anything else.
std::string text_of(const boost::json::value* value);

} // namespace cdtd::wayback::detail
