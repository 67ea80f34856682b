// The part of time.hpp that reads and writes durations and sizes.
#include "base/civil.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace cdtd::base {
namespace {

using namespace std::chrono;

struct Unit {
    std::string_view name;
    std::int64_t micros;
};

constexpr Unit units[] = {
    {"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}};
constexpr std::int64_t longest = 36'500 * units[0].micros; // a hundred years: longer is a slip of the finger

struct Sized {
    std::string_view name;
    std::uint64_t bytes;
};

constexpr Sized sizes[] = {{"", 1},
                           {"b", 1},
                           {"kb", 1'000},
                           {"mb", 1'000'000},
                           {"gb", 1'000'000'000},
                           {"tb", 1'000'000'000'000},
                           {"kib", std::uint64_t{1} << 10U},
                           {"mib", std::uint64_t{1} << 20U},
                           {"gib", std::uint64_t{1} << 30U},
                           {"tib", std::uint64_t{1} << 40U}};

// What goes into a message: short, and nothing in it that steers a terminal.
std::string quoted(std::string_view text) {
    return "\"" + terminal_safe(fit(text, 40)) + "\"";
}

template <class T>
std::optional<T> take_number(std::string_view& text) {
    T value = 0;
    const char* const begin = text.data();
    const auto [end, error] = std::from_chars(begin, begin + text.size(), value);
    if (error != std::errc() || !is_digit(text.front()))
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - begin));
    return value;
}

std::string_view take_letters(std::string_view& text) {
    const auto end = std::ranges::find_if_not(text, is_letter) - text.begin();
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end));
    text.remove_prefix(word.size());
    return word;
}

} // namespace

Result<Duration> parse_duration(std::string_view text) {
    const std::string_view whole = text = trim(text);
    const auto wrong = [&](std::string_view why) {
        return fail(Errc::usage, fmt::format("{} is not a duration: {}.", quoted(whole), why));
    };
    if (text.empty())
        return wrong("write a number and a unit, such as \"90s\", \"15m\", \"12h\" or \"7d\"");
    std::int64_t total = 0;
    const Unit* smallest = nullptr;
    while (!text.empty()) {
        const auto count = take_number<std::int64_t>(text);
        if (!count)
            return wrong("write a whole number and a unit, such as \"90s\", \"15m\", \"12h\" or \"7d\"");
        const std::string_view name = take_letters(text);
        if (name.empty())
            return wrong("it has no unit; write ms, s, m, h or d behind the number");
        const Unit* unit = std::ranges::find(units, name, &Unit::name);
        if (unit == std::end(units))
            return wrong(fmt::format("{} is no unit; write ms, s, m, h or d", quoted(name)));
        if (smallest != nullptr && unit <= smallest)
            return wrong("larger units come first, each once");
        if (*count > (longest - total) / unit->micros)
            return wrong("it is over a hundred years");
        total += *count * unit->micros;
        smallest = unit;
    }
    return Duration(total);
}

std::string format_duration(Duration d) {
    const std::int64_t millis = d.count() / 1000;
    if (millis == 0)
        return "0s";
    for (const Unit& unit : units)
        if (millis % (unit.micros / 1000) == 0)
            return fmt::format("{}{}", millis / (unit.micros / 1000), unit.name);
    return fmt::format("{}ms", millis);
}

Result<std::uint64_t> parse_size(std::string_view text) {
    const std::string_view whole = text = trim(text);
    const auto wrong = [&](std::string_view why) {
        return fail(Errc::usage, fmt::format("{} is not a size: {}.", quoted(whole), why));
    };
    const auto count = text.empty() ? std::nullopt : take_number<std::uint64_t>(text);
    if (!count)
        return wrong("write a whole number and a unit, such as \"16MiB\", \"1GB\" or \"512KiB\"");
    const std::string name = ascii_lower(trim(text));
    const Sized* size = std::ranges::find(sizes, name, &Sized::name);
    if (size == std::end(sizes))
        return wrong(
            fmt::format("{} is no unit; write B, kB, MB, GB, TB, KiB, MiB, GiB or TiB", quoted(name)));
    // Databases and file systems count in signed 64 bits.
    if (*count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / size->bytes)
        return wrong("it is larger than any file can be");
    return *count * size->bytes;
}

} // namespace cdtd::base
