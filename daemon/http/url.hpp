// What the client asks about addresses beyond base/url.hpp. Pure.
#pragma once

#include <cdtd/net/address_policy.hpp>

#include <string>

namespace cdtd::http {

/// An absolute URL without "user:password@".
std::string without_userinfo(const std::string& url);

/// The URL names by itself, without DNS, an address that the policy refuses: 10.0.0.1, [::1], 0x7f.1,
/// localhost. For requests through a proxy, where no socket of ours would show it.
bool names_refused_address(const std::string& url, const net::AddressPolicy& policy);

} // namespace cdtd::http
