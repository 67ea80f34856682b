#include <cdtd/model/manifest.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <fmt/format.h>

#include <stdexcept>

namespace cdtd::model {

namespace json = boost::json;

namespace {

constexpr int newest_version = 2;

json::object json_of(const RowRange& range) {
    return {{"after", range.after}, {"upto", range.upto}, {"count", range.count}, {"sha256", range.sha256}};
}

std::string text_at(const json::object& object, const char* key) {
    return std::string(object.at(key).as_string());
}

RowRange rows_of(const json::value& value) {
    const auto& object = value.as_object();
    return {object.at("after").as_int64(), object.at("upto").as_int64(), object.at("count").as_int64(),
            text_at(object, "sha256")};
}

ManifestContent content_of(const json::object& object) {
    const auto version = object.at("version").as_int64();
    if (version < 1 || version > newest_version)
        throw std::runtime_error(
            fmt::format("its version is {}, this program knows up to {}", version, newest_version));
    ManifestContent content;
    content.version = static_cast<int>(version);
    content.day = text_at(object, "day");
    if (!object.at("previous").is_null())
        content.previous = text_at(object, "previous");
    for (const auto& value : object.at("files").as_array()) {
        const auto& file = value.as_object();
        content.files.push_back({text_at(file, "name"), file.at("from").as_int64(), file.at("to").as_int64(),
                                 text_at(file, "sha256")});
    }
    content.captures = rows_of(object.at("captures"));
    content.revisions = rows_of(object.at("revisions"));
    content.events = rows_of(object.at("events"));
    if (version >= 2) {
        content.articles = rows_of(object.at("articles"));
        content.looks = rows_of(object.at("looks"));
    }
    return content;
}

} // namespace

std::string to_text(const ManifestContent& content) {
    json::array files;
    for (const auto& range : content.files)
        files.push_back(json::object{
            {"name", range.file}, {"from", range.from}, {"to", range.to}, {"sha256", range.sha256}});
    const json::value previous =
        content.previous.empty() ? json::value(nullptr) : json::value(content.previous);
    json::object text{{"version", content.version},
                      {"day", content.day},
                      {"previous", previous},
                      {"files", std::move(files)},
                      {"captures", json_of(content.captures)},
                      {"revisions", json_of(content.revisions)},
                      {"events", json_of(content.events)}};
    if (content.version >= 2) {
        text["articles"] = json_of(content.articles);
        text["looks"] = json_of(content.looks);
    }
    return json::serialize(text);
}

base::Result<ManifestContent> manifest_of(std::string_view text) {
    try {
        return content_of(json::parse({text.data(), text.size()}).as_object());
    } catch (const std::exception& error) {
        return base::fail(base::Errc::bad_data, fmt::format("it can't be read: {}", error.what()));
    }
}

} // namespace cdtd::model
