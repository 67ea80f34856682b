// status, feeds and articles as people read them.
#include "app/json_view.hpp"
#include "app/paint.hpp"

#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;

std::string line(std::string_view label, std::string_view value, const Style& style) {
    return fmt::format("{}  {}\n", paint(base::pad(label, 10), Paint::bold, style),
                       base::terminal_safe(value));
}

/// "12 stored, 3 failed": what is not zero, in the order given by the API.
std::string counts(const json::object& object, std::initializer_list<std::string_view> without) {
    std::string text;
    for (const auto& [key, value] : object) {
        bool skip = !value.is_int64() || value.get_int64() == 0;
        for (const std::string_view word : without)
            skip = skip || key == word;
        if (!skip)
            text +=
                fmt::format("{}{} {}", text.empty() ? "" : ", ", value.get_int64(), std::string_view(key));
    }
    return text;
}

std::string total(const json::object& object, std::initializer_list<std::string_view> without = {"total"}) {
    const std::string rest = counts(object, without);
    return fmt::format("{}{}", number_of(object, "total"), rest.empty() ? "" : " (" + rest + ")");
}

std::string print_queue(const json::object& queue, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [kind, depth] : queue) {
        const json::object* figures = depth.if_object();
        if (figures != nullptr && number_of(*figures, "waiting") > 0)
            rows.push_back({std::string(kind), text_of(*figures, "waiting"), text_of(*figures, "due"),
                            short_time(text_of(*figures, "oldest_due_at"))});
    }
    if (rows.empty())
        return line("Queue", "empty", style);
    return "\n" + table({{"QUEUE"}, {"WAITING", 0, true}, {"DUE", 0, true}, {"OLDEST DUE"}}, rows, style);
}

std::string print_endpoints(const json::array& endpoints, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& value : endpoints)
        if (const json::object* endpoint = value.if_object())
            rows.push_back({text_of(*endpoint, "name"), text_of(*endpoint, "state"),
                            text_of(*endpoint, "waiting"), short_time(text_of(*endpoint, "last_success_at")),
                            text_of(*endpoint, "last_error")});
    if (rows.empty())
        return {};
    return "\n" + table({{"ENDPOINT", 40},
                         {"STATE"},
                         {"WAITING", 0, true},
                         {"LAST SUCCESS"},
                         {"LAST ERROR", 0, false, true}},
                        rows, style);
}

std::string print_paused(const json::array& paused, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& value : paused)
        if (const json::object* host = value.if_object())
            rows.push_back(
                {text_of(*host, "host"), short_time(text_of(*host, "until")), text_of(*host, "reason")});
    if (rows.empty())
        return {};
    return "\n" + table({{"PAUSED HOST", 50}, {"UNTIL"}, {"REASON", 0, false, true}}, rows, style);
}

/// Nothing where it is not configured.
std::string print_markdown(const json::object& markdown, const Style& style) {
    const std::string folder = text_of(markdown, "folder"), error = text_of(markdown, "error");
    if (folder.empty())
        return {};
    const auto waiting = number_of(markdown, "waiting");
    std::string text = folder;
    if (waiting > 0)
        text += fmt::format(", {} to be written", waiting);
    return line("Markdown", error.empty() ? text : text + ": " + error, style);
}

std::string more_hint(const json::object& list) {
    return text_of(list, "next").empty() ? std::string{} : "(there is more: --limit)\n";
}

} // namespace

std::string print_status(const json::object& status, const Style& style) {
    const bool running = is_true(status, "running");
    const std::string since = short_time(text_of(status, "started_at"));
    std::string text = fmt::format("cdtd {}, {}{}\n", base::terminal_safe(text_of(status, "version")),
                                   running ? paint("running", Paint::green, style)
                                           : paint("not running", Paint::yellow, style),
                                   running && !since.empty() ? " since " + base::terminal_safe(since) : "");
    const json::object& sources = object_of(status, "sources");
    const json::object& captures = object_of(status, "captures");
    const json::object& disk = object_of(status, "disk");
    text += line("Feeds", total(object_of(status, "feeds")), style);
    text += line("Articles", total(object_of(status, "articles")), style);
    text += line("Sources", total(sources), style);
    if (const auto found = counts(object_of(sources, "wayback"), {}); !found.empty())
        text += line("  Wayback", found, style);
    if (const auto found = counts(object_of(sources, "liveness"), {}); !found.empty())
        text += line("  Liveness", found, style);
    text +=
        line("Captures",
             fmt::format("{}, {}", number_of(captures, "total"), human_bytes(number_of(captures, "bytes"))),
             style);
    text += line("Events", text_of(status, "events"), style);
    text += line("Disk",
                 fmt::format("database {}, WARC {}, free {}", human_bytes(number_of(disk, "database_bytes")),
                             human_bytes(number_of(disk, "warc_bytes")),
                             human_bytes(number_of(disk, "free_bytes"))),
                 style);
    text += print_markdown(object_of(status, "markdown"), style);
    text += print_queue(object_of(status, "queue"), style);
    text += print_endpoints(array_of(status, "endpoints"), style);
    return text + print_paused(array_of(status, "paused"), style);
}

std::string print_feeds(const json::object& list, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& value : array_of(list, "items")) {
        const json::object* feed = value.if_object();
        if (feed == nullptr)
            continue;
        const std::string error = text_of(*feed, "last_error");
        rows.push_back({text_of(*feed, "name"), is_true(*feed, "enabled") ? text_of(*feed, "state") : "off",
                        text_of(*feed, "entries"), short_time(text_of(*feed, "last_poll_at")),
                        text_of(*feed, "last_status"), short_time(text_of(*feed, "next_poll_at")),
                        error.empty() ? text_of(*feed, "url") : error});
    }
    return table({{"NAME", 40},
                  {"STATE"},
                  {"ENTRIES", 0, true},
                  {"LAST POLL"},
                  {"STATUS", 0, true},
                  {"NEXT POLL"},
                  {"URL OR ERROR", 0, false, true}},
                 rows, style) +
           more_hint(list);
}

std::string print_articles(const json::object& list, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& value : array_of(list, "items")) {
        const json::object* article = value.if_object();
        if (article == nullptr)
            continue;
        std::string title;
        for (const json::value& column : array_of(*article, "columns"))
            if (column.is_string())
                title += fmt::format("【{}】", std::string_view(column.get_string()));
        title += text_of(*article, "headline");
        const std::string published = text_of(*article, "published_at");
        rows.push_back({text_of(*article, "id"),
                        short_time(published.empty() ? text_of(*article, "first_seen_at") : published),
                        text_of(*article, "state"), text_of(*article, "outlet"), title});
    }
    if (rows.empty())
        return "No articles.\n";
    return table({{"ID", 0, true}, {"PUBLISHED"}, {"STATE"}, {"OUTLET", 24}, {"TITLE", 0, false, true}}, rows,
                 style) +
           more_hint(list);
}

} // namespace cdtd::app
