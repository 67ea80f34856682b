// Small things that both halves of the JSON need: not for other layers.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/time.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
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

} // namespace cdtd::model::detail
