// Taking in a whole Markdown archive: files are read and parsed on a thread while those before them are
// stored, a bounded number in one transaction. Killed or stopped at any time, it goes on when it is run
// again: what is stored is known. Blocks.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/pipeline/file_walk.hpp>
#include <cdtd/pipeline/settings.hpp>
#include <cdtd/store/connection.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

struct Imported {
    std::size_t files = 0; ///< looked at: the sum of the three below
    std::size_t stored = 0, known = 0, faulty = 0;
    std::size_t links = 0;    ///< symbolic links that were left alone
    bool interrupted = false; ///< there may be more
};

struct ImportSettings {
    ArchiveSettings archive;
    bool fetch = false; ///< pages and images of what is new are queued to be fetched
    std::size_t largest_file = 16u << 20;
};

struct ImportReports {
    std::function<void(const Imported& so_far)> progress;                         ///< after each batch
    std::function<void(const std::string& path, const std::string& fault)> fault; ///< in words for people
};

/// `db` writes; nobody else may. What is in a batch when `stop` is set is still stored. Throws DatabaseError.
Imported import_files(store::Connection& db, FileWalk walk, const ImportSettings& settings,
                      const base::Clock& clock, const std::atomic<bool>& stop, const ImportReports& reports);

} // namespace cdtd::pipeline
