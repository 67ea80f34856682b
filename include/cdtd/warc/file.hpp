// WARC files in a folder: appending to the newest, rotating by size, mending after a crash. One thread at a
// time.
#pragma once

#include <cdtd/base/log.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/warc/record.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
    std::string members;        ///< of the exchange, first to last (member.hpp)
    std::string warcinfo;       ///< the file's first member
};

/// What the database knows of a file: nothing behind `end` is referred to.
struct KnownFile {
    std::string file;
    std::int64_t end = 0;
};

struct FileSettings {
    std::string folder; ///< absolute; made where missing
    std::uint64_t max_bytes = 1'000'000'000;
    std::string software = "cdtd/" CDTD_VERSION;
    std::string user_agent;
    base::Log* log = &base::null_log(); ///< what was done to our files by others
};

class Files {
  public:
    explicit Files(FileSettings settings);
    ~Files();
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    /// Before the first append: the file to go on with, and where it ends (Mended::newest); nullopt: a new
    /// one. Should it have grown until then, a new one is begun too: what others append is never built upon.
    /// Without this call the newest one is taken as it stands.
    void resume(std::optional<KnownFile> file);

    /// The records of each exchange (request, metadata, response or revisit), on disk (fdatasync) when this
    /// returns. All or nothing: after an error the file is cut back to where it was. Errc::io says file and
    /// cause (disk full, read-only, …).
    base::Result<std::vector<Stored>> append(const std::vector<Exchange>& exchanges);
    /// The same for a document that was made and not fetched (make_resource).
    base::Result<Stored> append_resource(std::string_view uri, std::string_view type, std::string block,
                                         base::Time at);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Names of WARC files in a folder: ours in the order in which they were begun, then those with another
/// form of name. A missing folder has none.
struct Listing {
    std::vector<std::string> ours;
    std::vector<std::string> others; ///< that end in .warc or .warc.gz
};
base::Result<Listing> files_in(const std::string& folder);

struct Recovered {
    std::string file;
    std::int64_t cut_bytes = 0; ///< from its end
    std::string moved_to;       ///< name of the file that holds them now; "" = an unfinished record, dropped
    std::string left_because;   ///< they could not be moved: nothing was cut
};
struct Mended {
    std::vector<Recovered> files;
    std::optional<KnownFile> newest; ///< whole up to its end: it may be written on
};
/// At start, before the first append. Behind the last known record of each file, and in files of which
/// nothing is known, whole records stay wherever they lie (the database may be older than its archive); they
/// are its caller's to take in. Cut off is what lies behind the last whole exchange: a record in the middle
/// of which the file ends is dropped, anything else is moved aside first (NAME.at-OFFSET.orphan). Never
/// touches a known byte. A file shorter than its known end is Errc::bad_data. `at_work` is called before each
/// file: many gigabytes may have to be read.
base::Result<Mended> mend_tails(const std::string& folder, const std::vector<KnownFile>& known,
                                const std::function<void()>& at_work = {});

} // namespace cdtd::warc
