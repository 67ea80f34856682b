// Reading what events say. Their JSON is ours, but a reader that trusts it would be one that throws.
#pragma once

#include <cdtd/model/event.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cdtd::notify {

boost::json::object data_of(const model::Event& event); ///< empty where it can't be read
const boost::json::object& object_in(const boost::json::object& object, std::string_view key);
const boost::json::array& list_in(const boost::json::object& object, std::string_view key);
std::string text_in(const boost::json::object& object, std::string_view key); ///< "" where there is none
std::int64_t number_in(const boost::json::object& object, std::string_view key);
/// http(s) in RFC 3986 form and at most 2,000 bytes; else "".
std::string url_in(const boost::json::object& object, std::string_view key);
/// What the event is about: an article's title and URL, a feed's name and URL, an endpoint's name.
struct Subject {
    std::string title, url;
};
Subject subject_of(const boost::json::object& data);

} // namespace cdtd::notify
