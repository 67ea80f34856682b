// The availability API: a second opinion. It is known for false empties and for listing error pages. Pure.
// Rules: https://archive.org/help/wayback_api.php
#pragma once

#include <cdtd/wayback/cdx.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::wayback {

/// Asked without the scheme: with https:// in front it says {} to what it has.
std::string availability_request(std::string_view availability_url, std::string_view url,
                                 std::string_view timestamp);
/// nullopt: it knows of none. A snapshot may be one of an error page: see its status.
Heard<std::optional<Snapshot>> read_availability(const Reply& reply);

} // namespace cdtd::wayback
