#include "wayback/json.hpp"

#include <boost/json/parse.hpp>

namespace cdtd::wayback::detail {

std::optional<boost::json::value> read_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = 16;
    boost::json::error_code error;
    boost::json::value value = boost::json::parse(text, error, {}, options);
    if (error)
        return std::nullopt;
    return value;
}

const boost::json::value* member(const boost::json::value& value, std::string_view name) {
    const auto* object = value.if_object();
    return object != nullptr ? object->if_contains(name) : nullptr;
}

std::string text_of(const boost::json::value* value) {
    if (value == nullptr)
        return {};
    if (const auto* text = value->if_string())
        return {text->data(), text->size()};
    if (const auto* number = value->if_int64())
        return std::to_string(*number);
    return {};
}

} // namespace cdtd::wayback::detail
