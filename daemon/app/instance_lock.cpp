#include <cdtd/app/instance_lock.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace cdtd::app {
namespace {

std::string lock_path(const std::string& state_dir) {
    return state_dir + "/cdtd.lock";
}

pid_t read_pid(int fd) {
    char text[32] = {};
    const ssize_t got = pread(fd, text, sizeof text - 1, 0);
    pid_t pid = 0;
    if (got > 0)
        std::from_chars(text, text + got, pid);
    return pid > 0 ? pid : 0;
}

/// lock_holder() of another process holds a shared lock for an instant: that is no daemon, so try again.
bool lock(int fd) {
    for (int attempt = 0; attempt < 10; ++attempt) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    errno = EWOULDBLOCK;
    return false;
}

base::Error refusal(int fd, const std::string& state_dir, int cause) {
    if (cause != EWOULDBLOCK)
        return {base::Errc::io,
                fmt::format("{} can't be locked: {}", lock_path(state_dir), std::strerror(cause))};
    const pid_t pid = read_pid(fd);
    const std::string who = pid > 0 ? fmt::format("process {}", pid) : std::string("another process");
    return {base::Errc::conflict,
            fmt::format("another daemon ({}) works on {}; stop it first, or give this one its own state_dir",
                        who, state_dir)};
}

bool write_pid(int fd) {
    const std::string text = fmt::format("{}\n", getpid());
    return ftruncate(fd, 0) == 0 &&
           pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

} // namespace

std::error_code make_state_dir(const std::string& state_dir) {
    std::error_code error;
    if (std::filesystem::create_directories(state_dir, error))
        std::filesystem::permissions(state_dir, std::filesystem::perms(0750), error);
    return error;
}

base::Result<InstanceLock> InstanceLock::take(const std::string& state_dir) {
    const std::string path = lock_path(state_dir);
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return base::fail(base::Errc::io, fmt::format("{} can't be opened: {}", path, std::strerror(errno)));
    InstanceLock held(fd);
    if (!lock(fd))
        return std::unexpected(refusal(fd, state_dir, errno));
    if (!write_pid(fd))
        return base::fail(base::Errc::io, fmt::format("{} can't be written: {}", path, std::strerror(errno)));
    return held;
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

InstanceLock& InstanceLock::operator=(InstanceLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

InstanceLock::~InstanceLock() {
    // The file stays: taking it away would let two daemons hold two files of one name.
    if (fd_ >= 0)
        close(fd_);
}

std::optional<LockHolder> lock_holder(const std::string& state_dir) {
    const int fd = open(lock_path(state_dir).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return std::nullopt;
    std::optional<LockHolder> holder;
    if (flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        holder = LockHolder{read_pid(fd)};
    close(fd);
    return holder;
}

} // namespace cdtd::app
