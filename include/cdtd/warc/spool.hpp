// A file without a name: what is too much for memory and of use to this process only. One thread at a time.
#pragma once

#include <cdtd/base/file.hpp>
#include <cdtd/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdtd::warc {

class Spool {
  public:
    /// On the disk of `folder`. It is gone when it is closed, whatever becomes of the process.
    static base::Result<Spool> open(const std::string& folder);

    base::Result<void> append(std::string_view bytes); ///< gathers a little; flush() before reading
    base::Result<void> flush();
    /// Up to `most` bytes from `offset`; fewer at the end only.
    base::Result<std::string> read(std::int64_t offset, std::size_t most) const;

    std::int64_t size() const { return written_ + static_cast<std::int64_t>(gathered_.size()); }
    int get() const { return file_.get(); }
    const std::string& path() const { return path_; } ///< for errors
    base::Descriptor take() { return std::move(file_); }

  private:
    base::Descriptor file_;
    std::string path_;
    std::string gathered_;
    std::int64_t written_ = 0;
};

} // namespace cdtd::warc
