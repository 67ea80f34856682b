// Appending. The file's committed end is ours to remember: what lies behind it was never promised to anyone.
#include "warc/io.hpp"
#include "warc/names.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/warc/file.hpp>
#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cdtd::warc {

using base::Errc;
using base::Result;

struct Files::Impl {
    explicit Impl(FileSettings file_settings) : settings(std::move(file_settings)) {}

    Result<void> ready();
    Result<bool> open_newest();
    Result<void> start_new();
    Result<void> put(Record record, std::int64_t& end, std::int64_t& length);
    Result<Stored> put_exchange(const Exchange& exchange, std::int64_t& end);
    Result<std::vector<Stored>> put_all(const std::vector<Exchange>& exchanges);
    bool is_ours() const;
    void undo(bool remove);

    FileSettings settings;
    Fd fd;
    std::string name, path;
    std::string warcinfo_id; ///< with its brackets
    std::int64_t size = 0;   ///< committed
    bool dirty = false;      ///< something lies behind `size`
    bool is_new = false;     ///< nothing but its warcinfo was ever committed
};

/// Someone may have moved or grown the file since: then it is left alone.
bool Files::Impl::is_ours() const {
    struct stat info{};
    return fd && ::fstat(fd.get(), &info) == 0 && info.st_nlink > 0 && (dirty || info.st_size == size);
}

Result<bool> Files::Impl::open_newest() {
    const auto files = list_files(settings.folder);
    if (!files)
        return std::unexpected(files.error());
    if (files->empty())
        return false;
    const auto newest_path = settings.folder + "/" + files->back().text;
    // Without a readable warcinfo it is the leavings of a start that failed: not to be built upon.
    const auto first = read_at(newest_path, 0);
    if (!first || first->record.type != "warcinfo")
        return false;
    auto opened = open_file(newest_path, O_WRONLY | O_NOFOLLOW);
    if (!opened)
        return std::unexpected(opened.error());
    const auto end = size_of(*opened, newest_path);
    if (!end)
        return std::unexpected(end.error());
    fd = std::move(*opened);
    name = files->back().text;
    path = newest_path;
    warcinfo_id = first->record.header("WARC-Record-ID");
    size = *end;
    dirty = is_new = false;
    return true;
}

Result<void> Files::Impl::start_new() {
    fd.reset();
    if (auto made = make_folder(settings.folder); !made)
        return made;
    const auto files = list_files(settings.folder);
    if (!files)
        return std::unexpected(files.error());
    const auto now = base::system_clock().now();
    name = file_name(now, files->empty() ? 0 : files->back().serial + 1, own_host());
    path = settings.folder + "/" + name;
    auto made = open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0640);
    if (!made)
        return std::unexpected(made.error());
    fd = std::move(*made);
    size = 0;
    dirty = is_new = true;
    const auto warcinfo = make_warcinfo(name, settings.software, settings.user_agent, now);
    warcinfo_id = warcinfo.header("WARC-Record-ID");
    std::int64_t end = 0, length = 0;
    auto written = put(warcinfo, end, length);
    if (written)
        written = sync_folder(settings.folder);
    if (!written) {
        undo(true);
        return written;
    }
    size = end; // on disk together with the first exchange
    return {};
}

Result<void> Files::Impl::ready() {
    if (fd && !is_ours())
        fd.reset();
    if (!fd) {
        const auto opened = open_newest();
        if (!opened)
            return std::unexpected(opened.error());
        if (!*opened)
            return start_new();
    }
    if (dirty) {
        if (auto cut = cut_to(fd, path, size); !cut)
            return cut;
        dirty = false;
    }
    return std::cmp_less(size, settings.max_bytes) ? Result<void>() : start_new();
}

Result<void> Files::Impl::put(Record record, std::int64_t& end, std::int64_t& length) {
    const auto member = compress(serialize(std::move(record)));
    if (auto written = write_at(fd, path, member, end); !written)
        return written;
    length = static_cast<std::int64_t>(member.size());
    end += length;
    return {};
}

/// The response goes last: the database knows a file up to the end of the last response, so nothing that it
/// vouches for lies behind that.
Result<Stored> Files::Impl::put_exchange(const Exchange& exchange, std::int64_t& end) {
    auto records = make_records(exchange, warcinfo_id);
    Stored stored{.file = name,
                  .group_offset = end,
                  .record_id = std::string(records.response.header("WARC-Record-ID")),
                  .payload_bytes = static_cast<std::int64_t>(exchange.body.size()),
                  .payload_sha1 = std::string(records.response.header("WARC-Payload-Digest")),
                  .payload_sha256 = base::sha256_hex(exchange.body)};
    std::int64_t length = 0;
    if (auto written = put(std::move(records.request), end, length); !written)
        return std::unexpected(written.error());
    if (records.metadata)
        if (auto written = put(std::move(*records.metadata), end, length); !written)
            return std::unexpected(written.error());
    stored.offset = end;
    if (auto written = put(std::move(records.response), end, stored.length); !written)
        return std::unexpected(written.error());
    return stored;
}

Result<std::vector<Stored>> Files::Impl::put_all(const std::vector<Exchange>& exchanges) {
    std::vector<Stored> all;
    all.reserve(exchanges.size());
    auto end = size;
    dirty = true;
    for (const auto& exchange : exchanges) {
        auto stored = put_exchange(exchange, end);
        if (!stored)
            return std::unexpected(stored.error());
        all.push_back(std::move(*stored));
    }
    if (auto synced = sync_data(fd, path); !synced)
        return std::unexpected(synced.error());
    size = end;
    dirty = is_new = false;
    return all;
}

/// Back to the committed end. Where even that fails, `dirty` stays and the next append tries again first.
void Files::Impl::undo(bool remove) {
    if (remove) {
        ::unlink(path.c_str());
        fd.reset();
        dirty = false;
        return;
    }
    dirty = !cut_to(fd, path, size).has_value();
}

Files::Files(FileSettings settings) : impl_(std::make_unique<Impl>(std::move(settings))) {}
Files::~Files() = default;

Result<std::vector<Stored>> Files::append(const std::vector<Exchange>& exchanges) {
    if (exchanges.empty())
        return std::vector<Stored>();
    auto& impl = *impl_;
    if (auto ready = impl.ready(); !ready)
        return std::unexpected(ready.error());
    try {
        auto stored = impl.put_all(exchanges);
        if (!stored)
            impl.undo(impl.is_new);
        return stored;
    } catch (...) { // out of memory; the file must not keep half a batch
        impl.undo(impl.is_new);
        throw;
    }
}

} // namespace cdtd::warc
