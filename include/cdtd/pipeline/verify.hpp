// Reading everything that is stored again, and holding it against what was noted when it was written.
// Read-only, also beside a running daemon: what is looked at is what the database vouched for at the start.
// Memory: one record at a time. Calling thread only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

struct VerifyOrder {
    std::string warc_folder;
    std::string ca_file;                    ///< of those who may stamp; "" = whoever
    std::vector<std::string> files;         ///< only these; empty = all
    std::optional<base::Time> since, until; ///< only what was captured in this time, and its days' manifests
    bool running = false;                   ///< a daemon works on the state

    bool everything() const { return files.empty() && !since && !until; }
};

struct VerifyFault {
    std::string file;                   ///< of warc/; "" = the database
    std::optional<std::int64_t> offset; ///< of the record's gzip member
    std::string record;                 ///< which: "response https://…", "manifest of 2026-11-28"; "" = none
    std::string message;
};

struct Stamped {
    std::string day, signer;
    base::Time at;
    bool anchored = false; ///< else nobody's root speaks for the signer
};

struct Verified {
    std::int64_t files = 0, records = 0, bytes = 0, captures = 0;
    std::int64_t faults = 0;
    std::optional<VerifyFault> first; ///< the first bad record, else the first fault
    std::vector<VerifyFault> listed;  ///< the first of them
    std::vector<std::string> notes;   ///< what is no fault, and no record either
    std::int64_t manifests = 0, stamps = 0, stamps_waiting = 0;
    std::string head_day, head_sha256; ///< of the chain; "" = there is none
    std::optional<Stamped> newest_stamp;
};

using VerifyProgress = std::function<void(std::int64_t done, std::int64_t of_bytes)>;

/// Errc::not_found: a file of the order that nobody knows. Throws nothing for what is damaged.
base::Result<Verified> verify(store::Connection& db, const VerifyOrder& order,
                              const VerifyProgress& progress);

} // namespace cdtd::pipeline
