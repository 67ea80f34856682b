#include "app/json_view.hpp"

namespace cdtd::app {
namespace {

std::string text_of(const boost::json::value* value) {
    if (value == nullptr || value->is_null())
        return {};
    if (const auto* text = value->if_string())
        return std::string(text->data(), text->size());
    return boost::json::serialize(*value);
}

} // namespace

std::string text_of(const boost::json::object& object, std::string_view key) {
    return text_of(object.if_contains(key));
}

std::int64_t number_of(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    const std::int64_t* number = value != nullptr ? value->if_int64() : nullptr;
    return number != nullptr ? *number : 0;
}

bool is_true(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    const bool* flag = value != nullptr ? value->if_bool() : nullptr;
    return flag != nullptr && *flag;
}

const boost::json::object& object_of(const boost::json::object& object, std::string_view key) {
    static const boost::json::object nothing;
    const boost::json::value* value = object.if_contains(key);
    const boost::json::object* found = value != nullptr ? value->if_object() : nullptr;
    return found != nullptr ? *found : nothing;
}

const boost::json::array& array_of(const boost::json::object& object, std::string_view key) {
    static const boost::json::array nothing;
    const boost::json::value* value = object.if_contains(key);
    const boost::json::array* found = value != nullptr ? value->if_array() : nullptr;
    return found != nullptr ? *found : nothing;
}

std::string joined(const boost::json::object& object, std::string_view key, std::string_view between) {
    std::string text;
    for (const boost::json::value& item : array_of(object, key)) {
        if (!text.empty())
            text += between;
        text += text_of(&item);
    }
    return text;
}

std::string short_time(std::string_view rfc3339) {
    if (rfc3339.size() < 16 || rfc3339[10] != 'T')
        return std::string(rfc3339);
    return std::string(rfc3339.substr(0, 10)) + ' ' + std::string(rfc3339.substr(11, 5)) + 'Z';
}

} // namespace cdtd::app
