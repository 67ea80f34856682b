// The configuration file: read whole, every fault found in one go. Rules: the public interface, section 2.
#pragma once

#include <cdtd/base/log.hpp>
#include <cdtd/base/secret.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/notify/endpoint.hpp>
#include <cdtd/pipeline/settings.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::app {

/// [api]
struct ApiConfig {
    std::string listen = "127.0.0.1:8645"; ///< host:port (IPv6 in brackets), or unix:/path
    base::Secret token;                    ///< empty = none
    std::string public_url;                ///< "" = not given
};

struct Config {
    std::string state_dir = "/var/lib/cdtd"; ///< absolute, without a slash at the end
    std::string contact;
    base::Level log_level = base::Level::info;
    std::string log_format = "auto"; ///< auto | journal | text | json
    http::Settings http;             ///< user_agent is never empty
    std::vector<pipeline::FeedSettings> feeds;
    pipeline::ArchiveSettings archive;
    pipeline::ScheduleSettings schedule;
    pipeline::DeliverySettings delivery;
    pipeline::WaybackSettings wayback;
    pipeline::WatchSettings watch;
    /// [[webhook]], [[exec]] and [email], in this order; secrets and url_file are already read.
    std::vector<notify::Endpoint> endpoints;
    ApiConfig api;

    std::string database() const { return state_dir + "/cdtd.db"; }
    std::string warc_dir() const { return state_dir + "/warc"; }
};

struct Fault {
    std::string file;
    int line = 0;        ///< from 1; 0: the file as a whole
    int column = 0;      ///< from 1, in characters
    std::string key;     ///< "feed[1].interval"; "" for a fault of syntax
    std::string message; ///< what is wrong, and the fix
};
/// "file:line:column: key: message", safe for a terminal.
std::string to_string(const Fault& fault);

struct Loaded {
    std::optional<Config> config; ///< absent where there is a fault
    std::vector<Fault> faults;    ///< in order of line
    std::vector<Fault> warnings;
};

/// Reads the file and the secret files it names; changes nothing. $STATE_DIRECTORY (first entry) takes the
/// place of the default state_dir, not of a written one. Never throws for what a person wrote.
Loaded load_config(const std::string& path);

} // namespace cdtd::app
