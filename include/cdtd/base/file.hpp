// Whole files by descriptor: read with a bound, written so that they appear whole. Any thread. POSIX behind
// it.
#pragma once

#include <cdtd/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cdtd::base {

class Descriptor {
  public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor();
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    /// close(2) tells of a write that failed late (NFS, quota). 0, or errno.
    int close();

  private:
    int fd_;
};

/// "…: No space left on device; free some space". `cause` is an errno.
Error io_error(const std::string& path, std::string_view what, int cause);

enum class Found { file, nothing, other, too_big, unreadable };
/// A regular file below `folder` (a descriptor, or AT_FDCWD), never through a symbolic link and never
/// blocking on a FIFO. `cause` is the errno of `unreadable`.
struct Loaded {
    Found found = Found::nothing;
    std::string bytes;
    int cause = 0;
};
Loaded load_file(int folder, const std::string& path, std::size_t most);

/// All of it, or errno.
int write_all(int fd, std::string_view bytes);

} // namespace cdtd::base
