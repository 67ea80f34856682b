#include "api/range.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace cdtd::api {
namespace {

/// Digits only; what does not fit is larger than any file.
std::optional<std::int64_t> number_of(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? value : INT64_MAX;
}

} // namespace

Part part_of(std::string_view range, std::string_view if_range, std::int64_t size, std::string_view etag) {
    const Part all{200, 0, size}, none{416, 0, 0};
    constexpr std::string_view unit = "bytes=";
    range = base::trim(range);
    if (etag.empty() || (!if_range.empty() && if_range != etag) || range.size() < unit.size() ||
        !base::iequals(range.substr(0, unit.size()), unit))
        return all;
    range.remove_prefix(unit.size());
    const auto dash = range.find('-');
    if (dash == std::string_view::npos || range.contains(','))
        return all;
    const auto left = base::trim(range.substr(0, dash)), right = base::trim(range.substr(dash + 1));
    const auto first = number_of(left), last = number_of(right);
    if ((!left.empty() && !first) || (!right.empty() && !last) || (!first && !last) ||
        (first && last && *last < *first))
        return all;
    if (!first) // the last bytes
        return *last == 0 || size == 0 ? none
                                       : Part{206, size - std::min(*last, size), std::min(*last, size)};
    if (*first >= size)
        return none;
    return Part{206, *first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
}

} // namespace cdtd::api
