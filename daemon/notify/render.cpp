// A note as plain lines and as HTML, and how texts are cut.
#include "notify/note.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>

namespace cdtd::notify {
namespace {

std::size_t units_of(unsigned char lead) {
    return lead >= 0xf0 ? 2 : (lead & 0xc0u) == 0x80u ? 0 : 1; // continuation bytes count with their lead
}

std::string anchor(const std::string& text, const std::string& url) {
    return url.empty() ? escape_html(text)
                       : fmt::format("<a href=\"{}\">{}</a>", escape_html(url), escape_html(text));
}

std::string list_of(const Note& note) {
    std::string html;
    for (const auto& item : note.items)
        html += fmt::format("<li>{}</li>", anchor(item.label, item.url));
    if (note.more > 0)
        html += fmt::format("<li>and {} more</li>", note.more);
    return html.empty() ? html : "<ul>" + html + "</ul>";
}

} // namespace

std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (const char c : text)
        units += units_of(static_cast<unsigned char>(c));
    return units;
}

std::string shorten(std::string_view text, std::size_t units) {
    if (utf16_units(text) <= units)
        return std::string(text);
    std::size_t bytes = 0, used = 1; // the ellipsis
    while (bytes < text.size()) {
        const std::size_t next = units_of(static_cast<unsigned char>(text[bytes]));
        if (used + next > units)
            break;
        used += next;
        ++bytes;
    }
    return std::string(base::trim(base::cut_graphemes(text, bytes))) + "…";
}

std::string escape_html(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (const char c : text)
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        default:
            html += c;
        }
    return html;
}

std::vector<std::string> lines_of(const Note& note) {
    std::vector<std::string> lines;
    if (!note.title.empty())
        lines.push_back(note.title);
    if (!note.url.empty())
        lines.push_back(note.url);
    for (const auto& fact : note.facts)
        lines.push_back(fact.label + ": " + fact.value);
    if (!note.excerpt.empty())
        lines.push_back(note.excerpt);
    for (const auto& item : note.items)
        lines.push_back("• " + item.label + (item.url.empty() ? "" : " " + item.url));
    if (note.more > 0)
        lines.push_back(fmt::format("and {} more", note.more));
    for (const auto& link : note.links)
        lines.push_back(link.label + ": " + link.url);
    return lines;
}

std::string html_of(const Note& note) {
    std::string html = fmt::format("<p><b>{}</b>", escape_html(note.kind));
    if (!note.title.empty())
        html += "<br>" + anchor(note.title, note.url);
    html += "</p>";
    std::string facts;
    for (const auto& fact : note.facts)
        facts += fmt::format("{}<b>{}:</b> {}", facts.empty() ? "" : "<br>", escape_html(fact.label),
                             escape_html(fact.value));
    if (!facts.empty())
        html += "<p>" + facts + "</p>";
    if (!note.excerpt.empty())
        html += "<p>" + escape_html(note.excerpt) + "</p>";
    html += list_of(note);
    std::string links;
    for (const auto& link : note.links)
        links += (links.empty() ? "" : " · ") + anchor(link.label, link.url);
    return links.empty() ? html : html + "<p>" + links + "</p>";
}

} // namespace cdtd::notify
