// The part of time.hpp that knows every form in which a feed may write a date.
#include "base/civil.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <algorithm>

namespace cdtd::base {
namespace {

// Seconds since 1970 in nine to eleven digits, milliseconds in thirteen.
std::optional<Time> read_epoch(std::string_view text) {
    if (!std::ranges::all_of(text, is_digit) || text.size() < 9 || text.size() > 13 || text.size() == 12)
        return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text)
        value = value * 10 + (c - '0');
    return Time(std::chrono::microseconds(text.size() == 13 ? value * 1000 : value * 1'000'000));
}

// 20250122: ISO 8601's basic form. Shorter ones may be anything.
std::optional<Time> read_basic(std::string_view text) {
    if (text.size() != 8 || !std::ranges::all_of(text, is_digit) ||
        (!text.starts_with("19") && !text.starts_with("20")))
        return std::nullopt;
    Cursor year(text.substr(0, 4)), month(text.substr(4, 2)), day(text.substr(6));
    Civil civil;
    civil.year = year.number(4, 4).value_or(0);
    civil.month = month.number(2, 2).value_or(0);
    civil.day = day.number(2, 2).value_or(0);
    return to_time(civil);
}

constexpr std::size_t longest_date = 200; // no date is longer; what is, is not worth reading

} // namespace

std::optional<Time> parse_feed_date(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.size() > longest_date)
        return std::nullopt;
    if (const auto time = read_w3c(text, true))
        return time;
    if (const auto time = read_cjk(text))
        return time;
    if (const auto time = read_epoch(text))
        return time;
    if (const auto time = read_basic(text))
        return time;
    return parse_rfc822(text);
}

} // namespace cdtd::base
