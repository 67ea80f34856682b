// WARC files in a folder: appending to the newest, rotating by size, cutting an unfinished tail. One thread
// at a time.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/warc/record.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cdtd::warc {

/// Where the records of an exchange lie, and what the database keeps of them.
struct Stored {
    std::string file;              ///< name without folder
    std::int64_t group_offset = 0; ///< of its first gzip member (the request's); the response's is its last
    std::int64_t offset = 0;       ///< of the response's (or revisit's) gzip member
    std::int64_t length = 0;       ///< of that member
    std::string record_id;         ///< of that record, with its brackets
    std::int64_t payload_bytes = 0;
    std::string payload_sha1;   ///< "sha1:BASE32"
    std::string payload_sha256; ///< hex
};

struct FileSettings {
    std::string folder; ///< absolute; made where missing
    std::uint64_t max_bytes = 1'000'000'000;
    std::string software = "cdtd/" CDTD_VERSION;
    std::string user_agent;
};

class Files {
  public:
    explicit Files(FileSettings settings);
    ~Files();
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    /// The records of each exchange (request, metadata, response or revisit), on disk (fdatasync) when this
    /// returns. All or nothing: after an error the file is cut back to where it was. Errc::io says file and
    /// cause (disk full, read-only, …).
    base::Result<std::vector<Stored>> append(const std::vector<Exchange>& exchanges);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// What the database knows of a file: nothing behind `end` is referred to.
struct KnownFile {
    std::string file;
    std::int64_t end = 0;
};
struct Recovered {
    std::string file;
    std::int64_t cut_bytes = 0;
};
/// At start, before the first append: cuts from the newest file what lies behind the last record the database
/// knows of, and removes newer files that it knows nothing of. Never touches a known byte. A file shorter
/// than its known end is Errc::bad_data. Returns what was cut.
base::Result<std::vector<Recovered>> cut_tails(const std::string& folder,
                                               const std::vector<KnownFile>& known);

} // namespace cdtd::warc
