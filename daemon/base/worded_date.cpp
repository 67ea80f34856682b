// The part of time.hpp that reads RFC 822 dates and those of HTTP: words and numbers in nearly any order.
#include "base/civil.hpp"
#include "base/zone.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace cdtd::base {
namespace {

// By their first letters, without accents, as English, German, French, Hungarian and Greek feeds write them.
// The longer of two that begin alike stand first.
constexpr std::pair<std::string_view, int> month_names[] = {
    {"jan", 1},  {"feb", 2},  {"fev", 2},  {"mar", 3},  {"apr", 4},  {"avr", 4},  {"may", 5},
    {"mai", 5},  {"jun", 6},  {"juin", 6}, {"jul", 7},  {"juil", 7}, {"aug", 8},  {"aou", 8},
    {"sep", 9},  {"oct", 10}, {"okt", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}, {"maj", 5},
    {"szep", 9}, {"ιαν", 1},  {"φεβ", 2},  {"μαρ", 3},  {"απρ", 4},  {"μαι", 5},  {"ιουν", 6},
    {"ιουλ", 7}, {"αυγ", 8},  {"σεπ", 9},  {"οκτ", 10}, {"νοε", 11}, {"δεκ", 12}};

std::optional<int> month_of(std::string_view word) {
    for (const auto& [name, month] : month_names)
        if (word.starts_with(name))
            return month;
    return std::nullopt;
}

// RFC 2822 4.3: how years of two and three digits are meant.
int whole_year(int year, int digits) {
    if (digits >= 4)
        return year;
    return digits == 3 || year >= 50 ? year + 1900 : year + 2000;
}

class Reader {
  public:
    explicit Reader(std::string_view text) : in_(text) {}

    std::optional<Time> read() {
        while (!in_.done())
            if (!step())
                return std::nullopt;
        if (!complete())
            return std::nullopt;
        return zone_ ? zone_->at(civil_) : to_time(civil_);
    }
    bool has_clock() const { return clock_; }

  private:
    bool step() {
        const char c = in_.peek();
        if (is_digit(c))
            return digits();
        if (is_letter(c))
            return word();
        if (c == '(')
            return comment();
        const bool sign = c == '+' || (c == '-' && clock_);
        if (sign && (is_digit(in_.peek(1)) || is_letter(in_.peek(1))))
            return offset();
        in_.next();
        return c == ' ' || (c >= '\t' && c <= '\r') || c == ',' || c == '-' || c == '.';
    }

    bool comment() {
        while (!in_.done() && in_.peek() != ')')
            in_.next();
        in_.next();
        return true;
    }

    bool digits() {
        const int count = in_.digits_ahead();
        const auto value = in_.number(1, 4);
        if (!value)
            return false;
        const char mark = in_.peek();
        if (mark == ':')
            return count <= 2 && clock(*value);
        if ((mark == '/' || mark == '-' || mark == '.') && is_digit(in_.peek(1)) && !month_ && !clock_)
            return numeric_date(*value, count, mark);
        if (numbers_ >= written_.size())
            return false;
        written_[numbers_++] = {*value, count};
        return true;
    }

    bool clock(int hour) {
        in_.next();
        const auto minute = in_.number(1, 2);
        if (clock_ || !minute)
            return false;
        civil_.hour = hour;
        civil_.minute = *minute;
        clock_ = true;
        if (in_.skip(':')) {
            const auto second = in_.number(1, 2);
            if (!second || in_.peek() == ':')
                return false;
            civil_.second = *second;
            if (in_.peek() == '.' && is_digit(in_.peek(1))) {
                in_.next();
                civil_.micros = in_.micros();
            }
        }
        return true;
    }

    // 2006/09/15, 03/30/2020, 26/06/2020, 30.10.23: the American order unless it can't be that one.
    bool numeric_date(int first, int first_digits, char mark) {
        in_.next();
        const auto second = in_.number(1, 2);
        if (!second || !in_.skip(mark) || date_)
            return false;
        const int digits = in_.digits_ahead();
        const auto third = in_.number(1, 4);
        if (!third)
            return false;
        date_ = true;
        if (first_digits == 4) {
            set_date(first, *second, *third);
        } else if (mark == '-' && first_digits == 2 && digits == 2 &&
                   is_date(whole_year(first, 2), *second, *third)) {
            set_date(whole_year(first, 2), *second, *third); // 03-12-31: with dashes, as ISO 8601 had it
        } else {
            const int year = whole_year(*third, digits);
            const bool month_first = mark == '/' && first <= 12;
            set_date(year, month_first ? first : *second, month_first ? *second : first);
        }
        return true;
    }

    void set_date(int year, int month, int day) {
        civil_.year = year;
        civil_.month = month;
        civil_.day = day;
    }

    bool word() {
        std::string raw;
        while (is_letter(in_.peek()) || (zone_name_goes_on() && !raw.empty())) {
            raw += in_.peek();
            in_.next();
            if (raw.size() > 64)
                return false;
        }
        const std::string text = fold(raw);
        if (clock_ && half_of_day(text))
            return true;
        if (!clock_ || !(month_ || date_)) {
            if (const auto month = month_of(text)) {
                month_ = month; // a later one wins: "mar." may be the French Tuesday before it
                return true;
            }
        }
        return clock_ || numbers_ > 1 || date_ ? zone(raw) : harmless(text);
    }

    bool zone_name_goes_on() const {
        const char c = in_.peek();
        return (c == '/' || c == '_') && is_letter(in_.peek(1));
    }

    // A weekday before the date, an ordinal's ending behind a day; in the date itself nothing else is a word.
    bool harmless(std::string_view text) const {
        if (numbers_ == 1)
            return text == "st" || text == "nd" || text == "rd" || text == "th" || text == "of" ||
                   text == "de";
        return !month_ || text == "at";
    }

    bool half_of_day(std::string_view text) {
        if (text == "m" && half_) // the second letter of "a.m."
            return true;
        if (text != "am" && text != "pm" && text != "a" && text != "p")
            return false;
        if (text.size() == 1 && in_.peek() != '.')
            return false;
        if (half_ || civil_.hour < 1 || civil_.hour > 12)
            return text.size() == 2 && !half_; // "19:30 pm" is only said twice
        half_ = true;
        civil_.hour = civil_.hour % 12 + (text.front() == 'p' ? 12 : 0);
        return true;
    }

    bool zone(std::string_view name) {
        const std::string lower = ascii_lower(name);
        if (lower == "at" && !clock_)
            return true;
        if (lower == "st" || lower == "nd" || lower == "rd" || lower == "th")
            return true;
        if (offset_) // the name of the same once more: "+0100 CET"
            return std::ranges::all_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
        zone_ = Zone::named(name);
        return true;
    }

    bool offset() {
        const ZoneOffset read = read_offset(in_);
        if (read.error == ZoneError::malformed)
            return false;
        zone_.reset();
        offset_ = true;
        civil_.offset = read.offset;
        return true;
    }

    bool complete() {
        if (date_)
            return numbers_ == 0;
        std::size_t next = 0;
        const bool year_first = numbers_ > 1 && written_[0].digits >= 3;
        if (year_first)
            std::swap(written_[0], written_[numbers_ - 1]);
        if (!month_ && numbers_ == 3) { // 11 04 2020
            civil_.day = written_[next++].value;
            month_ = written_[next++].value;
        } else if (month_ && numbers_ == 2) {
            civil_.day = written_[next++].value;
        } else if (!month_ || numbers_ != 1 || written_[0].digits != 4) { // else "Nov. 2020"
            return false;
        }
        civil_.month = *month_;
        civil_.year = whole_year(written_[next].value, written_[next].digits);
        return true;
    }

    struct Number {
        int value;
        int digits;
    };

    Cursor in_;
    Civil civil_;
    std::array<Number, 3> written_{};
    std::size_t numbers_ = 0;
    std::optional<int> month_;
    std::optional<Zone> zone_;
    bool date_ = false, clock_ = false, half_ = false, offset_ = false;
};

constexpr std::size_t longest_date = 200; // no date is longer; what is, is not worth reading

} // namespace

std::optional<Time> parse_rfc822(std::string_view text) {
    text = trim(text);
    return text.size() > longest_date ? std::nullopt : Reader(text).read();
}

std::optional<Time> parse_http_date(std::string_view text) {
    text = trim(text);
    if (text.size() > longest_date)
        return std::nullopt;
    Reader reader(text);
    const auto time = reader.read();
    return reader.has_clock() ? time : std::nullopt;
}

} // namespace cdtd::base
