// Discord, "Execute Webhook": one embed; nobody is mentioned whatever a title says. Limits of the embed
// object: title 256, description 4,096, field name 256 and value 1,024, 25 fields, 6,000 in all (characters
// of UTF-16).
#include "notify/formats.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace cdtd::notify {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_title = 256, longest_description = 4096;

int colour_of(Note::Tone tone) {
    switch (tone) {
    case Note::Tone::news:
        return 0x3b82f6;
    case Note::Tone::alarm:
        return 0xdc2626;
    case Note::Tone::good:
        return 0x16a34a;
    default:
        return 0x6b7280;
    }
}

/// Discord's Markdown, and its timestamps, mentions and emoji, which all begin with one of these.
std::string escape(std::string_view text) {
    constexpr std::string_view signs = "\\*_~`|>#-[]()<@:";
    std::string safe;
    for (const char c : text) {
        if (signs.contains(c))
            safe += '\\';
        safe += c;
    }
    return safe;
}

/// Whole pieces only: half of an escape or of a link would be read otherwise.
void add(std::string& text, const std::string& piece, std::size_t most) {
    if (utf16_units(text) + utf16_units(piece) <= most)
        text += piece;
}

/// "[label](url)"; a bracket in the URL would end it.
std::string link(const std::string& label, const std::string& url) {
    if (url.empty())
        return escape(label);
    std::string safe;
    for (const char c : url)
        safe += c == '(' ? "%28" : c == ')' ? "%29" : std::string(1, c);
    return fmt::format("[{}]({})", escape(label), safe);
}

std::string description_of(const Note& note) {
    std::string text, last;
    if (!note.excerpt.empty())
        add(text, escape(note.excerpt) + "\n", longest_description);
    for (const auto& fact : note.facts)
        add(text, fmt::format("**{}:** {}\n", escape(fact.label), escape(fact.value)), longest_description);
    if (note.more > 0)
        last = fmt::format("and {} more\n", note.more);
    for (const auto& item : note.items)
        add(text, "• " + link(item.label, item.url) + "\n", longest_description - last.size());
    add(text, last, longest_description);
    for (std::size_t i = 0; i < note.links.size(); ++i)
        add(text, (i > 0 ? " · " : "") + link(note.links[i].label, note.links[i].url), longest_description);
    return text;
}

} // namespace

http::Request discord_request(const Endpoint& endpoint, const Note& note) {
    const std::string title = escape(note.title.empty() ? note.kind : note.title);
    json::object embed{{"description", description_of(note)},
                       {"color", colour_of(note.tone)},
                       {"footer", json::object{{"text", note.time}}}};
    if (!note.title.empty())
        embed["author"] = json::object{{"name", shorten(note.kind, longest_title)}};
    // What is too long is escaped after it was cut, and then only if it still fits.
    embed["title"] = utf16_units(title) <= longest_title
                         ? title
                         : escape(shorten(note.title.empty() ? note.kind : note.title, longest_title / 2));
    if (!note.url.empty())
        embed["url"] = note.url;
    const json::object body{{"embeds", json::array{std::move(embed)}},
                            {"allowed_mentions", json::object{{"parse", json::array{}}}}};
    return json_post(endpoint.url, json::serialize(body));
}

} // namespace cdtd::notify
