// A ZIP file of stored entries (APPNOTE 6.3), ZIP64 where it must be. libarchive, which can't seek, leaves
// the checksum out of local headers and puts a descriptor behind the bytes: readers that go from front to
// back can't tell where such an entry ends, and the size would have to be known before. Here the header is
// written last.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/digest.hpp>
#include <cdtd/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::warc {

class Zip {
  public:
    /// Into the empty file `fd`, which stays the caller's; `path` is for errors. Dates of entries are `at`.
    Zip(int fd, std::string path, base::Time at);

    /// `may_be_large`: it can grow over 4 GiB (its header has room for that).
    base::Result<void> begin(std::string_view name, bool may_be_large = false);
    base::Result<void> write(std::string_view bytes);
    struct Entry {
        std::string name;
        std::int64_t size = 0;
        std::string sha256; ///< hex
    };
    base::Result<Entry> end();
    /// An entry at once.
    base::Result<Entry> add(std::string_view name, std::string_view bytes);
    /// The directory. Returns the size of the file.
    base::Result<std::int64_t> finish();

    std::int64_t entry_size() const { return static_cast<std::int64_t>(size_); } ///< of the open one, so far

  private:
    struct Listed {
        std::string name;
        std::uint64_t size, offset;
        std::uint32_t crc;
        bool large;
    };
    std::string local_header(const Listed& entry) const;
    std::string directory_entry(const Listed& entry) const;
    base::Result<void> put(std::string_view bytes);

    int fd_;
    std::string path_;
    std::uint32_t date_; ///< of MS-DOS: date and time
    std::uint64_t end_ = 0;
    std::uint64_t size_ = 0;
    std::uint32_t crc_ = 0;
    base::Sha256 sha256_;
    std::vector<Listed> entries_;
};

} // namespace cdtd::warc
