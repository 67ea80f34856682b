// The real articles, where they are at hand: ../shared/corpus/cdt beside the checkout. They are other
// people's texts, and no part of them stands in the repository.
#pragma once

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace cdtd::article::corpus {

namespace json = boost::json;
inline const std::filesystem::path folder = CDTD_SOURCE_DIR "/../shared/corpus/cdt";

inline std::string slurp(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

inline std::optional<std::string> field(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value == nullptr ? std::nullopt : std::optional(json::value_to<std::string>(*value));
}

/// One file of it: an article as a feed or the REST interface gave it.
struct Post {
    std::string title;
    std::string html;
    std::string link;
    std::optional<std::string> modified; ///< as the REST form says
};

inline Post load(const std::string& name) {
    const auto text = slurp(folder / name);
    if (name.ends_with(".json")) {
        const auto post = json::parse(text).as_object();
        const auto& title = post.at("title");
        const auto& body = post.at("content");
        return {json::value_to<std::string>(title.is_object() ? title.at("rendered") : title),
                json::value_to<std::string>(body.is_object() ? body.at("rendered") : body),
                json::value_to<std::string>(post.at("link")), field(post, "modified")};
    }
    const auto rule = text.find("\n------");
    const auto head = text.substr(0, rule);
    const auto link = head.rfind("](");
    const auto start = head.find('[', head.starts_with("<!--") ? head.find('\n') : 0);
    auto body = text.substr(text.find('\n', rule + 1) + 1);
    if (body.starts_with("日期")) {
        body = body.substr(body.find('\n') + 1);
    }
    return {head.substr(start + 1, link - start - 1), body, head.substr(link + 2, head.rfind(')') - link - 2),
            std::nullopt};
}

} // namespace cdtd::article::corpus
