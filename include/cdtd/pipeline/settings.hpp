// What the stages are told by the configuration. Plain values, with the documented defaults.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/secret.hpp>
#include <cdtd/http/client.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

/// One [[feed]].
struct FeedSettings {
    std::string name; ///< [a-z0-9-], unique
    std::string url;
    base::Duration interval = std::chrono::hours(1);
    double jitter = 0.1;              ///< ± share of the interval
    int announce = 0;                 ///< how many of the first poll's newest entries are told as new
    bool fetch_articles = true;       ///< else the feed's own content is all that is kept
    std::optional<std::string> proxy; ///< instead of [http]'s
    http::Headers headers;            ///< extra request headers
    bool enabled = true;
};

/// [archive]
struct ArchiveSettings {
    bool images = true;
    int max_images = 200;                    ///< of one article
    std::uint64_t warc_size = 1'000'000'000; ///< a new WARC file is begun past this, bytes
    std::string markdown_dir;                ///< every article as a Markdown file too; "" = none
    /// A page or image that failed or was refused; the last one repeats. Never empty.
    std::vector<base::Duration> retry = {std::chrono::minutes(5), std::chrono::hours(1),
                                         std::chrono::hours(6), std::chrono::hours(24),
                                         std::chrono::hours(24 * 7)};
    std::string timestamp_url; ///< an RFC 3161 service that stamps the daily manifest; "" = none
};

/// [schedule]
struct ScheduleSettings {
    int failing_after = 3; ///< failed polls in a row before feed.failing is told
    base::Duration backoff_max = std::chrono::hours(24);
    base::Duration moved_after =
        std::chrono::hours(24); ///< a permanent redirect is believed then; 0 = at once
    /// Share of a document's entries that are new although older than the newest known, from which on the
    /// feed is held; 0 = never.
    double mass_change = 0.8;
};

/// [delivery]
struct DeliverySettings {
    /// After the first attempt; past the end the delivery has failed. Never empty.
    std::vector<base::Duration> retry = {
        std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
        std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
        std::chrono::hours(14),  std::chrono::hours(20),  std::chrono::hours(24)};
    base::Duration disable_after = std::chrono::hours(24 * 5); ///< of nothing but failures
    base::Duration order_wait = std::chrono::hours(1); ///< how long later events wait for one that is retried
};

/// [watch]
struct WatchSettings {
    bool enabled = true;
    /// After each look at an original; the last one repeats. Never empty.
    std::vector<base::Duration> recheck = {std::chrono::hours(1),      std::chrono::hours(6),
                                           std::chrono::hours(24),     std::chrono::hours(24 * 3),
                                           std::chrono::hours(24 * 7), std::chrono::hours(24 * 30)};
    int confirm = 2; ///< looks that must agree before it is told that one is gone
    /// Between two looks at one host, beside the host's own pace: nobody waits for them.
    base::Duration pace = std::chrono::seconds(10);
};

/// [wayback]
struct WaybackSettings {
    enum class Save {
        never,
        missing, ///< sources without a snapshot
        always   ///< every source, and articles too
    };
    bool enabled = true;
    std::string cdx_url = "https://web.archive.org/cdx/search/cdx";
    std::string availability_url = "https://archive.org/wayback/available";
    std::string replay_url = "https://web.archive.org/web";
    std::string save_url = "https://web.archive.org/save";
    int cdx_per_minute = 24;
    Save save = Save::never;
    base::Secret access_key, secret_key; ///< of archive.org, for saving
    int save_per_minute = 6;
    int save_concurrent = 2;
    base::Duration save_poll = std::chrono::seconds(6); ///< between two questions about a job
    base::Duration pause = std::chrono::seconds(60);    ///< after a 429 without Retry-After; doubles
    base::Duration circuit = std::chrono::hours(1);     ///< after a refused connection; doubles
    /// While the answer is "unknown" or "not_archived"; the last one repeats. Never empty.
    std::vector<base::Duration> recheck = {std::chrono::minutes(10),   std::chrono::hours(1),
                                           std::chrono::hours(12),     std::chrono::hours(24 * 2),
                                           std::chrono::hours(24 * 7), std::chrono::hours(24 * 30)};
};

} // namespace cdtd::pipeline
