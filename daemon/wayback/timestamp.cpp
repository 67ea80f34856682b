#include <cdtd/wayback/timestamp.hpp>

#include <algorithm>
#include <string>

namespace cdtd::wayback {

bool is_timestamp(std::string_view text) {
    return !text.empty() && text.size() <= 14 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<base::Time> time_of(std::string_view timestamp) {
    if (!is_timestamp(timestamp) || timestamp.size() < 4)
        return std::nullopt;
    std::string digits(timestamp);
    digits.resize(14, '0');
    const auto number = [&digits](std::size_t at, std::size_t count) {
        int value = 0;
        for (std::size_t i = at; i < at + count; ++i)
            value = value * 10 + (digits[i] - '0');
        return value;
    };
    namespace chrono = std::chrono;
    const chrono::year_month_day day{chrono::year(number(0, 4)),
                                     chrono::month(static_cast<unsigned>(std::max(number(4, 2), 1))),
                                     chrono::day(static_cast<unsigned>(std::max(number(6, 2), 1)))};
    const int hours = number(8, 2), minutes = number(10, 2), seconds = number(12, 2);
    if (!day.ok() || number(0, 4) < 1990 || hours > 23 || minutes > 59 || seconds > 60)
        return std::nullopt;
    return chrono::sys_days(day) + chrono::hours(hours) + chrono::minutes(minutes) + chrono::seconds(seconds);
}

} // namespace cdtd::wayback
