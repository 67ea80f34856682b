// ntfy, "Publish as JSON": posted to the server's root, with the topic from the URL's path. A message of more
// than 4,096 bytes would become an attachment. Its texts are plain.
#include "notify/formats.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace cdtd::notify {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_message = 4000, longest_title = 250; // bytes
constexpr std::size_t most_actions = 3;

int priority_of(Note::Tone tone) {
    return tone == Note::Tone::alarm ? 4 : tone == Note::Tone::quiet ? 2 : 3;
}

std::string message_of(const Note& note) {
    std::string text;
    for (const std::string& line : lines_of(note)) {
        if (line == note.url || text.size() + line.size() + 1 > longest_message)
            continue; // the URL is what a click opens
        text += (text.empty() ? "" : "\n") + line;
    }
    return text.empty() ? note.kind : text;
}

} // namespace

http::Request ntfy_request(const Endpoint& endpoint, const Note& note) {
    const std::string url = base::without_fragment(endpoint.url);
    const auto slash = url.find_last_of('/');
    const std::string topic = base::percent_decode(url.substr(slash + 1));
    json::object body{{"topic", topic},
                      {"title", base::cut_graphemes(note.kind, longest_title)},
                      {"message", message_of(note)},
                      {"priority", priority_of(note.tone)}};
    if (!note.url.empty())
        body["click"] = note.url;
    json::array actions;
    for (const auto& link : note.links)
        if (actions.size() < most_actions)
            actions.emplace_back(json::object{{"action", "view"}, {"label", link.label}, {"url", link.url}});
    if (!actions.empty())
        body["actions"] = std::move(actions);
    auto request = json_post(url.substr(0, slash + 1), json::serialize(body));
    if (!endpoint.secret.empty())
        request.headers.emplace_back("Authorization", "Bearer " + endpoint.secret.reveal());
    return request;
}

} // namespace cdtd::notify
