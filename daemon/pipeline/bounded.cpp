#include "pipeline/bounded.hpp"

#include <cdtd/base/text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>

namespace cdtd::pipeline {

namespace json = boost::json;

namespace {

constexpr std::size_t most = 19'500; // bytes of `data`; type and timestamp stand around it

/// Gentle at first.
struct Limits {
    std::size_t text; ///< bytes
    std::size_t list;
};
constexpr std::array<Limits, 4> steps{{{2000, 50}, {600, 20}, {300, 8}, {100, 3}}};

bool is_address(std::string_view key) {
    return key == "url" || key == "link" || key == "guid" || key.ends_with("_url");
}

void shrink(json::value& value, const Limits& limits, std::string_view key) {
    if (value.is_string() && value.get_string().size() > limits.text) {
        if (is_address(key))
            value = nullptr;
        else
            value = json::string(base::cut_graphemes(std::string_view(value.get_string()), limits.text));
    } else if (value.is_array()) {
        auto& list = value.get_array();
        if (list.size() > limits.list)
            list.resize(limits.list);
        for (json::value& item : list)
            shrink(item, limits, key);
    } else if (value.is_object()) {
        for (auto& [name, part] : value.get_object())
            shrink(part, limits, name);
    }
}

} // namespace

std::string bounded(json::object data) {
    std::string text = json::serialize(data);
    for (const Limits& limits : steps) {
        if (text.size() <= most)
            break;
        json::value value(std::move(data));
        shrink(value, limits, "");
        data = std::move(value.get_object());
        text = json::serialize(data);
    }
    return text;
}

} // namespace cdtd::pipeline
