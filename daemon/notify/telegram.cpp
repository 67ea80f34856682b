// Telegram, Bot API, sendMessage with parse_mode HTML: & < > are escaped, 4,096 characters of UTF-16 after
// the entities are read. The token stands in the URL: the URL is a secret.
#include "notify/formats.hpp"

#include <cdtd/base/url.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace cdtd::notify {
namespace {

namespace json = boost::json;

constexpr std::size_t longest = 4096;

/// A message in whole lines: one that does not fit is left out, and no tag stays open.
class Message {
  public:
    /// `visible`: what is left of `html` when the entities are read.
    void line(const std::string& html, const std::string& visible) {
        const std::size_t units = utf16_units(visible) + 1;
        if (used_ + units > longest)
            return;
        used_ += units;
        html_ += html + "\n";
    }
    std::string text() && {
        if (html_.ends_with('\n'))
            html_.pop_back();
        return std::move(html_);
    }

  private:
    std::string html_;
    std::size_t used_ = 0;
};

std::string bold(std::string_view text) {
    return "<b>" + escape_html(text) + "</b>";
}

std::string link(const std::string& label, const std::string& url) {
    return url.empty() ? escape_html(label)
                       : fmt::format("<a href=\"{}\">{}</a>", escape_html(url), escape_html(label));
}

std::string text_of(const Note& note) {
    Message message;
    message.line(bold(note.kind), note.kind);
    if (!note.title.empty())
        message.line(link(note.title, note.url), note.title);
    for (const auto& fact : note.facts)
        message.line(bold(fact.label + ":") + " " + escape_html(fact.value), fact.label + ": " + fact.value);
    if (!note.excerpt.empty())
        message.line(escape_html(note.excerpt), note.excerpt);
    for (const auto& item : note.items)
        message.line("• " + link(item.label, item.url), "• " + item.label);
    if (note.more > 0)
        message.line(fmt::format("and {} more", note.more), fmt::format("and {} more", note.more));
    std::string links, visible;
    for (const auto& [label, url] : note.links) {
        links += (links.empty() ? "" : " · ") + link(label, url);
        visible += label + " · ";
    }
    if (!links.empty())
        message.line(links, visible);
    return std::move(message).text();
}

} // namespace

http::Request telegram_request(const Endpoint& endpoint, const Note& note) {
    const std::string url = endpoint.url.empty() ? "https://api.telegram.org" : endpoint.url;
    const json::object body{{"chat_id", endpoint.to},
                            {"text", text_of(note)},
                            {"parse_mode", "HTML"},
                            {"link_preview_options", json::object{{"is_disabled", true}}}};
    return json_post(
        fmt::format("{}{}bot{}/sendMessage", url, url.ends_with('/') ? "" : "/", endpoint.secret.reveal()),
        json::serialize(body));
}

} // namespace cdtd::notify
