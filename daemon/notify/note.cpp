#include "notify/note.hpp"

#include "notify/event_json.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <array>

namespace cdtd::notify {
namespace {

namespace json = boost::json;

// UTF-16 code units: together they stay far below what any of the services takes.
constexpr std::size_t longest_title = 240, longest_value = 200, longest_excerpt = 400, longest_item = 120;
constexpr std::size_t most_sources = 3;

struct Kind {
    std::string_view type;
    std::string_view words;
    Note::Tone tone;
};
constexpr std::array kinds{
    Kind{"article.new", "New article", Note::Tone::news},
    Kind{"article.archived", "Archived", Note::Tone::good},
    Kind{"article.updated", "Article edited", Note::Tone::quiet},
    Kind{"article.censored", "Marked 404: the original is gone", Note::Tone::alarm},
    Kind{"article.failed", "Article could not be fetched", Note::Tone::quiet},
    Kind{"article.gone", "Article removed by the publisher", Note::Tone::alarm},
    Kind{"source.archived", "Snapshot of a source found", Note::Tone::good},
    Kind{"source.deleted", "Original deleted", Note::Tone::alarm},
    Kind{"source.censored", "Original censored", Note::Tone::alarm},
    Kind{"source.restored", "Original is back", Note::Tone::good},
    Kind{"feed.failing", "Feed is failing", Note::Tone::alarm},
    Kind{"feed.recovered", "Feed works again", Note::Tone::good},
    Kind{"feed.stale", "Feed brings nothing new", Note::Tone::quiet},
    Kind{"feed.gone", "Feed is gone", Note::Tone::alarm},
    Kind{"feed.moved", "Feed has moved", Note::Tone::quiet},
    Kind{"feed.mass_change", "Feed is held: its entries changed all at once", Note::Tone::alarm},
    Kind{"endpoint.disabled", "Endpoint disabled", Note::Tone::alarm},
    Kind{"test.ping", "Test message: it works", Note::Tone::good},
};

/// One line without anything that steers a reader's screen.
std::string line_of(std::string_view text, std::size_t units) {
    return shorten(base::tidy(base::terminal_safe(text)), units);
}

/// "2025-01-22 11:52 UTC" of RFC 3339 as we write it.
std::string minute_of(std::string_view rfc3339) {
    return rfc3339.size() < 16 ? std::string{}
                               : fmt::format("{} {} UTC", rfc3339.substr(0, 10), rfc3339.substr(11, 5));
}

void add_fact(Note& note, std::string label, std::string_view value) {
    if (std::string line = line_of(value, longest_value); !line.empty())
        note.facts.push_back({std::move(label), std::move(line)});
}

void add_link(Note& note, std::string label, std::string url) {
    if (!url.empty())
        note.links.push_back({std::move(label), std::move(url)});
}

/// "deleted (deleted_by_author) since 2025-01-22 11:52 UTC; Wayback: archived".
std::string state_of(const json::object& source) {
    const auto& liveness = object_in(source, "liveness");
    const auto& wayback = object_in(source, "wayback");
    std::string text;
    if (const std::string state = text_in(liveness, "state"); !state.empty() && state != "unchecked") {
        text = state;
        if (const std::string reason = text_in(liveness, "reason"); !reason.empty())
            text += fmt::format(" ({})", reason);
        if (const std::string since = minute_of(text_in(liveness, "since")); !since.empty())
            text += " since " + since;
    }
    if (const std::string state = text_in(wayback, "state"); !state.empty() && state != "unchecked")
        text += fmt::format("{}Wayback: {}", text.empty() ? "" : "; ", state);
    return text;
}

void add_source(Note& note, const json::object& source) {
    std::string name = text_in(source, "name");
    if (name.empty())
        name = text_in(source, "platform");
    const std::string state = state_of(source);
    name = line_of(name, 80); // so that the state is never what is cut off
    add_fact(note, "Source", state.empty() ? name : name.empty() ? state : name + ": " + state);
}

void add_source_links(Note& note, const json::object& source) {
    add_link(note, "Original", url_in(source, "url"));
    add_link(note, "Snapshot", url_in(object_in(source, "wayback"), "snapshot_url"));
}

void add_changes(Note& note, const json::object& data) {
    std::string changed;
    for (const json::value& what : list_in(data, "changed"))
        if (what.is_string())
            changed += (changed.empty() ? "" : ", ") + std::string(what.get_string());
    add_fact(note, "Changed", changed);
    add_fact(note, "Title before", text_in(data, "previous_title"));
}

void tell_article(Note& note, const json::object& data, const std::string& public_url) {
    const auto& article = object_in(data, "article");
    note.title = line_of(text_in(article, "title"), longest_title);
    note.url = url_in(article, "url");
    add_fact(note, "Outlet", text_in(article, "outlet"));
    add_fact(note, "Published", minute_of(text_in(article, "published_at")));
    add_changes(note, data);
    const auto& told = object_in(data, "source");
    if (!told.empty()) {
        add_source(note, told);
        add_source_links(note, told);
    } else {
        std::size_t count = 0;
        for (const json::value& source : list_in(article, "sources"))
            if (source.is_object() && count++ < most_sources) {
                add_source(note, source.get_object());
                if (count == 1)
                    add_source_links(note, source.get_object());
            }
        note.excerpt = line_of(text_in(article, "excerpt"), longest_excerpt);
    }
    if (const auto id = number_in(article, "id"); id > 0 && !public_url.empty())
        add_link(note, "In our archive",
                 fmt::format("{}{}articles/{}", public_url, public_url.ends_with('/') ? "" : "/", id));
    // Of the article, not of our number for it: a database that is made anew counts from 1 again.
    const std::string guid = text_in(article, "guid");
    note.thread = base::sha256_hex(guid.empty() ? note.url : guid).substr(0, 24);
}

void tell_feed(Note& note, const json::object& feed) {
    note.title = line_of(text_in(feed, "name"), longest_title);
    note.url = url_in(feed, "url");
    add_fact(note, "State", text_in(feed, "state"));
    add_fact(note, "Error", text_in(feed, "last_error"));
    add_fact(note, "Last poll", minute_of(text_in(feed, "last_poll_at")));
    add_fact(note, "Next poll", minute_of(text_in(feed, "next_poll_at")));
}

void tell_endpoint(Note& note, const json::object& endpoint) {
    note.title = line_of(text_in(endpoint, "name"), longest_title);
    add_fact(note, "Reason", text_in(endpoint, "last_error"));
    add_fact(note, "Waiting", fmt::format("{}", number_in(endpoint, "waiting")));
    add_fact(note, "When it is mended", fmt::format("cdtd webhooks enable {}", note.title));
}

void tell_digest(Note& note, const json::object& data) {
    const auto& events = list_in(data, "events");
    note.more = number_in(data, "more");
    note.kind = fmt::format("{} events in one message", static_cast<std::int64_t>(events.size()) + note.more);
    for (const json::value& value : events) {
        if (!value.is_object())
            continue;
        const auto& event = value.get_object();
        const std::string title = line_of(text_in(event, "title"), longest_item);
        note.items.push_back({title.empty() ? text_in(event, "type") : title, url_in(event, "url")});
    }
}

} // namespace

Note note_of(const model::Event& event, const std::string& public_url) {
    Note note;
    note.kind = line_of(event.type, longest_title);
    for (const Kind& kind : kinds)
        if (kind.type == event.type) {
            note.kind = kind.words;
            note.tone = kind.tone;
        }
    note.time = minute_of(base::format_rfc3339(event.timestamp));
    const json::object data = data_of(event);
    if (event.type == "digest")
        tell_digest(note, data);
    else if (data.contains("article"))
        tell_article(note, data, public_url);
    else if (data.contains("feed"))
        tell_feed(note, object_in(data, "feed"));
    else if (data.contains("endpoint"))
        tell_endpoint(note, object_in(data, "endpoint"));
    note.begins_thread = event.type == "article.new";
    return note;
}

} // namespace cdtd::notify
