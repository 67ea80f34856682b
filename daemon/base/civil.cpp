#include "base/civil.hpp"

#include <algorithm>

namespace cdtd::base {

using namespace std::chrono;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool is_date(int year, int month, int day) {
    return year >= 1 && year <= 9999 && month >= 1 && day >= 1 &&
           year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                          std::chrono::day(static_cast<unsigned>(day)))
               .ok();
}

std::optional<Time> to_time(const Civil& civil) {
    const bool midnight = civil.hour == 24 && civil.minute == 0 && civil.second == 0 && civil.micros == 0;
    if (!is_date(civil.year, civil.month, civil.day) || civil.hour < 0 || civil.minute < 0 ||
        civil.second < 0 || (civil.hour > 23 && !midnight) || civil.minute > 59 || civil.second > 60)
        return std::nullopt;
    const sys_days date = year_month_day(year(civil.year), month(static_cast<unsigned>(civil.month)),
                                         day(static_cast<unsigned>(civil.day)));
    return Time(date) + hours(civil.hour) + minutes(civil.minute) + seconds(civil.second) +
           microseconds(civil.micros) - civil.offset;
}

bool Cursor::skip(char c) {
    if (done() || text_[at_] != c)
        return false;
    ++at_;
    return true;
}

bool Cursor::skip(std::string_view word) {
    if (!text_.substr(at_).starts_with(word))
        return false;
    at_ += word.size();
    return true;
}

void Cursor::skip_spaces() {
    while (!done() && (peek() == ' ' || (peek() >= '\t' && peek() <= '\r')))
        ++at_;
}

int Cursor::digits_ahead() const {
    std::size_t end = at_;
    while (end < text_.size() && end - at_ < 20 && is_digit(text_[end]))
        ++end;
    return static_cast<int>(end - at_);
}

std::optional<int> Cursor::number(int least, int most) {
    const int digits = digits_ahead();
    if (digits < least || digits > most || digits > 9 || digits == 0)
        return std::nullopt;
    int value = 0;
    for (int i = 0; i < digits; ++i, ++at_)
        value = value * 10 + (text_[at_] - '0');
    return value;
}

std::int64_t Cursor::micros() {
    std::int64_t value = 0, unit = 100'000;
    for (; is_digit(peek()); ++at_, unit /= 10)
        value += (text_[at_] - '0') * unit;
    return value;
}

ZoneOffset read_offset(Cursor& in) {
    const bool west = in.peek() == '-';
    in.next();
    int hour = 0, minute = 0;
    if (in.digits_ahead() == 4 || in.digits_ahead() == 3) {
        const int both = in.number(3, 4).value_or(0);
        hour = both / 100;
        minute = both % 100;
    } else {
        const auto first = in.number(1, 2);
        if (!first)
            return {minutes(0), ZoneError::malformed};
        hour = *first;
        if (in.skip(':')) {
            const auto second = in.number(2, 2);
            if (!second)
                return {minutes(0), ZoneError::malformed};
            minute = *second;
        }
    }
    if (hour > 24 || minute > 59)
        return {minutes(0), ZoneError::out_of_range};
    const minutes offset(hour * 60 + minute);
    return {west ? -offset : offset, std::nullopt};
}

namespace {

bool read_clock(Cursor& in, Civil& civil) {
    const auto hour = in.number(1, 2);
    if (!hour || !in.skip(':'))
        return false;
    const auto minute = in.number(1, 2);
    if (!minute)
        return false;
    civil.hour = *hour;
    civil.minute = *minute;
    if (!in.skip(':'))
        return true;
    const auto second = in.number(1, 2);
    if (!second)
        return false;
    civil.second = *second;
    if ((in.peek() == '.' || in.peek() == ',') && is_digit(in.peek(1))) {
        in.next();
        civil.micros = in.micros();
    }
    return true;
}

bool read_zone(Cursor& in, Civil& civil, bool lenient) {
    if (in.skip('Z') || in.skip('z') || in.done())
        return true;
    if (in.peek() != '+' && in.peek() != '-')
        return false;
    const ZoneOffset zone = read_offset(in);
    if (zone.error && (*zone.error == ZoneError::malformed || !lenient))
        return false;
    civil.offset = zone.offset;
    if (lenient)
        in.skip('Z');
    return true;
}

} // namespace

std::optional<Time> read_w3c(std::string_view text, bool lenient) {
    Cursor in(text);
    Civil civil;
    const auto year = in.number(4, 4);
    if (!year)
        return std::nullopt;
    civil.year = *year;
    int* const parts[] = {&civil.month, &civil.day};
    bool whole = true;
    for (int* part : parts) {
        if (in.done()) {
            whole = false;
            break;
        }
        const bool parted = in.skip('-');
        const auto value = parted ? in.number(1, 2) : std::nullopt;
        if (!value)
            return std::nullopt;
        *part = *value;
    }
    if (in.done())
        return to_time(civil);
    if (!whole || !(in.skip('T') || in.skip('t') || in.skip(' ')))
        return std::nullopt;
    in.skip_spaces();
    if (!read_clock(in, civil))
        return std::nullopt;
    in.skip_spaces();
    return read_zone(in, civil, lenient) && in.done() ? to_time(civil) : std::nullopt;
}

} // namespace cdtd::base
