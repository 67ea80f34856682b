#include "warc/io.hpp"

#include <cdtd/warc/spool.hpp>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace cdtd::warc {

using base::Result;

namespace {

constexpr std::size_t gathers = std::size_t{128} << 10U;

} // namespace

Result<Spool> Spool::open(const std::string& folder) {
    Spool spool;
    spool.path_ = "a temporary file in " + folder;
    spool.file_ = base::Descriptor(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!spool.file_ && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
        std::string name = folder + "/.cdtd-XXXXXX"; // a file system that can't do without names
        spool.file_ = base::Descriptor(::mkostemp(name.data(), O_CLOEXEC));
        if (spool.file_)
            ::unlink(name.c_str());
    }
    if (!spool.file_)
        return std::unexpected(base::io_error(spool.path_, "can't be made", errno));
    return spool;
}

Result<void> Spool::append(std::string_view bytes) {
    gathered_ += bytes;
    return gathered_.size() < gathers ? Result<void>() : flush();
}

Result<void> Spool::flush() {
    auto done = write_at(file_.get(), path_, gathered_, written_);
    written_ += static_cast<std::int64_t>(gathered_.size());
    gathered_.clear();
    return done;
}

Result<std::string> Spool::read(std::int64_t offset, std::size_t most) const {
    return read_some(file_.get(), path_, offset, most);
}

} // namespace cdtd::warc
