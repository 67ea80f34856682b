// The part of time.hpp that reads dates in Chinese, Korean and Japanese words.
#include "base/civil.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace cdtd::base {
namespace {

using Words = std::span<const std::string_view>;

constexpr auto year_marks = std::to_array<std::string_view>({"年", "년", "-", "/", "."});
constexpr auto month_marks = std::to_array<std::string_view>({"月", "월", "-", "/", "."});
constexpr auto day_marks = std::to_array<std::string_view>({"日", "号", "號", "일"});
constexpr auto hour_marks = std::to_array<std::string_view>({"时", "時", "点", "點", "시", ":"});
constexpr auto minute_marks = std::to_array<std::string_view>({"分", "분", ":"});
constexpr auto second_marks = std::to_array<std::string_view>({"秒", "초"});
constexpr auto morning =
    std::to_array<std::string_view>({"上午", "凌晨", "早上", "早晨", "清晨", "午前", "오전", "am", "a.m."});
constexpr auto evening =
    std::to_array<std::string_view>({"下午", "晚上", "傍晚", "夜间", "午后", "午後", "오후", "pm", "p.m."});
constexpr auto weekdays = std::to_array<std::string_view>({"星期", "礼拜", "禮拜", "周", "週"});
constexpr auto weekday_names =
    std::to_array<std::string_view>({"一", "二", "三", "四", "五", "六", "日", "天"});
constexpr auto numerals =
    std::to_array<std::string_view>({"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"});

class Reader {
  public:
    explicit Reader(std::string_view text) : in_(text) {}

    std::optional<Time> read() {
        words({{"公元", "西元", "北京时间", "北京時間"}});
        if (!date() || (!in_.done() && !clock()))
            return std::nullopt;
        civil_.offset = std::chrono::hours(korean_ || japanese_ ? 9 : 8);
        if (!zone() || !foreign_ || !in_.done())
            return std::nullopt;
        return to_time(civil_);
    }

  private:
    /// One of them, and the space behind; remembers whose language it was.
    bool word(Words list) {
        for (const auto candidate : list) {
            if (!in_.skip(candidate))
                continue;
            foreign_ = foreign_ || static_cast<unsigned char>(candidate[0]) >= 0x80;
            korean_ = korean_ || static_cast<unsigned char>(candidate[0]) >= 0xEA; // Hangul
            japanese_ = japanese_ || candidate == "午前" || candidate == "午後";
            in_.skip_spaces();
            return true;
        }
        return false;
    }
    bool words(std::array<std::string_view, 4> list) { return word(list); }

    /// In digits, or in Chinese numerals: 二〇二四, 十, 二十八.
    std::optional<int> number(int most) {
        if (is_digit(in_.peek()))
            return in_.number(1, most);
        int value = 0, count = 0;
        bool ten = false;
        for (; count <= 4; ++count) {
            if (!ten && in_.skip("十")) {
                ten = true;
                value = count == 0 ? 10 : value * 10;
                continue;
            }
            const auto digit = numeral();
            if (!digit)
                break;
            value = ten ? value + *digit : value * 10 + *digit;
        }
        return count == 0 || count > 4 ? std::nullopt : std::optional(value);
    }

    std::optional<int> numeral() {
        if (in_.skip("零"))
            return 0;
        for (std::size_t i = 0; i < numerals.size(); ++i)
            if (in_.skip(numerals[i]))
                return static_cast<int>(i);
        return std::nullopt;
    }

    bool date() {
        const auto year = number(4);
        if (!year || *year < 1000 || !word(year_marks))
            return false;
        const auto month = number(2);
        if (!month || !word(month_marks))
            return false;
        const auto day = number(2);
        if (!day)
            return false;
        civil_.year = *year;
        civil_.month = *month;
        civil_.day = *day;
        word(day_marks);
        in_.skip_spaces();
        weekday();
        return true;
    }

    void weekday() {
        if (word(weekdays))
            word(weekday_names);
        bracket();
    }

    /// (星期二), (北京时间)
    void bracket() {
        if (!in_.skip('('))
            return;
        words({{"北京时间", "北京時間", "中国时间", "台北时间"}});
        while (!in_.done() && !in_.skip(')'))
            in_.next();
        in_.skip_spaces();
    }

    bool clock() {
        bool after = word(evening);
        bool before = !after && word(morning);
        const bool noon = !after && !before && in_.skip("中午");
        in_.skip_spaces();
        const auto hour = number(2);
        if (!hour)
            return false;
        const bool colon = in_.peek() == ':';
        if (!word(hour_marks))
            return false;
        if (!minutes(colon))
            return false;
        in_.skip_spaces();
        after = after || word(evening);
        before = before || (!after && word(morning));
        foreign_ = foreign_ || noon;
        civil_.hour = *hour;
        if ((after && *hour < 12) || (noon && *hour < 11))
            civil_.hour += 12;
        if (before && *hour == 12)
            civil_.hour = 0;
        return true;
    }

    /// 09, 09:15, 09分, 09分15秒, 半, nothing behind 点
    bool minutes(bool colon) {
        if (!colon && in_.skip("半")) {
            civil_.minute = 30;
            return true;
        }
        in_.skip("整");
        const auto minute = number(2);
        if (!minute)
            return !colon;
        civil_.minute = *minute;
        if (!word(minute_marks))
            return true;
        civil_.second = number(2).value_or(0);
        if (in_.peek() == '.' && is_digit(in_.peek(1))) {
            in_.next();
            civil_.micros = in_.micros();
        }
        word(second_marks);
        return true;
    }

    /// +0800, utc+8, 北京时间: the clock of the language where there is none.
    bool zone() {
        bracket();
        words({{"北京时间", "北京時間", "中国时间", "时间"}});
        if (in_.skip("gmt") || in_.skip("utc") || in_.skip('z'))
            civil_.offset = {};
        if (in_.peek() == '+' || in_.peek() == '-') {
            const auto zone = read_offset(in_);
            civil_.offset = zone.offset;
            return !zone.error || *zone.error != ZoneError::malformed;
        }
        return true;
    }

    Cursor in_;
    Civil civil_;
    bool foreign_ = false, korean_ = false, japanese_ = false;
};

} // namespace

std::optional<Time> read_cjk(std::string_view text) {
    const auto beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    if (std::ranges::none_of(text, beyond_ascii))
        return std::nullopt;
    const std::string folded = fold(text); // digits and colons of full width too
    return Reader(folded).read();
}

} // namespace cdtd::base
