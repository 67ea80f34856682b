// File descriptors and their errors in words, for the writer and the reader of WARC files.
#pragma once

#include <cdtd/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cdtd::warc {

class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    ~Fd() { reset(); }

    void reset();
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

/// Errc::io: "<doing> <path>: <what the system said>". Reads errno first of all.
std::unexpected<base::Error> io_error(std::string_view doing, const std::string& path);

base::Result<Fd> open_file(const std::string& path, int flags, unsigned mode = 0);
base::Result<std::int64_t> size_of(const Fd& fd, const std::string& path);
/// All of `bytes` at `offset`, or an error.
base::Result<void> write_at(int fd, const std::string& path, std::string_view bytes, std::int64_t offset);
base::Result<void> write_at(const Fd& fd, const std::string& path, std::string_view bytes,
                            std::int64_t offset);
/// What lies at `offset`, `most` bytes or up to the end of the file.
base::Result<std::string> read_some(int fd, const std::string& path, std::int64_t offset, std::size_t most);
/// Cuts the file and waits until the cut is on disk.
base::Result<void> cut_to(const Fd& fd, const std::string& path, std::int64_t size);
base::Result<void> sync_data(const Fd& fd, const std::string& path);
/// A new or removed name is on disk only when its folder is.
base::Result<void> sync_folder(const std::string& folder);
/// Missing folders are made with mode 0750: captures are no one else's business.
base::Result<void> make_folder(const std::string& folder);

} // namespace cdtd::warc
