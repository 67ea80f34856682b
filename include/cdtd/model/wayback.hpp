// What is kept of the Wayback Machine's servers and of pages that are saved there. Plain values; the rules
// stand in wayback/.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>
#include <string>

namespace cdtd::model {

/// One of archive.org's hosts, as it wants to be asked.
struct HostPace {
    std::optional<base::Time> closed_until;
    std::string reason;
    int throttled = 0;                   ///< 429s in a row
    int refused = 0;                     ///< connections refused in a row
    int silent = 0;                      ///< requests without any answer in a row
    std::optional<base::Time> in_flight; ///< since when a request waits for its answer

    friend bool operator==(const HostPace&, const HostPace&) = default;
};

/// A page on its way into the Wayback Machine.
struct SaveJob {
    enum class State {
        waiting,
        submitting, ///< the form is on its way: it may have arrived whatever we hear
        submitted,
        captured, ///< they say so; it is not listed yet
        verified,
        failed
    };
    State state = State::waiting;
    std::string job_id;    ///< "" = none was heard
    std::string timestamp; ///< of the capture
    std::string error;
    int attempts = 0; ///< submissions that came to nothing
    int looks = 0;    ///< for the capture in the index
    std::optional<base::Time> submitted_at;
    std::optional<base::Time> captured_at;
    std::optional<base::Time> due; ///< nullopt: nothing more is done

    friend bool operator==(const SaveJob&, const SaveJob&) = default;
};

} // namespace cdtd::model
