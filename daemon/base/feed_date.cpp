// The part of time.hpp that knows every form in which a feed may write a date.
#include "base/civil.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <algorithm>

namespace cdtd::base {
namespace {

// 2024年5月28日 or 2024年05月28日 星期二
bool read_chinese_date(Cursor& in, Civil& civil) {
    const auto part = [&in](int& into, int most, std::string_view mark) {
        const auto value = in.number(1, most);
        if (!value || !in.skip(mark))
            return false;
        into = *value;
        in.skip_spaces();
        return true;
    };
    if (!part(civil.year, 4, "年") || !part(civil.month, 2, "月") || !part(civil.day, 2, "日"))
        return false;
    if (in.skip("星期") || in.skip("周"))
        for (const std::string_view day : {"一", "二", "三", "四", "五", "六", "日", "天"})
            if (in.skip(day))
                break;
    in.skip_spaces();
    return true;
}

// 01:31, 01:31:15, 下午3:09, 15时09分, with the colon of either width
bool read_chinese_clock(Cursor& in, Civil& civil) {
    const bool after_noon = in.skip("下午") || in.skip("晚上");
    const bool before_noon = !after_noon && (in.skip("上午") || in.skip("凌晨"));
    in.skip_spaces();
    const auto hour = in.number(1, 2);
    const bool words = in.skip("时") || in.skip("点");
    if (!hour || (!words && !in.skip(':') && !in.skip("：")))
        return false;
    civil.hour = *hour;
    if (after_noon && *hour < 12)
        civil.hour += 12;
    if (before_noon && *hour == 12)
        civil.hour = 0;
    const auto minute = in.number(1, 2);
    if (!minute && !words)
        return false;
    civil.minute = minute.value_or(0);
    if (words ? in.skip("分") : in.skip(':') || in.skip("："))
        civil.second = in.number(1, 2).value_or(0);
    in.skip("秒");
    in.skip_spaces();
    return true;
}

// China's clock unless a zone follows.
std::optional<Time> read_chinese(std::string_view text) {
    Cursor in(text);
    Civil civil;
    civil.offset = std::chrono::hours(8);
    if (!read_chinese_date(in, civil))
        return std::nullopt;
    if (!in.done() && !read_chinese_clock(in, civil))
        return std::nullopt;
    if (in.peek() == '+' || in.peek() == '-')
        civil.offset = read_offset(in).offset;
    return in.done() ? to_time(civil) : std::nullopt;
}

// Seconds since 1970 in nine to eleven digits, milliseconds in thirteen.
std::optional<Time> read_epoch(std::string_view text) {
    if (!std::ranges::all_of(text, is_digit) || text.size() < 9 || text.size() > 13 || text.size() == 12)
        return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text)
        value = value * 10 + (c - '0');
    return Time(std::chrono::microseconds(text.size() == 13 ? value * 1000 : value * 1'000'000));
}

constexpr std::size_t longest_date = 200; // no date is longer; what is, is not worth reading

} // namespace

std::optional<Time> parse_feed_date(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.size() > longest_date)
        return std::nullopt;
    if (const auto time = read_w3c(text, true))
        return time;
    if (const auto time = read_chinese(text))
        return time;
    if (const auto time = read_epoch(text))
        return time;
    return parse_rfc822(text);
}

} // namespace cdtd::base
