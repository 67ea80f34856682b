#include "warc/io.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cdtd::warc {

using base::Errc;
using base::Result;

void Fd::reset() {
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

std::unexpected<base::Error> io_error(std::string_view doing, const std::string& path) {
    const int error = errno;
    return base::fail(Errc::io,
                      fmt::format("{} {}: {}", doing, path, std::generic_category().message(error)));
}

Result<Fd> open_file(const std::string& path, int flags, unsigned mode) {
    for (;;) {
        const int fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, mode);
        if (fd >= 0)
            return Fd(fd);
        if (errno != EINTR)
            return io_error("cannot open", path);
    }
}

Result<std::int64_t> size_of(const Fd& fd, const std::string& path) {
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0)
        return io_error("cannot look at", path);
    if (!S_ISREG(info.st_mode))
        return base::fail(Errc::io, fmt::format("{} is not a plain file", path));
    return std::int64_t{info.st_size};
}

Result<void> write_at(const Fd& fd, const std::string& path, std::string_view bytes, std::int64_t offset) {
    return write_at(fd.get(), path, bytes, offset);
}

Result<std::string> read_some(int fd, const std::string& path, std::int64_t offset, std::size_t most) {
    std::string bytes(most, '\0');
    std::size_t got = 0;
    while (got < most) {
        const ssize_t count =
            ::pread(fd, bytes.data() + got, most - got, offset + static_cast<std::int64_t>(got));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return io_error("cannot read", path);
        if (count == 0)
            break;
        got += static_cast<std::size_t>(count);
    }
    bytes.resize(got);
    return bytes;
}

Result<void> write_at(int fd, const std::string& path, std::string_view bytes, std::int64_t offset) {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return io_error("cannot write", path);
        if (written == 0) // never promised for a plain file; must not become an endless loop
            return base::fail(Errc::io, fmt::format("cannot write {}: nothing was taken", path));
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += written;
    }
    return {};
}

Result<void> cut_to(const Fd& fd, const std::string& path, std::int64_t size) {
    while (::ftruncate(fd.get(), size) != 0) {
        if (errno != EINTR)
            return io_error("cannot cut", path);
    }
    return sync_data(fd, path);
}

Result<void> sync_data(const Fd& fd, const std::string& path) {
    while (::fdatasync(fd.get()) != 0) {
        if (errno != EINTR)
            return io_error("cannot bring to disk", path);
    }
    return {};
}

Result<void> sync_folder(const std::string& folder) {
    auto fd = open_file(folder, O_RDONLY | O_DIRECTORY);
    if (!fd)
        return std::unexpected(fd.error());
    while (::fsync(fd->get()) != 0) {
        if (errno != EINTR)
            return io_error("cannot bring to disk", folder);
    }
    return {};
}

Result<void> make_folder(const std::string& folder) {
    std::filesystem::path path;
    for (const auto& part : std::filesystem::path(folder)) {
        path /= part;
        std::error_code ignored;
        if (part.empty() || std::filesystem::is_directory(path, ignored))
            continue;
        if (::mkdir(path.c_str(), 0750) == 0) {
            const auto parent = path.parent_path();
            if (auto synced = sync_folder(parent.empty() ? "." : parent.string()); !synced)
                return synced;
        } else if (errno != EEXIST || !std::filesystem::is_directory(path, ignored)) {
            errno = errno == EEXIST ? ENOTDIR : errno;
            return io_error("cannot make the folder", path.string());
        }
    }
    return {};
}

} // namespace cdtd::warc
