// One article, and the archive status of a URL, as people read them.
#include "app/json_view.hpp"
#include "app/paint.hpp"

#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;

constexpr std::size_t most_lines = 8; ///< of one kind: an answer fits on a screen

class Sheet {
  public:
    explicit Sheet(const Style& style) : style_(style) {}
    /// Nothing for an empty value.
    void line(std::string_view label, std::string_view value) {
        if (!value.empty())
            text_ += fmt::format("{}  {}\n", paint(base::pad(label, 12), Paint::bold, style_),
                                 base::terminal_safe(value));
    }
    void raw(std::string_view text) { text_ += text; }
    std::string take() { return std::move(text_); }

  private:
    const Style& style_;
    std::string text_;
};

std::string with_reason(const json::object& object) {
    const std::string reason = text_of(object, "reason");
    return text_of(object, "state") + (reason.empty() ? "" : fmt::format(" ({})", reason));
}

/// "; looked up then, again from then on".
std::string looked_up_words(const json::object& wayback) {
    const std::string at = short_time(text_of(wayback, "checked_at"));
    const std::string next = short_time(text_of(wayback, "next_check_at"));
    return (at.empty() ? "" : ", looked up " + at) + (next.empty() ? "" : ", again from " + next + " on");
}

/// What they answered is held here too.
std::string copy_words(const json::object& wayback) {
    const std::string capture = text_of(wayback, "capture");
    return capture.empty() ? "" : fmt::format(" [capture {}]", capture);
}

std::string wayback_words(const json::object& wayback) {
    const std::string state = text_of(wayback, "state");
    const std::string reason = text_of(wayback, "reason");
    const std::string why = reason.empty() ? "" : fmt::format(" ({})", reason);
    if (state == "archived")
        return fmt::format("archived {} {}{}", short_time(text_of(wayback, "snapshot_at")),
                           text_of(wayback, "snapshot_url"), copy_words(wayback));
    if (state == "not_archived")
        return "holds no usable snapshot" + why + looked_up_words(wayback);
    return state == "unknown" ? "could not tell" + why + looked_up_words(wayback) : "not looked up yet";
}

/// Nothing where there is only one snapshot.
std::string more_snapshots(const json::object& wayback) {
    const auto count = number_of(wayback, "snapshots");
    if (text_of(wayback, "state") != "archived" || count < 2)
        return {};
    return fmt::format("{} snapshots, the first of {}, the newest {} {}", count,
                       short_time(text_of(wayback, "first_at")), short_time(text_of(wayback, "newest_at")),
                       text_of(wayback, "newest_url"));
}

std::string save_words(const json::object& save) {
    if (save.empty())
        return {};
    const std::string error = text_of(save, "error"), next = short_time(text_of(save, "next_try_at"));
    return fmt::format("{} {}{}{}", text_of(save, "state"), short_time(text_of(save, "at")),
                       error.empty() ? "" : ": " + error, next.empty() ? "" : ", again from " + next + " on");
}

std::string liveness_words(const json::object& liveness) {
    if (text_of(liveness, "state").empty() || text_of(liveness, "state") == "unchecked")
        return "not looked at yet";
    const std::string state = text_of(liveness, "state");
    const bool gone = state == "deleted" || state == "censored";
    const std::string since = text_of(liveness, "since");
    const std::string next = text_of(liveness, "next_check_at");
    return with_reason(liveness) + (since.empty() ? "" : ", since " + short_time(since)) +
           (gone && !is_true(liveness, "confirmed") ? ", to be confirmed" : "") + ", looked at " +
           short_time(text_of(liveness, "checked_at")) +
           (next.empty() ? "" : ", again from " + short_time(next) + " on");
}

/// Our own copy of an original: where nobody else has one it is said.
std::string held_words(const json::object& source) {
    const std::string capture = text_of(source, "held");
    if (capture.empty())
        return {};
    const bool archived = text_of(object_of(source, "wayback"), "state") == "archived";
    return fmt::format("capture {}, from while it stood{}", capture,
                       archived ? "" : "; no snapshot of the Wayback Machine is known");
}

/// What the looks said, newest first; those that agree as one line.
void add_looks(Sheet& sheet, const json::object& source) {
    const json::array& looks = array_of(source, "looks");
    std::size_t lines = 0;
    for (std::size_t i = 0; i < looks.size() && lines < most_lines;) {
        const json::object* newest = looks[i].if_object();
        std::size_t end = i + 1;
        const auto same = [&](const json::object* other) {
            return newest != nullptr && other != nullptr && with_reason(*other) == with_reason(*newest);
        };
        while (end < looks.size() && same(looks[end].if_object()))
            ++end;
        if (newest != nullptr) {
            const std::string capture = text_of(*newest, "capture");
            sheet.line(lines++ == 0 ? "  looks" : "",
                       fmt::format("{}  {}{}: {}{}", short_time(text_of(*newest, "at")), with_reason(*newest),
                                   end - i > 1 ? fmt::format(" ×{}", end - i) : "", text_of(*newest, "words"),
                                   capture.empty() ? "" : fmt::format(" [capture {}]", capture)));
        }
        i = end;
    }
}

void add_source(Sheet& sheet, const json::object& source) {
    const std::string name = text_of(source, "name");
    const std::string url = text_of(source, "url");
    const std::string link = text_of(source, "link");
    sheet.line("Source", fmt::format("{}{}{}", name, name.empty() ? "" : ", ", text_of(source, "platform")));
    sheet.line("  original", url);
    sheet.line("  link", link == url ? "" : link);
    const json::object& wayback = object_of(source, "wayback");
    sheet.line("  Wayback", wayback_words(wayback));
    sheet.line("", more_snapshots(wayback));
    sheet.line("  saving", save_words(object_of(wayback, "save")));
    for (const json::value& value : array_of(source, "alternates"))
        if (const json::object* alternate = value.if_object())
            sheet.line("  also at", text_of(*alternate, "url"));
    sheet.line("  stands", liveness_words(object_of(source, "liveness")));
    sheet.line("  we hold", held_words(source));
    add_looks(sheet, source);
}

void add_card(Sheet& sheet, const json::object& card) {
    sheet.line("Card title", text_of(card, "title"));
    sheet.line("Author", text_of(card, "author"));
    sheet.line("Of", text_of(card, "published_on"));
    sheet.line("Submitter", text_of(card, "submitter"));
    sheet.line("Censored on", text_of(card, "censored_on"));
    sheet.line("Topics", joined(card, "topics", ", "));
    sheet.line("Collections", joined(card, "collections", ", "));
    sheet.line("Kind", text_of(card, "kind"));
    sheet.line("Licence", text_of(card, "license"));
}

void add_state(Sheet& sheet, const json::object& article) {
    const json::object& page = object_of(article, "page");
    sheet.line("State", text_of(article, "state") + (is_true(article, "silent") ? ", stored silently" : ""));
    sheet.line("Page", with_reason(page));
    sheet.line("Censored", short_time(text_of(article, "censored_at")));
    const auto& images = array_of(article, "images");
    std::size_t held = 0;
    for (const json::value& image : images)
        if (image.is_object() && !text_of(image.get_object(), "capture").empty())
            ++held;
    if (!images.empty())
        sheet.line("Images", fmt::format("{} of {} held", held, images.size()));
    for (const json::value& missing : array_of(article, "missing"))
        if (missing.is_object())
            sheet.line("Missing", fmt::format("{}: {}", text_of(missing.get_object(), "url"),
                                              text_of(missing.get_object(), "reason")));
}

void add_more(Sheet& sheet, std::size_t all) {
    if (all > most_lines)
        sheet.line("", fmt::format("… and {} more: --json", all - most_lines));
}

void add_cited_by(Sheet& sheet, const json::object& lookup) {
    std::size_t lines = 0;
    for (const json::value& value : array_of(lookup, "cited_by"))
        if (const json::object* article = value.if_object(); article != nullptr && lines++ < most_lines)
            sheet.line("Cited by", fmt::format("{}  {}  {}", text_of(*article, "id"),
                                               text_of(*article, "title"), text_of(*article, "url")));
    add_more(sheet, lines);
}

void add_captures(Sheet& sheet, const json::object& lookup) {
    const auto& captures = array_of(lookup, "captures");
    sheet.line("We hold", captures.empty() ? "no capture of it"
                                           : fmt::format("{} capture{}", captures.size(),
                                                         captures.size() == 1 ? "" : "s"));
    std::size_t lines = 0;
    for (const json::value& value : captures)
        if (const json::object* capture = value.if_object(); capture != nullptr && lines++ < most_lines)
            sheet.line("", fmt::format("{}  {}  {}  {}  {}  {}@{}", text_of(*capture, "id"),
                                       short_time(text_of(*capture, "at")), text_of(*capture, "status"),
                                       text_of(*capture, "type"), human_bytes(number_of(*capture, "bytes")),
                                       text_of(*capture, "warc"), text_of(*capture, "offset")));
    add_more(sheet, lines);
}

void add_elsewhere(Sheet& sheet, const json::object& article) {
    for (const json::value& value : array_of(article, "embeds"))
        if (const json::object* embed = value.if_object())
            sheet.line("Shows", text_of(*embed, "target"));
    for (const json::value& value : array_of(article, "related"))
        if (const json::object* other = value.if_object())
            sheet.line(is_true(*other, "same_source") ? "Same source" : "Re-run",
                       fmt::format("{}  {}  {}", text_of(*other, "id"), text_of(*other, "title"),
                                   text_of(*other, "url")));
}

std::string kind_words(const json::object& lookup) {
    const std::string kind = text_of(lookup, "kind");
    const std::size_t citing = array_of(lookup, "cited_by").size();
    const std::string articles = fmt::format("{} article{}", citing, citing == 1 ? "" : "s");
    if (kind == "article")
        return "an article of ours";
    if (kind == "source")
        return "a source, cited by " + articles;
    if (kind == "image")
        return "an image, shown by " + articles;
    return "nothing that we know";
}

} // namespace

std::string print_article(const json::object& article, std::string_view text, const Style& style) {
    Sheet sheet(style);
    sheet.raw(paint(base::terminal_safe(text_of(article, "title")), Paint::bold, style) + "\n");
    sheet.raw(base::terminal_safe(text_of(article, "url")) + "\n\n");
    sheet.line("Id", text_of(article, "id"));
    sheet.line("Published", short_time(text_of(article, "published_at")));
    sheet.line("First seen", short_time(text_of(article, "first_seen_at")));
    sheet.line("Changed", short_time(text_of(article, "changed_at")));
    sheet.line("Revision", text_of(article, "revision"));
    add_state(sheet, article);
    sheet.line("Feeds", joined(article, "feeds", ", "));
    sheet.line("Columns", joined(article, "columns", ", "));
    sheet.line("Outlet", text_of(article, "outlet"));
    sheet.line("Editor", text_of(article, "editor"));
    sheet.line("Categories", joined(article, "categories", ", "));
    add_card(sheet, object_of(article, "card"));
    for (const json::value& source : array_of(article, "sources"))
        if (source.is_object())
            add_source(sheet, source.get_object());
    add_elsewhere(sheet, article);
    sheet.raw("\n");
    sheet.raw(text.empty() ? "(No content is held yet.)" : base::terminal_safe(text, true));
    sheet.raw("\n");
    return sheet.take();
}

std::string print_lookup(const json::object& lookup, const Style& style) {
    Sheet sheet(style);
    const std::string url = text_of(lookup, "url");
    const std::string canonical = text_of(lookup, "canonical_url");
    const json::object& article = object_of(lookup, "article");
    sheet.raw(paint(base::terminal_safe(url), Paint::bold, style) + "\n");
    sheet.line("Canonical", canonical == url ? "" : canonical);
    sheet.line("It is", kind_words(lookup));
    sheet.line("Article", article.empty()
                              ? ""
                              : fmt::format("{}  {}", text_of(article, "id"), text_of(article, "title")));
    sheet.line("State", text_of(article, "state"));
    sheet.line("Page", with_reason(object_of(article, "page")));
    if (object_of(lookup, "source").empty())
        sheet.line("Saving", save_words(object_of(object_of(lookup, "wayback"), "save")));
    add_captures(sheet, lookup);
    if (const json::object& source = object_of(lookup, "source"); !source.empty())
        add_source(sheet, source);
    for (const json::value& source : array_of(article, "sources"))
        if (source.is_object())
            add_source(sheet, source.get_object());
    add_cited_by(sheet, lookup);
    return sheet.take();
}

} // namespace cdtd::app
