// `check`: every fault of the configuration and of the machine, without changing either.
#include "app/check.hpp"
#include "app/command_line.hpp"

#include <cdtd/app/commands.hpp>
#include <cdtd/app/instance_lock.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/schema.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace cdtd::app {
namespace {

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool exists(const std::string& path) {
    struct stat facts{};
    return stat(path.c_str(), &facts) == 0;
}

void check_writable(const std::string& directory, std::string_view key, Findings& findings) {
    struct stat facts{};
    if (stat(directory.c_str(), &facts) == 0 && !S_ISDIR(facts.st_mode))
        findings.faults.push_back(
            fmt::format("{} is no directory; move it away or change {}", directory, key));
    else if (access(directory.c_str(), W_OK | X_OK) != 0)
        findings.faults.push_back(
            fmt::format("{} can't be written by this user: {}; run as the daemon's user, or "
                        "chown it",
                        directory, std::strerror(errno)));
}

/// A directory that the daemon makes where it is not there; `key` names it in the configuration.
void check_directory(const std::string& directory, std::string_view key, Findings& findings) {
    if (exists(directory))
        return check_writable(directory, key, findings);
    std::string above = parent_of(directory);
    while (above != "/" && !exists(above))
        above = parent_of(above);
    if (access(above.c_str(), W_OK | X_OK) != 0)
        findings.faults.push_back(
            fmt::format("{} is not there and can't be made in {}: {}; make it and chown it "
                        "to the daemon's user",
                        directory, above, std::strerror(errno)));
    else
        findings.notes.push_back(fmt::format("{} is not there yet; `cdtd run` makes it", directory));
}

/// What the last polls said.
void check_feeds(store::Connection& db, Findings& findings, std::set<std::string>& asked) {
    for (const auto& feed : store::list_feeds(db)) {
        if (feed.last_poll_at)
            asked.insert(feed.name);
        if (feed.enabled && feed.last_error && feed.last_error->contains("not a feed but an HTML page"))
            findings.notes.push_back(
                fmt::format("feed {}: its last poll got an HTML page, not a feed; run `cdtd feeds "
                            "discover {}`",
                            feed.name, feed.url));
    }
}

/// Whom to ask: everybody where that was wished; else only who was never asked and has the address of a page,
/// which is the usual slip when a feed is new.
std::vector<pipeline::FeedSettings> feeds_to_ask(const Config& config, bool online,
                                                 const std::set<std::string>& asked) {
    std::vector<pipeline::FeedSettings> feeds;
    for (const auto& feed : config.feeds)
        if (feed.enabled && (online || (!asked.contains(feed.name) && looks_like_a_page(feed.url))))
            feeds.push_back(feed);
    return feeds;
}

/// `asked` gets the feeds that were polled before.
void check_database(const Config& config, bool running, Findings& findings, std::set<std::string>& asked) {
    if (!exists(config.database()))
        return;
    if (access(config.database().c_str(), W_OK) != 0)
        findings.faults.push_back(
            fmt::format("{} can't be written by this user: {}", config.database(), std::strerror(errno)));
    try {
        store::Connection db(config.database(), store::Mode::read_only);
        const int schema = store::schema_of(db);
        if (schema > 0 && schema < store::newest_schema()) {
            findings.notes.push_back(
                fmt::format("{} has schema {}; the next start of `cdtd run` brings it to {}, "
                            "after a backup",
                            config.database(), schema, store::newest_schema()));
        } else {
            store::require_current(db);
            check_feeds(db, findings, asked);
            check_archive(db, config.warc_dir(), running, findings);
        }
    } catch (const std::exception& error) {
        findings.faults.emplace_back(error.what());
    }
}

} // namespace

int command_check(const Options& options) {
    const Loaded loaded = load_config(options.config);
    for (const Fault& fault : loaded.faults)
        fmt::print(stderr, "{}\n", to_string(fault));
    for (const Fault& warning : loaded.warnings)
        fmt::print(stderr, "warning: {}\n", to_string(warning));
    if (!loaded.config)
        return exit_configuration;
    const Config& config = *loaded.config;
    Findings findings;
    check_directory(config.state_dir, "state_dir", findings);
    if (exists(config.warc_dir()))
        check_writable(config.warc_dir(), "state_dir", findings);
    if (!config.archive.markdown_dir.empty())
        check_directory(config.archive.markdown_dir, "archive.markdown_dir", findings);
    std::set<std::string> asked;
    const auto holder = lock_holder(config.state_dir);
    check_database(config, holder.has_value(), findings, asked);
    if (holder)
        findings.notes.push_back(fmt::format("the daemon is running (process {})", holder->pid));
    check_online(config, feeds_to_ask(config, options.online, asked), findings);
    for (const std::string& fault : findings.faults)
        complain(fault, exit_failed);
    std::string text;
    for (const std::string& note : findings.notes)
        text += fmt::format("note: {}\n", base::terminal_safe(note));
    if (!findings.faults.empty())
        return put(text, exit_failed);
    text += fmt::format("ok: {}: {} feed{}, {} endpoint{}, state in {}, API on {}\n",
                        base::terminal_safe(options.config), config.feeds.size(),
                        config.feeds.size() == 1 ? "" : "s", config.endpoints.size(),
                        config.endpoints.size() == 1 ? "" : "s", base::terminal_safe(config.state_dir),
                        base::terminal_safe(config.api.listen));
    return put(text, exit_done);
}

} // namespace cdtd::app
