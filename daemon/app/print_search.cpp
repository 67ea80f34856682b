// What a search found: two or three lines an article.
#include "app/json_view.hpp"
#include "app/paint.hpp"

#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;

std::string passage_of(const json::object& passage, const Style& style) {
    std::string text;
    for (const json::value& value : array_of(passage, "parts"))
        if (const json::object* part = value.if_object()) {
            const std::string safe = base::terminal_safe(text_of(*part, "text"));
            text += is_true(*part, "match") ? paint(safe, Paint::bold, style) : safe;
        }
    return text;
}

} // namespace

std::string print_search(const json::object& list, const Style& style) {
    std::string text;
    for (const json::value& value : array_of(list, "items")) {
        const json::object* article = value.if_object();
        if (article == nullptr)
            continue;
        const std::string published = text_of(*article, "published_at");
        const std::string date =
            short_time(published.empty() ? text_of(*article, "first_seen_at") : published);
        const json::object& passage = object_of(*article, "passage");
        const std::string field = text_of(passage, "field");
        text += fmt::format("{}  {}  {}\n", base::terminal_safe(text_of(*article, "id")),
                            paint(base::terminal_safe(date), Paint::dim, style),
                            paint(base::terminal_safe(text_of(*article, "title")), Paint::green, style));
        if (const std::string shown = passage_of(passage, style); !shown.empty())
            text +=
                fmt::format("    {}{}\n", field == "body" ? "" : base::terminal_safe(field) + ": ", shown);
    }
    if (text.empty())
        return "Nothing found.\n";
    return text + (text_of(list, "next").empty() ? "" : "(there is more: --limit)\n");
}

} // namespace cdtd::app
