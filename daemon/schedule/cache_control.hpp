// Cache-Control as far as a poller needs it (RFC 9111 5.2.2). Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>
#include <string_view>

namespace cdtd::schedule {

struct CacheControl {
    std::optional<base::Duration> max_age; ///< present, though 0, where the directive can't be read
    bool always_ask = false;               ///< no-cache or no-store: nothing keeps us from asking
};

CacheControl read_cache_control(std::string_view value);
/// delta-seconds (RFC 9111 1.2.2), bounded to 7 days however many digits there are; nullopt: no digits only.
std::optional<base::Duration> read_delta_seconds(std::string_view text);

} // namespace cdtd::schedule
