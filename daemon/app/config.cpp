#include "app/config_reader.hpp"

#include <cdtd/app/config.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <map>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace cdtd::app {
namespace {

constexpr std::size_t largest_file = 1u << 20;

std::vector<pipeline::FeedSettings> default_feeds() {
    pipeline::FeedSettings chinese;
    chinese.name = "cdt-chinese";
    chinese.url = "https://chinadigitaltimes.net/chinese/feed/";
    pipeline::FeedSettings english;
    english.name = "cdt-english";
    english.url = "https://chinadigitaltimes.net/feed/";
    return {chinese, english};
}

/// The whole file; an error names it and the cause.
base::Result<std::string> read_file(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return base::fail(base::Errc::io, fmt::format("can't be read: {}{}", std::strerror(errno),
                                                      errno == ENOENT ? "; name it with --config FILE" : ""));
    struct stat facts{};
    std::string text;
    base::Result<std::string> result;
    if (fstat(fd, &facts) != 0 || S_ISDIR(facts.st_mode)) {
        result = base::fail(base::Errc::io, "is a directory; name the file in it");
    } else {
        char buffer[16384];
        ssize_t got = 0;
        while (text.size() <= largest_file && (got = read(fd, buffer, sizeof buffer)) > 0)
            text.append(buffer, static_cast<std::size_t>(got));
        if (got < 0)
            result = base::fail(base::Errc::io, fmt::format("can't be read: {}", std::strerror(errno)));
        else if (text.size() > largest_file)
            result = base::fail(base::Errc::too_large, "is over 1 MiB: that is no configuration");
        else
            result = std::move(text);
    }
    close(fd);
    return result;
}

/// Calls `read` with the table of a section that may stand once. A missing one is fine.
void once(Section& top, const char* key, const std::function<void(Section&)>& read) {
    const toml::node* node = top.take(key);
    if (node == nullptr)
        return;
    if (const toml::table* table = node->as_table()) {
        Section section(*table, key, top.faults());
        read(section);
    } else {
        top.fault(key, fmt::format("must be a section [{}], not {}", key,
                                   node->is_array_of_tables() ? "[[…]]" : type_name(*node)));
    }
}

/// The same for a section that may stand any number of times. `number` in the path counts from 1.
void each(Section& top, const char* key, const std::function<void(Section&)>& read) {
    const toml::node* node = top.take(key);
    if (node == nullptr)
        return;
    const toml::array* list = node->as_array();
    if (list == nullptr) {
        top.fault(key, fmt::format("may stand more than once: write [[{}]], not [{}]", key, key));
        return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (const toml::table* table = (*list)[i].as_table()) {
            Section section(*table, fmt::format("{}[{}]", key, i + 1), top.faults());
            read(section);
        } else {
            top.fault_in(key, i, fmt::format("must be a section [[{}]], not {}", key, type_name((*list)[i])));
        }
    }
}

/// Reports a name that stands twice; the second one is at fault.
class Names {
  public:
    void note(Section& section, const std::string& name) {
        if (!name.empty() && !seen_.emplace(name, section.name_of("")).second)
            section.fault("name",
                          fmt::format("\"{}\" is the name of {} too; give each its own", name, seen_[name]));
    }

  private:
    std::map<std::string, std::string> seen_;
};

base::Level level_of(const std::string& word) {
    static const std::map<std::string, base::Level> levels = {{"trace", base::Level::trace},
                                                              {"debug", base::Level::debug},
                                                              {"info", base::Level::info},
                                                              {"warn", base::Level::warn},
                                                              {"error", base::Level::error}};
    return levels.at(word);
}

/// systemd.exec(5): several directories are parted by colons; ours is the first.
std::string default_state_dir(const std::string& otherwise) {
    const char* given = std::getenv("STATE_DIRECTORY");
    const std::string list = given != nullptr ? given : "";
    return list.starts_with('/') ? list.substr(0, list.find(':')) : otherwise;
}

void read_state_dir(Section& top, Config& config) {
    config.state_dir = default_state_dir(config.state_dir);
    const toml::node* written = top.take("state_dir");
    if (written != nullptr && written->is_string() && written->as_string()->get().empty())
        top.fault("state_dir", "is empty; write a path, or take the line out for " + config.state_dir);
    top.path("state_dir", config.state_dir);
    while (config.state_dir.size() > 1 && config.state_dir.ends_with('/'))
        config.state_dir.pop_back();
}

void read_contact(Section& top, Config& config) {
    top.text("contact", config.contact);
    const auto bad = [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == '(' || c == ')'; };
    if (std::ranges::any_of(config.contact, bad))
        top.fault("contact", "is sent in a header: write a URL (percent-encoded) or a mail address, in ASCII "
                             "without spaces and parentheses");
    else if (config.contact.empty())
        top.warn("contact", "is empty: write a URL or mail address, so that the sites we read can reach you "
                            "before they block");
    if (config.http.user_agent.empty())
        config.http.user_agent =
            config.contact.empty() ? "cdtd/" CDTD_VERSION : "cdtd/" CDTD_VERSION " (+" + config.contact + ")";
}

void read_endpoints(Section& top, Config& config) {
    std::vector<std::string> feeds;
    for (const auto& feed : config.feeds)
        feeds.push_back(feed.name);
    Names names;
    each(top, "webhook", [&](Section& s) {
        read_webhook(s, config.endpoints.emplace_back(), feeds);
        names.note(s, config.endpoints.back().name);
    });
    each(top, "exec", [&](Section& s) {
        read_exec(s, config.endpoints.emplace_back(), feeds);
        names.note(s, config.endpoints.back().name);
    });
    once(top, "email", [&](Section& s) {
        if (!read_email(s, config.endpoints.emplace_back(), feeds))
            config.endpoints.pop_back();
        else
            names.note(s, config.endpoints.back().name);
    });
}

void read_top(Section& top, Config& config) {
    read_state_dir(top, config);
    std::string level;
    if (top.choice("log_level", level, {"trace", "debug", "info", "warn", "error"}))
        config.log_level = level_of(level);
    top.choice("log_format", config.log_format, {"auto", "journal", "text", "json"});
    config.http.user_agent.clear();
    once(top, "http", [&](Section& s) { read_http(s, config.http); });
    read_contact(top, config);

    Names feed_names;
    each(top, "feed", [&](Section& s) {
        read_feed(s, config.feeds.emplace_back());
        feed_names.note(s, config.feeds.back().name);
    });
    if (config.feeds.empty())
        config.feeds = default_feeds();
    once(top, "archive", [&](Section& s) { read_archive(s, config.archive); });
    once(top, "schedule", [&](Section& s) { read_schedule(s, config.schedule); });
    once(top, "wayback", [&](Section& s) { read_wayback(s, config.wayback); });
    once(top, "watch", [&](Section& s) { read_watch(s, config.watch); });
    once(top, "delivery", [&](Section& s) { read_delivery(s, config.delivery); });

    read_endpoints(top, config);
    once(top, "api", [&](Section& s) { read_api(s, config.api); });
    for (auto& endpoint : config.endpoints)
        endpoint.public_url = config.api.public_url;
    top.finish();
}

} // namespace

std::string to_string(const Fault& fault) {
    std::string text = fault.file;
    if (fault.line > 0)
        text += fmt::format(":{}:{}", fault.line, fault.column);
    text += ": ";
    if (!fault.key.empty())
        text += fault.key + ": ";
    return base::terminal_safe(text + fault.message);
}

Loaded load_config(const std::string& path) {
    Faults faults{path, {}, {}};
    const auto text = read_file(path);
    if (!text) {
        faults.faults.push_back({path, 0, 0, "", text.error().message});
        return {std::nullopt, std::move(faults.faults), {}};
    }
    Config config;
    try {
        const toml::table table = toml::parse(*text, path);
        Section top(table, "", faults);
        read_top(top, config);
    } catch (const toml::parse_error& error) {
        faults.add(error.source(), "", std::string(error.description()));
    }
    std::ranges::sort(faults.faults, [](const Fault& a, const Fault& b) {
        return std::tie(a.line, a.column, a.key, a.message) < std::tie(b.line, b.column, b.key, b.message);
    });
    Loaded loaded{std::nullopt, std::move(faults.faults), std::move(faults.warnings)};
    if (loaded.faults.empty())
        loaded.config = std::move(config);
    return loaded;
}

} // namespace cdtd::app
