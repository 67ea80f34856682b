#include "pipeline/store_new.hpp"

#include <cdtd/article/read.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/pipeline/recognise.hpp>
#include <cdtd/pipeline/take_file.hpp>
#include <cdtd/store/articles.hpp>

#include <chrono>
#include <utility>

namespace cdtd::pipeline {

namespace {

/// A guid that is no URL, and an entry without a link, are told apart by their feed. A file has none.
constexpr const char* scope = "https://files.invalid/";

bool is_page(std::string_view html) {
    const std::string begin = base::ascii_lower(base::trim(html).substr(0, 200));
    return begin.starts_with("<!doctype") || begin.starts_with("<html");
}

/// As far as files tell it.
bool same_time(std::optional<base::Time> a, std::optional<base::Time> b) {
    using std::chrono::milliseconds;
    if (!a || !b)
        return true; // a date that is missing contradicts nothing
    return std::chrono::floor<milliseconds>(*a) == std::chrono::floor<milliseconds>(*b);
}

/// Whether the article that has a key of the file is the file's. Publishers give numbers away again, and some
/// feeds give every entry the same link: such articles have title, date and text of their own. nullopt: the
/// content must tell.
std::optional<bool> is_this(const change::Known& known, const Reading& reading, const change::Key& key) {
    const change::Seen seen = seen_of(reading);
    const bool other = key.kind == "link"
                           ? known.title != seen.title && !same_time(known.published, seen.published)
                           : change::is_another(known, seen);
    if (!other)
        return true;
    if (!reading.content && !reading.html.empty())
        return std::nullopt;
    return known.content_sha256 == seen.content_sha256;
}

} // namespace

base::Result<Reading> read_file(article::Markdown file) {
    model::Feed document;
    model::Entry entry;
    entry.title = file.title;
    entry.published = file.published_at;
    if (!file.url.empty()) {
        auto link = base::normalize_url(file.url);
        if (!link)
            return base::fail(base::Errc::bad_data, "its URL is not one of http or https");
        entry.link = std::move(*link);
    }
    entry.content = file.html.contains('\0') ? base::to_valid_utf8(file.html) : std::move(file.html);
    document.entries.push_back(std::move(entry));
    Reading reading;
    reading.identity = std::move(change::identify(document, scope).front());
    reading.entry = std::move(document.entries.front());
    reading.title = article::title_of_text(reading.entry.title);
    reading.html = std::move(reading.entry.content);
    return reading;
}

void read_file_content(Reading& reading) {
    if (reading.html.empty())
        return;
    // An article whose feed brought no content has its whole page instead.
    if (is_page(reading.html))
        reading.content = article::read_page(reading.html, reading.entry.link);
    if (!reading.content)
        reading.content = article::read(reading.html, reading.entry.link);
}

std::optional<bool> knows_file(store::Connection& db, const Reading& reading) {
    for (const change::Key& key : reading.identity.keys) {
        const auto id = store::find_article(db, {key});
        if (!id)
            continue;
        const auto same = is_this(store::known_of(db, *id), reading, key);
        if (!same || *same)
            return same;
    }
    if (reading.content)
        return store::has_copy(db, reading.content->sha256, reading.entry.published, reading.title.headline);
    return reading.html.empty() ? std::optional(false) : std::nullopt;
}

bool take_file(store::Connection& db, const TakeIn& how, Reading reading) {
    if (knows_file(db, reading).value_or(false))
        return false;
    // A key that another article has stays that article's.
    std::erase_if(reading.identity.keys,
                  [&](const change::Key& key) { return store::find_article(db, {key}).has_value(); });
    model::FeedState none;
    none.id = no_feed;
    const TakeIn silently{how.feed, how.archive, how.teller, none, how.now, {}, false, {}};
    Taken taken;
    store_new(db, silently, reading, true, taken);
    return true;
}

} // namespace cdtd::pipeline
