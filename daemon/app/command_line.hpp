// What was typed, and one function a subcommand. Each gives the exit status.
#pragma once

#include <cdtd/app/config.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdtd::app {

struct Options {
    std::string config = "/etc/cdtd/cdtd.toml";
    bool json = false;
    bool once = false;
    bool force = false;
    std::string reference; ///< of show and lookup
    std::string format = "text";
    int revision = 0;               ///< 0 = the newest
    std::vector<std::string> feeds; ///< of poll
    /// Filters of articles by their names in the API, as typed.
    std::vector<std::pair<std::string, std::string>> filters;
};

int command_run(const Options& options);
int command_check(const Options& options);
int command_status(const Options& options);
int command_feeds(const Options& options);
int command_articles(const Options& options);
int command_show(const Options& options);
int command_lookup(const Options& options);
int command_poll(const Options& options);

/// The configuration; nullopt: its faults were printed to standard error (exit status 78).
std::optional<Config> configuration(const Options& options);
/// To standard output; 1 where that fails, else `status`.
int put(std::string_view text, int status);
/// "cdtd: …" to standard error; gives `status`.
int complain(std::string_view message, int status);

/// JSON with what could steer a terminal written as \uXXXX: the same value, harmless.
std::string json_for_terminal(std::string_view json);

/// command_post.cpp: POST of a JSON body to the running daemon.
struct Posted {
    int status = 0;
    std::string body;
};
base::Result<Posted> post(const ApiConfig& api, const std::string& target, const std::string& body);

} // namespace cdtd::app
