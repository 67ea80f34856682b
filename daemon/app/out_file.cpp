#include "app/out_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cdtd::app {

namespace {

constexpr std::size_t gathers = 256u << 10;

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

/// Between opening and locking it another export may have finished it: it has another name then, or none.
bool is_named(const base::Descriptor& file, const std::string& name) {
    struct stat ours{}, there{};
    return fstat(file.get(), &ours) == 0 && lstat(name.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
           ours.st_ino == there.st_ino;
}

} // namespace

base::Result<OutFile> OutFile::open(const std::string& path) {
    OutFile out;
    out.path_ = path;
    if (path == "-") {
        out.path_ = "standard output";
        out.file_ = base::Descriptor(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
        return out.file_ ? base::Result<OutFile>(std::move(out))
                         : std::unexpected(base::io_error(out.path_, "can't be written", errno));
    }
    struct stat facts{};
    const bool there = stat(path.c_str(), &facts) == 0;
    if (there && S_ISDIR(facts.st_mode))
        return base::fail(base::Errc::usage, fmt::format("{} is a folder; name a file in it", path));
    const bool plain = !there || S_ISREG(facts.st_mode);
    const std::string name = plain ? path + ".unfinished" : path;
    const int flags = plain ? O_CREAT | O_NOFOLLOW : 0;
    do {
        out.file_ = base::Descriptor(::open(name.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644));
        if (!out.file_)
            return std::unexpected(base::io_error(name, "can't be written", errno));
        if (plain && flock(out.file_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            return base::fail(base::Errc::conflict, fmt::format("another export writes {}", name));
    } while (plain && !is_named(out.file_, name));
    if (plain && ftruncate(out.file_.get(), 0) != 0) // of one that was killed
        return std::unexpected(base::io_error(name, "can't be written", errno));
    if (plain)
        out.unfinished_ = name;
    return out;
}

OutFile::~OutFile() {
    if (file_ && !unfinished_.empty())
        unlink(unfinished_.c_str());
}

std::string OutFile::folder() const {
    if (seekable())
        return folder_of(path_);
    const char* given = std::getenv("TMPDIR");
    return given != nullptr && *given == '/' ? given : "/tmp";
}

base::Result<void> OutFile::flush() {
    if (const int failed = base::write_all(file_.get(), gathered_); failed != 0)
        return std::unexpected(base::io_error(path_, "can't be written", failed));
    gathered_.clear();
    return {};
}

base::Result<void> OutFile::write(std::string_view bytes) {
    gathered_ += bytes;
    return gathered_.size() < gathers ? base::Result<void>() : flush();
}

base::Result<void> OutFile::finish() {
    if (auto flushed = flush(); !flushed)
        return flushed;
    if (unfinished_.empty())
        return {};
    if (fsync(file_.get()) != 0 || std::rename(unfinished_.c_str(), path_.c_str()) != 0)
        return std::unexpected(base::io_error(path_, "can't be written", errno));
    if (const int late = file_.close(); late != 0)
        return std::unexpected(base::io_error(path_, "can't be written", late));
    const base::Descriptor folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder)
        fsync(folder.get());
    return {};
}

} // namespace cdtd::app
