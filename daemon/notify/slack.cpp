// Slack, incoming webhooks: a rich_text block, whose texts are never read as markup, and a fallback text for
// notifications, in which & < > are escaped (docs.slack.dev: "Formatting message text", "Rich text block").
#include "notify/formats.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace cdtd::notify {
namespace {

namespace json = boost::json;

/// The three characters that Slack reads in `text`.
std::string escape(std::string_view text) {
    std::string safe;
    for (const char c : text)
        safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return safe;
}

class RichText {
  public:
    void text(std::string text, bool bold = false) {
        add({{"type", "text"}, {"text", std::move(text)}}, bold);
    }
    /// Plain text where there is no URL.
    void link(const std::string& label, const std::string& url, bool bold = false) {
        if (url.empty())
            return text(label, bold);
        add({{"type", "link"}, {"url", url}, {"text", label}}, bold);
    }
    json::object block() && {
        return {{"type", "rich_text"},
                {"elements", json::array{json::object{{"type", "rich_text_section"},
                                                      {"elements", std::move(elements_)}}}}};
    }

  private:
    void add(json::object element, bool bold) {
        if (bold)
            element["style"] = json::object{{"bold", true}};
        elements_.emplace_back(std::move(element));
    }
    json::array elements_;
};

} // namespace

http::Request slack_request(const Endpoint& endpoint, const Note& note) {
    RichText rich;
    rich.text(note.kind + "\n");
    if (!note.title.empty()) {
        rich.link(note.title, note.url, true);
        rich.text("\n");
    }
    for (const auto& fact : note.facts) {
        rich.text(fact.label + ": ", true);
        rich.text(fact.value + "\n");
    }
    if (!note.excerpt.empty())
        rich.text(note.excerpt + "\n");
    for (const auto& item : note.items) {
        rich.text("• ");
        rich.link(item.label, item.url);
        rich.text("\n");
    }
    if (note.more > 0)
        rich.text(fmt::format("and {} more\n", note.more));
    for (std::size_t i = 0; i < note.links.size(); ++i) {
        if (i > 0)
            rich.text(" · ");
        rich.link(note.links[i].label, note.links[i].url);
    }
    const std::string fallback = note.title.empty() ? note.kind : note.kind + ": " + note.title;
    const json::object body{{"text", escape(fallback)},
                            {"mrkdwn", false},
                            {"blocks", json::array{std::move(rich).block()}},
                            {"unfurl_links", false},
                            {"unfurl_media", false}};
    return json_post(endpoint.url, json::serialize(body));
}

} // namespace cdtd::notify
