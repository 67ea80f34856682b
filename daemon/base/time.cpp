#include "base/civil.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::base {
namespace {

using namespace std::chrono;

constexpr std::string_view weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
    year_month_day date;
    unsigned weekday;
    hh_mm_ss<Duration> clock;
};

// Every written form has four digits for the year; what lies outside is shown as the nearest that fits.
Parts parts_of(Time t) {
    constexpr sys_days first = year(0) / January / 1;
    constexpr sys_days past_last = year(10000) / January / 1;
    t = std::clamp(t, Time(first), Time(past_last) - microseconds(1));
    const sys_days date = floor<days>(t);
    return {date, std::chrono::weekday(date).c_encoding(), hh_mm_ss<Duration>(t - date)};
}

std::string with_fraction(Time t, int digits) {
    const Parts p = parts_of(t);
    const auto micros = p.clock.subseconds().count();
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:0{}}Z", static_cast<int>(p.date.year()),
                       static_cast<unsigned>(p.date.month()), static_cast<unsigned>(p.date.day()),
                       p.clock.hours().count(), p.clock.minutes().count(), p.clock.seconds().count(),
                       digits == 3 ? micros / 1000 : micros, digits);
}

} // namespace

std::string format_rfc3339(Time t) {
    return with_fraction(t, 3);
}

std::string format_warc_date(Time t) {
    return with_fraction(t, 6);
}

std::string format_http_date(Time t) {
    const Parts p = parts_of(t);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[p.weekday % 7],
                       static_cast<unsigned>(p.date.day()),
                       months[(static_cast<unsigned>(p.date.month()) - 1) % 12],
                       static_cast<int>(p.date.year()), p.clock.hours().count(), p.clock.minutes().count(),
                       p.clock.seconds().count());
}

std::string format_timestamp14(Time t) {
    const Parts p = parts_of(t);
    return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", static_cast<int>(p.date.year()),
                       static_cast<unsigned>(p.date.month()), static_cast<unsigned>(p.date.day()),
                       p.clock.hours().count(), p.clock.minutes().count(), p.clock.seconds().count());
}

std::optional<Time> parse_rfc3339(std::string_view text) {
    return read_w3c(trim(text), false);
}

std::optional<Time> parse_user_time(std::string_view text, Time now) {
    text = trim(text);
    if (const auto time = read_w3c(text, false))
        return time;
    const auto ago = parse_duration(text);
    if (!ago)
        return std::nullopt;
    return now - *ago;
}

} // namespace cdtd::base
