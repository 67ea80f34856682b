// One feed as people read it, and why its next poll is when it is.
#include "app/json_view.hpp"
#include "app/paint.hpp"

#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;

class Lines {
  public:
    explicit Lines(const Style& style) : style_(style) {}

    void add(std::string_view label, std::string_view value) {
        if (!value.empty())
            text_ += fmt::format("{}  {}\n", paint(base::pad(label, 12), Paint::bold, style_),
                                 base::terminal_safe(value));
    }
    void add_list(std::string_view label, const json::array& list) {
        for (const json::value& item : list) {
            if (item.is_string())
                add(label, std::string_view(item.get_string()));
            label = "";
        }
    }
    void add_raw(const std::string& text) { text_ += text; }
    std::string take() { return std::move(text_); }

  private:
    const Style& style_;
    std::string text_;
};

std::string time_at(const json::object& object, std::string_view key) {
    return short_time(text_of(object, key));
}

std::string wait_at(const json::object& object, std::string_view key) {
    const auto seconds = number_of(object, key);
    return seconds > 0 ? base::format_duration(std::chrono::seconds(seconds)) : std::string();
}

std::string head_of(const json::object& feed, const Style& style) {
    const std::string title = text_of(feed, "title");
    const bool enabled = is_true(feed, "enabled");
    std::string text =
        fmt::format("{}: {}{}\n", paint(base::terminal_safe(text_of(feed, "name")), Paint::bold, style),
                    paint_state(base::terminal_safe(enabled ? text_of(feed, "state") : "off"), style),
                    title.empty() ? "" : ", “" + base::terminal_safe(title) + "”");
    return text;
}

/// What only the operator can do about it.
void add_way_out(const json::object& feed, Lines& lines) {
    const std::string state = text_of(feed, "state");
    const std::string name = text_of(feed, "name");
    if (state == "held")
        lines.add("Held", fmt::format("nothing of it is stored until `cdtd feeds release {}`", name));
    if (state == "gone")
        lines.add("Gone", fmt::format("it is not polled until `cdtd feeds enable {}`", name));
}

void add_addresses(const json::object& feed, Lines& lines) {
    const std::string url = text_of(feed, "url");
    lines.add("Address", url);
    if (const auto configured = text_of(feed, "configured_url"); configured != url)
        lines.add("Configured", configured);
    lines.add_list("Formerly", array_of(feed, "former_urls"));
    if (const auto& move = object_of(feed, "move"); !move.empty())
        lines.add("Moving",
                  fmt::format("to {}: redirects there for good since {}, seen {} times; not believed yet",
                              text_of(move, "to"), time_at(move, "since"), text_of(move, "seen")));
}

void add_last_poll(const json::object& feed, Lines& lines) {
    const std::string polled = time_at(feed, "last_poll_at");
    const std::string status = text_of(feed, "last_status");
    lines.add("Last poll", polled.empty()   ? "never"
                           : status.empty() ? polled + ", no answer"
                                            : fmt::format("{}, status {}", polled, status));
    lines.add("Last error", text_of(feed, "last_error"));
    if (const auto failures = number_of(feed, "consecutive_failures"); failures > 0)
        lines.add("Failures", fmt::format("{} in a row", failures));
    lines.add("Last change", time_at(feed, "last_change_at"));
    if (const auto silence = wait_at(feed, "unusual_silence"); !silence.empty())
        lines.add("Rhythm", fmt::format("silence over {} is unusual{}", silence,
                                        is_true(feed, "stale") ? "; it is silent for longer now" : ""));
    lines.add("Entries", text_of(feed, "entries"));
    lines.add("ETag", text_of(feed, "etag"));
    lines.add("Modified", text_of(feed, "last_modified"));
    lines.add_list("Repairs", array_of(feed, "repairs"));
}

std::string days_of(const json::array& list) {
    static constexpr const char* names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    std::string text;
    for (const json::value& day : list)
        if (const auto* number = day.if_int64(); number != nullptr && *number >= 0 && *number < 7)
            text += (text.empty() ? "" : " ") + std::string(names[*number]);
    return text;
}

void add_cadence(const json::object& cadence, Lines& lines) {
    std::string text;
    const auto part = [&text](std::string_view what, const std::string& value) {
        if (!value.empty())
            text += fmt::format("{}{} {}", text.empty() ? "" : "; ", what, value);
    };
    part("ttl", wait_at(cadence, "ttl"));
    part("update period", wait_at(cadence, "update_period"));
    part("not at (GMT)", joined(cadence, "skip_hours", " "));
    part("not on", days_of(array_of(cadence, "skip_days")));
    lines.add("It says", text);
}

void add_walk(const json::object& walk, Lines& lines) {
    const std::string kind = text_of(walk, "kind");
    const std::string state = text_of(walk, "state");
    std::string text = fmt::format("{}, page {}", state, text_of(walk, "page"));
    if (const auto last = text_of(walk, "last_page"); !last.empty())
        text += " of " + last;
    if (const auto until = time_at(walk, "until"); !until.empty())
        text += ", back to " + until;
    text += fmt::format("; {} found; begun {}", text_of(walk, "found"), time_at(walk, "started_at"));
    if (const auto next = time_at(walk, "next_try_at"); !next.empty())
        text += "; goes on " + next;
    if (const auto error = text_of(walk, "last_error"); !error.empty())
        text += "; " + error;
    lines.add(kind == "gap" ? "Gap" : kind == "backfill" ? "Backfill" : kind, text);
}

std::string bounds_of(const json::object& feed, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& value : array_of(feed, "bounds"))
        if (const json::object* bound = value.if_object())
            rows.push_back({text_of(*bound, "kind"), text_of(*bound, "value"), text_of(*bound, "origin"),
                            time_at(*bound, "until"), is_true(*bound, "won") ? "decided" : ""});
    if (rows.empty())
        return {};
    return "\n" + table({{"BOUND"}, {"VALUE", 40}, {"ORIGIN"}, {"NOT BEFORE"}, {"WON"}}, rows, style);
}

} // namespace

std::string print_feed(const json::object& feed, const Style& style) {
    Lines lines(style);
    lines.add_raw(head_of(feed, style));
    add_way_out(feed, lines);
    add_addresses(feed, lines);
    add_last_poll(feed, lines);
    add_cadence(object_of(feed, "cadence"), lines);
    for (const json::value& walk : array_of(feed, "walks"))
        if (walk.is_object())
            add_walk(walk.get_object(), lines);
    const std::string next = time_at(feed, "next_poll_at");
    if (is_true(feed, "enabled"))
        lines.add("Next poll", next.empty() ? "at once" : next);
    return lines.take() + bounds_of(feed, style);
}

} // namespace cdtd::app
