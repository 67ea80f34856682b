// Reading one gzip member at a time from any offset of a file, with bounds (zlib; libdeflate needs the size
// of what comes out, which only the record itself says).
#pragma once

#include "warc/io.hpp"

#include <cdtd/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cdtd::warc {

class Members {
  public:
    /// Bytes of the member that are out so far to the most that may come out in all; Errc::bad_data stops.
    using Limit = std::function<base::Result<std::size_t>(std::string_view)>;

    static base::Result<Members> open(const std::string& path);
    Members(Members&&) noexcept;
    Members& operator=(Members&&) noexcept;
    ~Members();

    std::int64_t file_size() const { return size_; }
    struct Unpacked {
        std::string bytes;
        std::int64_t length = 0; ///< compressed
    };
    /// The whole member at `offset`, its CRC checked.
    base::Result<Unpacked> read(std::int64_t offset, const Limit& limit);
    /// The last read failed because the file ends inside the member.
    bool ran_out() const { return ran_out_; }
    /// Some bytes of the file as they stand, valid until the next call; "" at its end.
    base::Result<std::string_view> bytes_at(std::int64_t offset);

  private:
    struct Stream;
    Members(Fd fd, std::string path, std::int64_t size);
    Fd fd_;
    std::string path_;
    std::int64_t size_ = 0;
    std::unique_ptr<Stream> stream_;
    std::string window_; ///< last piece read, beginning at window_at_
    std::int64_t window_at_ = 0;
    bool ran_out_ = false;
};

} // namespace cdtd::warc
