#include <cdtd/base/file.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cdtd::base {

namespace {

std::string_view advice(int cause) {
    switch (cause) {
    case ENOSPC:
    case EDQUOT:
        return "; free some space";
    case EACCES:
    case EPERM:
        return "; give this user the right to write there";
    case EROFS:
        return "; mount it writable (under systemd: ReadWritePaths=)";
    default:
        return "";
    }
}

} // namespace

Descriptor::~Descriptor() {
    close();
}

int Descriptor::close() {
    const int fd = std::exchange(fd_, -1);
    return fd >= 0 && ::close(fd) != 0 ? errno : 0;
}

Error io_error(const std::string& path, std::string_view what, int cause) {
    return {base::Errc::io, fmt::format("{} {}: {}{}", path, what, std::strerror(cause), advice(cause))};
}

Loaded load_file(int folder, const std::string& path, std::size_t most) {
    const Descriptor file(openat(folder, path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file)
        return {errno == ENOENT || errno == ENOTDIR ? Found::nothing
                : errno == ELOOP                    ? Found::other
                                                    : Found::unreadable,
                {},
                errno};
    struct stat facts{};
    if (fstat(file.get(), &facts) != 0)
        return {Found::unreadable, {}, errno};
    if (!S_ISREG(facts.st_mode))
        return {Found::other, {}, 0};
    if (static_cast<std::uint64_t>(facts.st_size) > most)
        return {Found::too_big, {}, 0};
    Loaded loaded{Found::file, {}, 0};
    loaded.bytes.resize(static_cast<std::size_t>(facts.st_size));
    std::size_t got = 0;
    while (got < loaded.bytes.size()) {
        const ssize_t count = read(file.get(), loaded.bytes.data() + got, loaded.bytes.size() - got);
        if (count < 0 && errno != EINTR)
            return {Found::unreadable, {}, errno};
        if (count == 0)
            break;
        got += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    loaded.bytes.resize(got);
    return loaded;
}

int write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR)
            return errno;
        if (count > 0)
            bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

} // namespace cdtd::base
