// Standard Webhooks 1.0.0, symmetric: HMAC-SHA256 over "{id}.{timestamp}.{body}". Pure; any thread.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/base/secret.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cdtd::notify {

/// The key of "whsec_" + base64 of 24–64 bytes. Errc::usage says what is wrong, without the secret.
base::Result<base::Secret> key_of(const base::Secret& secret);
/// "v1,<base64>". `key` as key_of gives it.
std::string sign(const base::Secret& key, std::string_view id, std::int64_t timestamp, std::string_view body);

} // namespace cdtd::notify
