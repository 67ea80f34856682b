#include "store/json_text.hpp"

#include <cdtd/base/url.hpp>
#include <cdtd/model/json.hpp>

#include <boost/json.hpp>

namespace cdtd::store {
namespace json = boost::json;
namespace {

json::value parsed(std::string_view text) {
    json::error_code error;
    auto value = json::parse({text.data(), text.size()}, error);
    return error ? json::value() : value;
}

std::string word(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

} // namespace

std::string to_text(const std::vector<std::string>& list) {
    if (list.empty())
        return "[]";
    json::array array;
    for (const auto& item : list)
        array.emplace_back(item);
    return json::serialize(array);
}

std::string to_text(const std::vector<std::int64_t>& list) {
    json::array array;
    for (const auto item : list)
        array.emplace_back(item);
    return json::serialize(array);
}

std::string to_text(const std::vector<model::Bound>& bounds) {
    if (bounds.empty())
        return "[]";
    json::array array;
    for (const auto& bound : bounds)
        array.push_back(
            json::object{{"kind", bound.kind},
                         {"value", bound.value},
                         {"origin", bound.origin},
                         {"until", static_cast<std::int64_t>(bound.until.time_since_epoch().count())},
                         {"won", bound.won}});
    return json::serialize(array);
}

std::optional<std::string> to_text(const std::optional<model::Card>& card) {
    return card ? std::optional<std::string>(json::serialize(model::to_json(*card))) : std::nullopt;
}

std::vector<std::string> list_of(std::string_view text) {
    std::vector<std::string> list;
    if (text == "[]")
        return list;
    const auto value = parsed(text);
    if (const auto* array = value.if_array())
        for (const auto& item : *array)
            if (const auto* string = item.if_string())
                list.emplace_back(*string);
    return list;
}

std::vector<model::Bound> bounds_of(std::string_view text) {
    std::vector<model::Bound> bounds;
    const auto value = parsed(text);
    const auto* array = value.if_array();
    for (std::size_t i = 0; array && i < array->size(); ++i) {
        const auto* object = (*array)[i].if_object();
        if (!object)
            continue;
        const auto* until = object->if_contains("until");
        const auto* won = object->if_contains("won");
        bounds.push_back({word(*object, "kind"), word(*object, "value"), word(*object, "origin"),
                          base::Time(base::Duration(until && until->is_int64() ? until->get_int64() : 0)),
                          won && won->is_bool() && won->get_bool()});
    }
    return bounds;
}

std::optional<model::Card> card_of(const std::optional<std::string>& text) {
    if (!text)
        return std::nullopt;
    const auto value = parsed(*text);
    return value.is_object() ? std::optional(model::card_from_json(value.get_object())) : std::nullopt;
}

std::string to_text(const std::vector<model::Embed>& embeds) {
    if (embeds.empty())
        return "[]";
    json::array array;
    for (const auto& embed : embeds)
        array.emplace_back(model::to_json(embed));
    return json::serialize(array);
}

std::vector<model::Embed> embeds_of(std::string_view text) {
    std::vector<model::Embed> embeds;
    if (text == "[]")
        return embeds;
    const auto value = parsed(text);
    const auto* array = value.if_array();
    for (std::size_t i = 0; array && i < array->size(); ++i)
        if (const auto* object = (*array)[i].if_object())
            embeds.push_back({word(*object, "url"), word(*object, "target"), word(*object, "platform")});
    return embeds;
}

std::string to_text(const model::Cadence& cadence) {
    return cadence == model::Cadence{} ? "{}" : json::serialize(model::to_json(cadence));
}

std::optional<std::string> to_text(const std::optional<model::Move>& move) {
    return move ? std::optional<std::string>(json::serialize(model::to_json(*move))) : std::nullopt;
}

model::Cadence cadence_of(std::string_view text) {
    if (text == "{}")
        return {};
    const auto value = parsed(text);
    return value.is_object() ? model::cadence_from_json(value.get_object()) : model::Cadence{};
}

std::optional<model::Move> move_of(const std::optional<std::string>& text) {
    if (!text)
        return std::nullopt;
    const auto value = parsed(*text);
    return value.is_object() ? model::move_from_json(value.get_object()) : std::nullopt;
}

std::string key_of(const std::string& url) {
    return base::canonical_url(url).value_or(url);
}

} // namespace cdtd::store
