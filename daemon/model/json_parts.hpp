// Small things that both halves of the JSON need: not for other layers.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/time.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::model::detail {

inline boost::json::value json_of(base::Time time) {
    return boost::json::value(boost::json::string(base::format_rfc3339(time)));
}
inline boost::json::value json_of(const std::string& text) {
    return boost::json::value(boost::json::string(text));
}
inline boost::json::value json_of(std::int64_t number) {
    return boost::json::value(number);
}
inline boost::json::value json_of(int number) {
    return boost::json::value(number);
}

/// What is not known is null, never left out: readers can rely on every key.
template <class T>
boost::json::value json_of(const std::optional<T>& value) {
    return value ? json_of(*value) : boost::json::value(nullptr);
}

inline boost::json::array json_list(const std::vector<std::string>& items) {
    boost::json::array list;
    list.reserve(items.size());
    for (const auto& item : items)
        list.emplace_back(boost::json::string(item));
    return list;
}

/// A list of anything that to_json knows.
template <class T>
boost::json::array list_of(const std::vector<T>& items) {
    boost::json::array list;
    list.reserve(items.size());
    for (const auto& item : items)
        list.emplace_back(to_json(item));
    return list;
}

/// An enumeration's names in the order of its values.
template <class State, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, State state) {
    return names.at(static_cast<std::size_t>(state));
}

template <class State, std::size_t N>
State state_of(const std::array<std::string_view, N>& names, std::string_view text, const char* what) {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == text)
            return static_cast<State>(i);
    throw std::invalid_argument(fmt::format("'{}' is no {}", text, what));
}

} // namespace cdtd::model::detail
