#include "notify/event_json.hpp"

#include <cdtd/base/url.hpp>

#include <boost/json/parse.hpp>

namespace cdtd::notify {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_url = 2000; // bytes; what is longer no client opens

} // namespace

json::object data_of(const model::Event& event) {
    boost::system::error_code error;
    json::value value = json::parse(event.data, error);
    return !error && value.is_object() ? std::move(value.get_object()) : json::object{};
}

const json::object& object_in(const json::object& object, std::string_view key) {
    static const json::object none;
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_object() ? value->get_object() : none;
}

const json::array& list_in(const json::object& object, std::string_view key) {
    static const json::array none;
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_array() ? value->get_array() : none;
}

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::int64_t number_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

std::string url_in(const json::object& object, std::string_view key) {
    const auto url = base::normalize_url(text_in(object, key));
    return url && url->size() <= longest_url ? *url : std::string{};
}

Subject subject_of(const json::object& data) {
    if (const auto& article = object_in(data, "article"); !article.empty())
        return {text_in(article, "title"), url_in(article, "url")};
    if (const auto& feed = object_in(data, "feed"); !feed.empty())
        return {text_in(feed, "name"), url_in(feed, "url")};
    return {text_in(object_in(data, "endpoint"), "name"), ""};
}

} // namespace cdtd::notify
