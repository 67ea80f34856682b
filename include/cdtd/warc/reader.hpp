// Reading WARC files back, record by record, from any offset. One thread at a time.
#pragma once

#include <cdtd/base/digest.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/warc/record.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace cdtd::warc {

struct Located {
    Record record;
    std::int64_t offset = 0; ///< of the gzip member
    std::int64_t length = 0;
};

/// One open file.
class Reader {
  public:
    static base::Result<Reader> open(const std::string& path);
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    std::int64_t size() const; ///< when it was opened
    /// As read_at, but the message does not name the file and the offset.
    base::Result<Located> read(std::int64_t offset);
    /// The last read failed because the file ends before the record does: what a killed writer leaves.
    bool ran_out() const;
    /// Where the next whole record begins, at `from` or behind it: beyond what can't be read. nullopt: none.
    base::Result<std::optional<std::int64_t>> find_record(std::int64_t from);
    /// CRC-32 of the bytes as they stand; Errc::bad_data where the file ends before them.
    base::Result<std::uint32_t> checksum(std::int64_t offset, std::int64_t length);
    base::Result<void> hash(std::int64_t offset, std::int64_t length, base::Sha256& into);

  private:
    struct Impl;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// One record from one gzip member at `offset`. Errc::bad_data names file, offset and what is wrong (digest,
/// length). Block and payload digests are checked.
base::Result<Located> read_at(const std::string& path, std::int64_t offset);
/// Every record in order; stops at the first fault, naming its offset.
base::Result<std::int64_t> read_all(const std::string& path, const std::function<void(const Located&)>& each);

/// The payload of a response record (behind the HTTP head), still content-coded; and its head.
struct HttpParts {
    std::string_view head;
    std::string_view payload;
};
HttpParts split_http(std::string_view block);

} // namespace cdtd::warc
