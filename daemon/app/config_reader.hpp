// One table of the configuration: each key is taken once by its type and range; what is left over is unknown.
// Faults are collected, never thrown, so that a person sees all of them in one go.
#pragma once

#include <cdtd/app/config.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <utility>
#include <vector>

namespace cdtd::app {

struct Faults {
    std::string file;
    std::vector<Fault> faults;
    std::vector<Fault> warnings;

    Fault make(const toml::source_region& where, std::string key, std::string message) const;
    void add(const toml::source_region& where, std::string key, std::string message);
    void warn(const toml::source_region& where, std::string key, std::string message);
};

struct DurationRange {
    base::Duration least;
    base::Duration most;
};
inline constexpr DurationRange from_zero{base::Duration{0}, std::chrono::hours(24 * 3660)};
inline constexpr DurationRange from_second{std::chrono::seconds(1), std::chrono::hours(24 * 3660)};
inline constexpr DurationRange a_timeout{std::chrono::milliseconds(1), std::chrono::hours(24)};

/// Every reader gives true where the key is there and good; the value is only then written.
class Section {
  public:
    /// `path` is "" for the top, "http", "feed[1]".
    Section(const toml::table& table, std::string path, Faults& faults)
        : table_(table), path_(std::move(path)), faults_(faults) {}

    bool has(std::string_view key) const { return table_.contains(key); }
    const toml::node* take(std::string_view key); ///< nullptr: not there

    bool boolean(std::string_view key, bool& out);
    bool integer(std::string_view key, std::int64_t& out, std::int64_t least, std::int64_t most);
    template <class T>
    bool number_of(std::string_view key, T& out, std::int64_t least, std::int64_t most) {
        std::int64_t value = 0;
        const bool good = integer(key, value, least, most);
        if (good)
            out = static_cast<T>(value);
        return good;
    }
    bool share(std::string_view key, double& out); ///< 0 to 1
    bool text(std::string_view key, std::string& out);
    bool choice(std::string_view key, std::string& out, std::initializer_list<std::string_view> known);
    bool duration(std::string_view key, base::Duration& out, DurationRange range);
    bool durations(std::string_view key, std::vector<base::Duration>& out, DurationRange range);
    bool size(std::string_view key, std::uint64_t& out, std::uint64_t least, std::uint64_t most);
    bool texts(std::string_view key, std::vector<std::string>& out);
    bool headers(std::string_view key, http::Headers& out);

    bool path(std::string_view key, std::string& out); ///< absolute; "" is not given
    bool url(std::string_view key, std::string& out);  ///< http(s), without a password; normalised
    bool proxy(std::string_view key, std::string& out);

    /// At the key where it is there, else at the table.
    void fault(std::string_view key, std::string message);
    /// At an element of the list that this key holds.
    void fault_in(std::string_view key, std::size_t index, std::string message);
    void warn(std::string_view key, std::string message);
    /// Every key that was not taken is unknown. Call it last.
    void finish();

    Faults& faults() { return faults_; }
    std::string name_of(std::string_view key) const;

  private:
    const toml::source_region& where(std::string_view key) const;
    bool wrong_type(const toml::node& node, std::string_view key, std::string_view wanted);
    const toml::array* array_of(std::string_view key, std::string_view wanted);

    const toml::table& table_;
    std::string path_;
    Faults& faults_;
    std::vector<std::string> taken_;
};

/// "an integer", "a list", for messages.
std::string_view type_name(const toml::node& node);

// config_sections.cpp
void read_http(Section& section, http::Settings& out);
void read_archive(Section& section, pipeline::ArchiveSettings& out);
void read_schedule(Section& section, pipeline::ScheduleSettings& out);
void read_watch(Section& section, pipeline::WatchSettings& out);
void read_delivery(Section& section, pipeline::DeliverySettings& out);
void read_api(Section& section, ApiConfig& out);

// config_wayback.cpp
void read_wayback(Section& section, pipeline::WaybackSettings& out);

// config_feed.cpp
void read_feed(Section& section, pipeline::FeedSettings& out);
void read_name(Section& section, std::string& out);
/// Is the key there with more than ""? Another type counts too: its fault is told elsewhere.
bool given(Section& section, std::string_view key);

// config_endpoints.cpp; `feeds`: the names that may be named
void read_webhook(Section& section, notify::Endpoint& out, const std::vector<std::string>& feeds);
void read_exec(Section& section, notify::Endpoint& out, const std::vector<std::string>& feeds);
bool read_email(Section& section, notify::Endpoint& out,
                const std::vector<std::string>& feeds); ///< false: off

// config_values.cpp: pure rules; "" = good, else what is wrong and the fix.
std::string wrong_name(std::string_view name);
std::string wrong_header(std::string_view name, std::string_view value);
std::string wrong_url(std::string_view url);
std::string wrong_proxy(std::string_view url);
std::string wrong_event(std::string_view type);
struct ListenFacts {
    std::string wrong; ///< "" = good
    bool local = true; ///< loopback or a unix socket
};
ListenFacts judge_listen(std::string_view listen);
/// The one of `known` that was most likely meant; "" where none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string>& known);

} // namespace cdtd::app
