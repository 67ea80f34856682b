// What was typed, and one function a subcommand. Each gives the exit status.
#pragma once

#include <cdtd/app/config.hpp>
#include <cdtd/app/print.hpp>
#include <cdtd/store/connection.hpp>

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <functional>
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
    bool online = false;   ///< of check
    bool opml = false;     ///< of feeds
    bool survival = false; ///< of status
    std::string
        reference; ///< of show, lookup, discover; the file of from-opml; the feed of what asks for one
    std::string format = "text";
    int revision = 0;               ///< 0 = the newest
    std::vector<std::string> feeds; ///< of poll
    int pages = 0;                  ///< of backfill; 0 = not given
    std::string since;              ///< of verify, deliveries replay; as typed
    std::string until;              ///< of backfill, verify; as typed
    std::vector<std::string> files; ///< of verify
    std::string endpoint;           ///< of deliveries replay
    std::string type;               ///< of deliveries replay; "" = all
    std::vector<std::string> query; ///< of search: what the shell took apart
    int limit = 20;                 ///< of search
    std::string output;             ///< of export
    std::int64_t most = 0;          ///< of export; 0 = all
    std::vector<std::string> paths; ///< of import
    bool fetch = false;             ///< of import
    /// Filters of articles by their names in the API, as typed.
    std::vector<std::pair<std::string, std::string>> filters;
};

int command_run(const Options& options);
int command_check(const Options& options);
int command_status(const Options& options);
int command_feeds(const Options& options);
int command_articles(const Options& options);
int command_search(const Options& options);
int command_show(const Options& options);
int command_lookup(const Options& options);
int command_verify(const Options& options);
int command_export(const Options& options);
int command_import(const Options& options);
// command_order.cpp: asks the running daemon through its API
int command_poll(const Options& options);
int command_release(const Options& options);
int command_enable(const Options& options);
int command_backfill(const Options& options);
// command_endpoints.cpp
int command_webhooks(const Options& options);
int command_webhook_test(const Options& options);
int command_webhook_enable(const Options& options);
int command_deliveries(const Options& options);
int command_replay(const Options& options);
int command_explain(const Options& options);
int command_discover(const Options& options);
int command_from_opml(const Options& options);
/// `feeds --opml`, command_opml.cpp.
int put_opml(const Options& options);

/// The configuration; nullopt: its faults were printed to standard error (exit status 78).
std::optional<Config> configuration(const Options& options);
/// The same, but a file that is not there is no fault: nothing is configured then but the defaults, no feed
/// either.
std::optional<Config> configuration_if_any(const Options& options);
/// What the API answers to this, printed by `print` or as JSON; `judge` gives the exit status.
using Print = std::string (*)(const boost::json::object&, const Style&);
int ask(const Options& options, const std::string& target, Print print,
        const std::function<int(const boost::json::object&)>& judge = {});
/// "/path?key=value&…", encoded.
std::string target_of(std::string path, const std::vector<std::pair<std::string, std::string>>& query);
/// Opens what the configuration names, to be read only, and calls `read`; says in words why that can't be.
int with_database(const Options& options, const std::function<int(store::Connection&, const Config&)>& read);
/// A search of half an index must not look like one of the whole.
void say_unindexed(store::Connection& db);
/// To standard output; 1 where that fails, else `status`.
int put(std::string_view text, int status);
/// "cdtd: …" to standard error; gives `status`.
int complain(std::string_view message, int status);

/// JSON and a line end to standard output, harmless where that is a terminal; gives `status`.
int put_json(const std::string& body, int status);

/// JSON with what could steer a terminal written as \uXXXX: the same value, harmless.
std::string json_for_terminal(std::string_view json);

/// command_post.cpp: POST of a JSON body to the running daemon.
struct Posted {
    int status = 0;
    std::string body;
};
base::Result<Posted> post(const ApiConfig& api, const std::string& target, const std::string& body);
/// What a refusal says, in words.
std::string detail_of(const Posted& answer);

/// What was typed, without the program's name. Of `search`, "-word" is a word and no option of ours: it has a
/// blank before it here.
std::vector<std::string> arguments(int argc, const char* const* argv);

} // namespace cdtd::app
