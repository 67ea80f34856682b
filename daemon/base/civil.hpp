// A date and a time of day as they are written, before they are a point in time. Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cdtd::base {

struct Civil {
    int year = 0;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::int64_t micros = 0;
    std::chrono::minutes offset{0}; ///< what the writer's clock is ahead of UTC
};

/// nullopt: no such day or hour. 24:00 is the next day's 00:00, second 60 the next minute's first.
std::optional<Time> to_time(const Civil& civil);
bool is_date(int year, int month, int day);

bool is_digit(char c);
bool is_letter(char c);

/// A place in a text that is read from left to right.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : text_(text) {}

    bool done() const { return at_ >= text_.size(); }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    void next() { ++at_; }
    bool skip(char c);
    bool skip(std::string_view word);
    void skip_spaces();
    /// At least `least` and at most `most` (9 or fewer) digits; nothing is taken where there are other than
    /// so many.
    std::optional<int> number(int least, int most);
    /// After the point or comma: any number of digits, of which six count.
    std::int64_t micros();
    int digits_ahead() const;

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// hh, hhmm or hh:mm after a sign; out of range (over 24 h, 59 min) is `nowhere`.
enum class ZoneError { malformed, out_of_range };
struct ZoneOffset {
    std::chrono::minutes offset{0};
    std::optional<ZoneError> error;
};
ZoneOffset read_offset(Cursor& in);

/// W3CDTF / RFC 3339 from a year to fractions of a second. `lenient`: an offset out of range is UTC, and "Z"
/// may follow an offset.
std::optional<Time> read_w3c(std::string_view text, bool lenient);

/// 2024年5月28日 下午3点, 2024-05-28 下午 3:09, 二〇二四年五月二十八日, 2004년 05월 28일 01:31:15: on China's
/// clock, on Korea's and Japan's where the words are theirs, unless a zone follows. Only with one such word
/// at least.
std::optional<Time> read_cjk(std::string_view text);

} // namespace cdtd::base
