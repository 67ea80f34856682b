// Reading and writing times, durations and sizes. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cdtd::base {

/// RFC 3339 UTC with milliseconds: "2025-01-22T11:52:20.000Z".
std::string format_rfc3339(Time t);
/// WARC-Date: RFC 3339 UTC with microseconds: "2025-01-22T11:52:20.000000Z" (WARC/1.1, 5.4).
std::string format_warc_date(Time t);
/// HTTP-date, RFC 9110 5.6.7: "Wed, 22 Jan 2025 11:52:20 GMT".
std::string format_http_date(Time t);
/// 14 digits: "20250122115220".
std::string format_timestamp14(Time t);

/// RFC 3339 / W3CDTF from "2025" to fractions of a second; without a zone: UTC.
std::optional<Time> parse_rfc3339(std::string_view text);
/// RFC 822/1123 dates as feeds write them: 2- and 4-digit years, no weekday, no seconds, zone names, +hhmm,
/// +hh:mm.
std::optional<Time> parse_rfc822(std::string_view text);
/// The date forms of feeds, RFC 822 and RFC 3339 first, then the Chinese ones (2024年05月28日 01:31, UTC+8)
/// and "2006-01-02 15:04:05". nullopt: unreadable; the raw text is the caller's to keep.
std::optional<Time> parse_feed_date(std::string_view text);
/// HTTP-date (the three forms of RFC 9110), for Expires and Retry-After.
std::optional<Time> parse_http_date(std::string_view text);
/// What a user types: RFC 3339, a plain date, or "7d", "12h" = that long before `now`.
std::optional<Time> parse_user_time(std::string_view text, Time now);

/// "90s", "15m", "12h", "7d", "250ms"; a bare number is an error. Errc::usage says what is wrong.
Result<Duration> parse_duration(std::string_view text);
/// The shortest of the same forms: "90s", "15m", "1h30m" is written "90m".
std::string format_duration(Duration d);
/// "16MiB", "1GB", "512KiB", "100" (bytes). Errc::usage says what is wrong.
Result<std::uint64_t> parse_size(std::string_view text);

} // namespace cdtd::base
