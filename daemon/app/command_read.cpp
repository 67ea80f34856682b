// The commands that only read: they open the database read-only and ask what the API would answer.
#include "app/command_line.hpp"
#include "app/json_view.hpp"

#include <cdtd/api/answer.hpp>
#include <cdtd/app/commands.hpp>
#include <cdtd/app/instance_lock.hpp>
#include <cdtd/app/print.hpp>
#include <cdtd/article/markdown.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/lookup.hpp>
#include <cdtd/store/markdown.hpp>
#include <cdtd/store/schema.hpp>
#include <cdtd/store/search.hpp>
#include <cdtd/store/status.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <functional>
#include <unistd.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;

api::Context context_of(store::Connection& db, const Config& config) {
    api::Context context;
    context.now = base::system_clock().now();
    context.state_dir = config.state_dir;
    context.running = lock_holder(config.state_dir).has_value();
    if (context.running)
        if (const auto started = store::get_fact(db, "started_at"))
            context.started_at = base::parse_rfc3339(*started);
    return context;
}

/// A problem of the API in words, and the exit status that goes with it.
int put_problem(const api::Answer& answer) {
    boost::system::error_code error;
    const json::value value = json::parse(answer.body, error);
    const std::string detail =
        !error && value.is_object() ? text_of(value.get_object(), "detail") : answer.body;
    return complain(detail, answer.status == 400 ? exit_usage : exit_failed);
}

int show_article(store::Connection& db, const Config& config, const Options& options, std::int64_t id) {
    const api::Answer answer =
        api::answer(db, fmt::format("/api/v1/articles/{}", id), context_of(db, config));
    if (answer.status != 200)
        return put_problem(answer);
    if (options.format == "json" || options.json)
        return put_json(answer.body, exit_done);
    const auto revision = store::get_revision(db, id, options.revision);
    if (!revision && options.revision > 0)
        return complain(fmt::format("article {} has no revision {}", id, options.revision), exit_failed);
    if (options.format == "markdown") {
        const auto source = store::markdown_source(db, id, options.revision);
        if (!source)
            return complain(fmt::format("article {} has no revision {}", id, options.revision), exit_failed);
        const std::string file =
            article::write_markdown({source->published_at, source->title, source->url, source->html});
        return put(isatty(STDOUT_FILENO) != 0 ? base::terminal_safe(file, true) : file, exit_done);
    }
    if (options.format == "html") {
        if (!revision)
            return complain(fmt::format("no content of article {} is held yet", id), exit_failed);
        const std::string& html = revision->content.html;
        return put((isatty(STDOUT_FILENO) != 0 ? base::terminal_safe(html, true) : html) + "\n", exit_done);
    }
    json::object article = json::parse(answer.body).as_object();
    if (revision && options.revision > 0) {
        article["title"] = revision->title.text;
        article["url"] = revision->url;
        article["revision"] =
            fmt::format("{}, read {}", revision->number, short_time(base::format_rfc3339(revision->seen_at)));
    }
    return put(print_article(article, revision ? revision->content.text : "", terminal()), exit_done);
}

} // namespace

int ask(const Options& options, const std::string& target, Print print,
        const std::function<int(const json::object&)>& judge) {
    return with_database(options, [&](store::Connection& db, const Config& config) {
        const api::Answer answer = api::answer(db, target, context_of(db, config));
        if (answer.status != 200)
            return put_problem(answer);
        if (target.contains("?q=") || target.contains("&q="))
            say_unindexed(db);
        const json::value value = json::parse(answer.body);
        const int status = judge ? judge(value.as_object()) : int{exit_done};
        return options.json ? put_json(answer.body, status)
                            : put(print(value.as_object(), terminal()), status);
    });
}

std::string target_of(std::string path, const std::vector<std::pair<std::string, std::string>>& query) {
    char mark = '?';
    for (const auto& [key, value] : query) {
        path += fmt::format("{}{}={}", mark, key, base::percent_encode(value));
        mark = '&';
    }
    return path;
}

int with_database(const Options& options, const std::function<int(store::Connection&, const Config&)>& read) {
    const std::optional<Config> config = configuration(options);
    if (!config)
        return exit_configuration;
    if (access(config->database().c_str(), F_OK) != 0)
        return complain(
            fmt::format("there is no archive at {} yet (or it can't be seen by this user); `cdtd run` "
                        "makes it",
                        config->database()),
            exit_failed);
    store::Connection db(config->database(), store::Mode::read_only);
    store::require_current(db);
    return read(db, *config);
}

void say_unindexed(store::Connection& db) {
    if (const auto left = store::unindexed(db); left > 0)
        fmt::print(stderr, "note: up to {} articles are not in the search index yet; the daemon sees to it\n",
                   left);
}

std::string json_for_terminal(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1u : lead < 0xe0 ? 2u : lead < 0xf0 ? 3u : 4u;
        const std::string_view character = text.substr(i, length);
        // What base::terminal_safe takes away or alters is written as an escape; all of it lies in the BMP.
        if (lead >= 0x7f && length <= 3 && base::terminal_safe(character) != character) {
            unsigned code = length == 1 ? lead : lead & (length == 2 ? 0x1fu : 0x0fu);
            for (const char next : character.substr(1))
                code = (code << 6) | (static_cast<unsigned char>(next) & 0x3fu);
            result += fmt::format("\\u{:04x}", code);
        } else {
            result += character;
        }
        i += length;
    }
    return result;
}

int put_json(const std::string& body, int status) {
    return put((isatty(STDOUT_FILENO) != 0 ? json_for_terminal(body) : body) + "\n", status);
}

int command_status(const Options& options) {
    if (options.survival)
        return ask(options, "/api/v1/survival", print_survival);
    return ask(options, "/api/v1/status", print_status);
}

int command_feeds(const Options& options) {
    if (options.opml)
        return put_opml(options);
    return ask(options, "/api/v1/feeds?limit=500", print_feeds);
}

int command_explain(const Options& options) {
    return ask(options, "/api/v1/feeds/" + base::percent_encode(options.reference), print_feed);
}

int command_articles(const Options& options) {
    return ask(options, target_of("/api/v1/articles", options.filters), print_articles);
}

int command_search(const Options& options) {
    std::string query;
    for (const auto& word : options.query)
        query.append(query.empty() ? "" : " ").append(base::trim(word));
    if (query.empty())
        return complain("nothing to search for", exit_usage);
    const auto target = target_of("/api/v1/search", {{"q", query}, {"limit", std::to_string(options.limit)}});
    return ask(options, target, print_search);
}

int command_show(const Options& options) {
    if (options.revision > 0 && (options.json || options.format == "json"))
        return complain("--revision goes with --format text, html or markdown", exit_usage);
    return with_database(options, [&](store::Connection& db, const Config& config) {
        const auto id = store::find_by_reference(db, options.reference);
        if (!id)
            return complain(fmt::format("there is no article {}; `cdtd lookup` knows sources and images too",
                                        options.reference),
                            exit_failed);
        return show_article(db, config, options, *id);
    });
}

int command_lookup(const Options& options) {
    const auto known = [](const json::object& lookup) {
        return text_of(lookup, "kind") == "unknown" ? int{exit_failed} : int{exit_done};
    };
    return ask(options, target_of("/api/v1/lookup", {{"url", options.reference}}), print_lookup, known);
}

} // namespace cdtd::app
