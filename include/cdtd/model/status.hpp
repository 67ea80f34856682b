// The figures of `status`. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/event.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::model {

struct QueueDepth {
    std::int64_t waiting = 0; ///< rows, due or not
    std::int64_t due = 0;
    std::optional<base::Time> oldest_due_at;
};

struct HostPause {
    std::string host; ///< scheme, name and port
    base::Time until;
    std::string reason;
};

/// Articles that are also kept as Markdown files (archive.markdown_dir).
struct MarkdownStatus {
    std::string folder;
    std::int64_t waiting = 0;         ///< articles whose file is not what they say by now
    std::optional<std::string> error; ///< why it stands still, one line for people
};

struct Status {
    std::string version;
    int schema = 0;
    std::optional<base::Time> started_at;
    base::Time now;
    bool running = false;
    std::int64_t feeds_total = 0, feeds_enabled = 0, feeds_failing = 0, feeds_gone = 0;
    std::map<std::string, std::int64_t> articles; ///< by state, and "total", "censored"
    std::int64_t sources_total = 0;
    std::map<std::string, std::int64_t> sources_wayback;  ///< by state
    std::map<std::string, std::int64_t> sources_liveness; ///< by state
    std::int64_t captures_total = 0, captures_bytes = 0;
    std::int64_t events = 0;
    std::map<std::string, QueueDepth> queue; ///< capture, resolve_source, save_page, watch_source, deliver
    std::vector<EndpointState> endpoints;
    std::vector<HostPause> paused;
    std::int64_t manifests_total = 0, stamps_waiting = 0;
    std::string manifest_day, manifest_sha256; ///< of the newest; "" = there is none
    std::optional<base::Time> manifest_stamped_at;
    std::optional<std::string> stamp_error; ///< of the oldest that waits
    std::optional<MarkdownStatus> markdown; ///< absent: not configured
    std::int64_t database_bytes = 0, warc_bytes = 0, free_bytes = 0;
};

} // namespace cdtd::model
