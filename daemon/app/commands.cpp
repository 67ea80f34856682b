#include "app/command_line.hpp"

#include <cdtd/app/commands.hpp>
#include <cdtd/app/daemon.hpp>
#include <cdtd/app/logging.hpp>
#include <cdtd/base/text.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace cdtd::app {
namespace {

using Command = int (*)(const Options&);

/// The subcommand that was given sets `chosen`.
CLI::App* add(CLI::App& app, Command& chosen, const char* name, const char* what, Command command) {
    CLI::App* sub = app.add_subcommand(name, what);
    // A parent's callback comes after its subcommand's.
    sub->callback([&chosen, command, sub] {
        if (sub->get_subcommands().empty())
            chosen = command;
    });
    return sub;
}

void add_json(CLI::App* sub, Options& options) {
    sub->add_flag("--json", options.json, "What the API answers, instead of a table");
}

void add_filter(CLI::App* sub, Options& options, const std::string& flag, const std::string& key,
                const char* what) {
    sub->add_option_function<std::string>(
        flag, [&options, key](const std::string& value) { options.filters.emplace_back(key, value); }, what);
}

void add_filters(CLI::App* sub, Options& options) {
    static constexpr std::pair<const char*, const char*> filters[] = {
        {"feed", "Only of these feeds (names, by comma)"},
        {"since", "Published at or after: RFC 3339, a date, or 7d, 12h (ago)"},
        {"until", "Published before"},
        {"outlet", "Only from these outlets"},
        {"topic", "Only with these topics"},
        {"column", "Only with these columns, as 404文库"},
        {"state", "seen, stored, archived, failed, gone"},
        {"source_state",
         "Of a source: alive, deleted, censored, challenged, unreachable, unknown, unchecked"},
        {"wayback", "Of a source: archived, not_archived, unknown, unchecked"},
        {"query", "Only those for which this search holds, as of `cdtd search`"}};
    for (const auto& [name, what] : filters) {
        std::string flag = std::string("--") + name;
        for (char& c : flag)
            c = c == '_' ? '-' : c;
        const std::string key = std::string_view(name) == "query" ? "q" : name; // as the API calls it
        add_filter(sub, options, flag, key, what);
    }
}

void add_acting(CLI::App& app, Options& options, Command& chosen) {
    CLI::App* run =
        add(app, chosen, "run", "The daemon, in the foreground: polls, keeps, tells, answers", command_run);
    run->add_flag("--once", options.once,
                  "Poll every feed once, work the queue off, say what came of it, end");
    CLI::App* check =
        add(app, chosen, "check", "Says every fault of the configuration and the state; changes nothing",
            command_check);
    check->add_flag("--online", options.online,
                    "Also asks each feed's server, and names the feeds of a mere page");
    CLI::App* poll = add(app, chosen, "poll", "Asks the running daemon to poll now", command_poll);
    poll->add_option("FEED", options.feeds, "Which feeds; without any, all that are enabled");
    poll->add_flag("--force", options.force, "Also where the feed's server forbids it for now");
    CLI::App* backfill = add(app, chosen, "backfill", "Asks the running daemon to walk a feed's older pages",
                             command_backfill);
    backfill->add_option("FEED", options.reference, "Its name")->required();
    backfill->add_option("--pages", options.pages, "So many pages; without this and --until, 10")
        ->check(CLI::Range(1, 100'000));
    backfill->add_option("--until", options.until, "Back to this time: RFC 3339, a date, or 7d, 12h (ago)");
}

void add_feeds(CLI::App& app, Options& options, Command& chosen) {
    CLI::App* feeds = add(app, chosen, "feeds", "Each feed's state", command_feeds);
    feeds->require_subcommand(0, 1);
    add_json(feeds, options);
    feeds->add_flag("--opml", options.opml, "The list of feeds as OPML")
        ->excludes(feeds->get_option("--json"));
    const auto named = [&](const char* name, const char* what, Command command) {
        CLI::App* sub = add(*feeds, chosen, name, what, command);
        sub->add_option("NAME", options.reference, "The feed's name")->required();
        return sub;
    };
    add_json(named("explain", "One feed, and why its next poll is when it is", command_explain), options);
    named("release", "Asks the running daemon to let a held feed go on", command_release);
    named("enable", "Asks the running daemon to poll a feed again that said it is gone", command_enable);
    CLI::App* discover = add(*feeds, chosen, "discover", "The feeds that a page offers", command_discover);
    discover->add_option("URL", options.reference, "Of a page, or of a feed")->required();
    add_json(discover, options);
    CLI::App* from = add(*feeds, chosen, "from-opml", "An OPML list as [[feed]] blocks", command_from_opml);
    from->add_option("FILE", options.reference, "- is standard input")->required();
}

void add_endpoints(CLI::App& app, Options& options, Command& chosen) {
    CLI::App* webhooks =
        add(app, chosen, "webhooks", "Who is told, who is behind, and what happens next", command_webhooks);
    webhooks->require_subcommand(0, 1);
    add_json(webhooks, options);
    const auto named = [&](const char* name, const char* what, Command command) {
        add(*webhooks, chosen, name, what, command)
            ->add_option("NAME", options.reference, "The endpoint's name; [email] is called email")
            ->required();
    };
    named("test", "Asks the running daemon to send a test.ping, and says what came of it",
          command_webhook_test);
    named("enable", "Asks the running daemon to tell a disabled or failing endpoint again",
          command_webhook_enable);
    CLI::App* deliveries =
        add(app, chosen, "deliveries", "What was told to whom, newest first", command_deliveries);
    deliveries->require_subcommand(0, 1);
    add_json(deliveries, options);
    add_filter(deliveries, options, "--endpoint", "endpoint", "Only to these endpoints (names, by comma)");
    add_filter(deliveries, options, "--state", "state", "pending, delivered, failed");
    add_filter(deliveries, options, "--since", "since",
               "Only of what happened at or after: RFC 3339, a date, or 7d, 12h (ago)");
    add_filter(deliveries, options, "--limit", "limit", "How many, 1 to 500 (default 50)");
    CLI::App* replay =
        add(*deliveries, chosen, "replay",
            "Asks the running daemon to tell an endpoint again what it wants of the log", command_replay);
    replay->add_option("--endpoint", options.endpoint, "Its name")->required();
    replay->add_option("--since", options.since, "RFC 3339, a date, or 7d, 12h (ago)")->required();
    replay->add_option("--type", options.type, "Only events of this type, as article.new or article.*");
}

void add_reading(CLI::App& app, Options& options, Command& chosen) {
    CLI::App* status =
        add(app, chosen, "status", "Feeds, queue, archive and deliveries at a glance", command_status);
    status->add_flag("--survival", options.survival,
                     "How long originals lived, by platform and outlet, instead");
    add_json(status, options);
    add_feeds(app, options, chosen);
    CLI::App* articles = add(app, chosen, "articles", "Lists articles, newest first", command_articles);
    add_json(articles, options);
    add_filters(articles, options);
    add_filter(articles, options, "--limit", "limit", "How many, 1 to 500 (default 50)");
    CLI::App* search =
        add(app, chosen, "search", "Full-text search, best first, with the matching passage", command_search);
    search->add_option("QUERY", options.query, "Words, \"phrases\", AND, OR, NOT, -word, title:word, ( )")
        ->required();
    search->add_option("--limit", options.limit, "How many, 1 to 500 (default 20)")
        ->check(CLI::Range(1, 500));
    add_json(search, options);
    CLI::App* show = add(app, chosen, "show", "One article", command_show);
    show->add_option("ID-or-URL", options.reference, "Its id, any of its URLs, or its guid")->required();
    show->add_option("--format", options.format, "text, markdown, html or json")
        ->check(CLI::IsMember({"text", "markdown", "html", "json"}));
    show->add_option("--revision", options.revision, "Which reading of it, from 1; without, the newest")
        ->check(CLI::Range(1, 1'000'000'000));
    add_json(show, options);
    CLI::App* lookup = add(app, chosen, "lookup", "The archive status of any URL", command_lookup);
    lookup->add_option("URL", options.reference, "An article's, a source's or an image's")->required();
    add_json(lookup, options);
}

void add_verify(CLI::App& app, Options& options, Command& chosen) {
    CLI::App* verify = add(app, chosen, "verify", "Reads every stored byte again; names the first bad record",
                           command_verify);
    verify->add_option("--file", options.files, "Only this WARC file, by its name in warc/; repeatable");
    verify->add_option("--since", options.since,
                       "Only what was captured at or after: RFC 3339, a date, or 7d, 12h (ago)");
    verify->add_option("--until", options.until, "Only what was captured before");
    add_json(verify, options);
}

void add_files(CLI::App& app, Options& options, Command& chosen) {
    CLI::App* out = add(app, chosen, "export", "Articles as files for other programs", command_export);
    out->add_option(
           "--format", options.format,
           "jsonl: one article a line, as the API gives it, with text and html; markdown: a file an "
           "article, as `cdtd import` takes them; warc: every capture of them, in one WARC file; wacz: the "
           "same with index and pages, to be replayed by a browser")
        ->required()
        ->check(CLI::IsMember({"jsonl", "markdown", "warc", "wacz"}));
    out->add_option("-o,--output", options.output, "The file (- is standard output) or the folder (markdown)")
        ->required();
    add_filters(out, options);
    out->add_option("--limit", options.most, "At most so many, the newest (default: all)")
        ->check(CLI::Range(1, 1'000'000'000));
    CLI::App* in = add(app, chosen, "import",
                       "Takes in Markdown archives as `export` writes them, or older; the daemon must be "
                       "stopped. What is known already stays as it is; nothing is told as new",
                       command_import);
    in->add_option("PATH", options.paths, "Files, or folders with files *.md in them")->required();
    in->add_flag("--fetch", options.fetch, "Also fetch the pages and images of what is new, as of feeds");
}

int parse_and_run(int argc, char** argv) {
    CLI::App app("cdtd keeps the record of China Digital Times.", "cdtd");
    Options options;
    Command chosen = nullptr;
    app.set_version_flag("--version", "cdtd " CDTD_VERSION);
    app.fallthrough(); // -c before or after the subcommand
    app.require_subcommand(1);
    app.add_option("-c,--config", options.config, "The configuration")
        ->envname("CDTD_CONFIG")
        ->capture_default_str();
    app.footer("Exit status: 0 done, 1 failed or not found, 2 wrong usage, 78 wrong configuration.");
    add_acting(app, options, chosen);
    add_reading(app, options, chosen);
    add_endpoints(app, options, chosen);
    add_verify(app, options, chosen);
    add_files(app, options, chosen);
    try {
        auto words = arguments(argc, argv);
        std::ranges::reverse(words); // as CLI11 takes them
        app.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_done : exit_usage;
    }
    return chosen(options);
}

} // namespace

int put(std::string_view text, int status) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        return complain("standard output can't be written", exit_failed);
    return status;
}

int complain(std::string_view message, int status) {
    fmt::print(stderr, "cdtd: {}\n", base::terminal_safe(message));
    return status;
}

std::optional<Config> configuration(const Options& options) {
    Loaded loaded = load_config(options.config);
    for (const Fault& fault : loaded.faults)
        fmt::print(stderr, "{}\n", to_string(fault));
    return std::move(loaded.config);
}

std::optional<Config> configuration_if_any(const Options& options) {
    struct stat facts{};
    if (stat(options.config.c_str(), &facts) != 0 && errno == ENOENT) {
        if (options.config != Options{}.config)
            fmt::print(stderr, "note: {} is not there: the defaults hold\n",
                       base::terminal_safe(options.config));
        return Config{};
    }
    return configuration(options);
}

int command_run(const Options& options) {
    const Loaded loaded = load_config(options.config);
    for (const Fault& fault : loaded.faults)
        fmt::print(stderr, "{}\n", to_string(fault));
    if (!loaded.config)
        return exit_configuration;
    const auto log = make_log(loaded.config->log_format, loaded.config->log_level);
    for (const Fault& warning : loaded.warnings)
        log->warn(to_string(warning));
    return run_daemon(*loaded.config, options.config, options.once, *log);
}

int main_command(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (const std::exception& error) {
        return complain(error.what(), exit_failed);
    } catch (...) {
        return complain("an unknown failure", exit_failed);
    }
}

} // namespace cdtd::app
