// Appending. The file's committed end is ours to remember: what lies behind it was never promised to anyone.
#include "warc/io.hpp"
#include "warc/names.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/warc/file.hpp>
#include <cdtd/warc/member.hpp>
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
    bool may_resume(const std::string& newest, std::int64_t end);
    Result<void> start_new();
    Result<Member> put(Record record, std::int64_t& end);
    Result<Stored> put_exchange(const Exchange& exchange, std::int64_t& end);
    Result<Stored> put_resource(const Record& record, std::int64_t& end);
    template <class Put>
    auto commit(Put put_them) -> decltype(put_them(std::declval<std::int64_t&>()));
    bool is_ours() const;
    void warn_changed(const std::string& file, std::int64_t ours, std::int64_t found) const;
    void undo(bool remove);

    FileSettings settings;
    Fd fd;
    std::string name, path;
    std::string warcinfo_id; ///< with its brackets
    std::string warcinfo;    ///< its member
    std::int64_t size = 0;   ///< committed
    bool dirty = false;      ///< something lies behind `size`
    bool is_new = false;     ///< nothing but its warcinfo was ever committed
    bool told = false;       ///< resume() was called, or a file was left to others: `known` alone goes on
    std::optional<KnownFile> known;
};

/// Someone may have moved or grown the file since: then it is left alone.
bool Files::Impl::is_ours() const {
    struct stat info{};
    return fd && ::fstat(fd.get(), &info) == 0 && info.st_nlink > 0 && (dirty || info.st_size == size);
}

void Files::Impl::warn_changed(const std::string& file, std::int64_t ours, std::int64_t found) const {
    settings.log->warn(
        "somebody else moved or changed the WARC file that was written on: a new one is begun",
        {{"warc", file}, {"bytes_written", std::to_string(ours)}, {"bytes_found", std::to_string(found)}});
}

/// What lies behind the end that we know was not written by us: sealed in, it would never read back.
bool Files::Impl::may_resume(const std::string& newest, std::int64_t end) {
    if (!told)
        return true;
    if (!known || known->file != newest)
        return false;
    if (known->end != end)
        warn_changed(newest, known->end, end);
    return known->end == end;
}

Result<bool> Files::Impl::open_newest() {
    const auto files = list_files(settings.folder);
    if (!files)
        return std::unexpected(files.error());
    if (files->empty())
        return false;
    const auto newest_path = settings.folder + "/" + files->back().text;
    // Without a readable warcinfo it is the leavings of a start that failed: not to be built upon.
    auto reader = Reader::open(newest_path);
    const auto first = reader ? reader->read(0) : std::unexpected(reader.error());
    if (!first || first->record.type != "warcinfo")
        return false;
    auto opened = open_file(newest_path, O_WRONLY | O_NOFOLLOW);
    if (!opened)
        return std::unexpected(opened.error());
    const auto end = size_of(*opened, newest_path);
    if (!end)
        return std::unexpected(end.error());
    if (!may_resume(files->back().text, *end))
        return false;
    fd = std::move(*opened);
    name = files->back().text;
    path = newest_path;
    warcinfo_id = first->record.header("WARC-Record-ID");
    const auto crc = reader->checksum(0, first->length);
    if (!crc)
        return std::unexpected(crc.error());
    warcinfo = to_text({{first->length, *crc}});
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
    auto record = make_warcinfo(name, settings.software, settings.user_agent, now);
    warcinfo_id = record.header("WARC-Record-ID");
    std::int64_t end = 0;
    const auto member = put(std::move(record), end);
    auto written = member ? sync_folder(settings.folder) : std::unexpected(member.error());
    if (!written) {
        undo(true);
        return written;
    }
    warcinfo = to_text({*member});
    size = end; // on disk together with the first exchange
    return {};
}

Result<void> Files::Impl::ready() {
    if (fd && !is_ours()) {
        warn_changed(name, size, size_of(fd, path).value_or(0));
        fd.reset();
        told = true;
        known.reset();
    }
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

Result<Member> Files::Impl::put(Record record, std::int64_t& end) {
    const auto bytes = compress(serialize(std::move(record)));
    if (auto written = write_at(fd, path, bytes, end); !written)
        return std::unexpected(written.error());
    const auto member = member_of(bytes);
    end += member.length;
    return member;
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
                  .payload_sha256 =
                      exchange.digests ? exchange.digests->sha256 : base::sha256_hex(exchange.body),
                  .members = {},
                  .warcinfo = warcinfo};
    std::vector<Record*> all{&records.request};
    if (records.metadata)
        all.push_back(&*records.metadata);
    all.push_back(&records.response);
    std::vector<Member> members;
    for (Record* record : all) {
        stored.offset = end;
        const auto member = put(std::move(*record), end);
        if (!member)
            return std::unexpected(member.error());
        members.push_back(*member);
    }
    stored.length = members.back().length;
    stored.members = to_text(members);
    return stored;
}

Result<Stored> Files::Impl::put_resource(const Record& record, std::int64_t& end) {
    Stored stored{.file = name,
                  .group_offset = end,
                  .offset = end,
                  .record_id = std::string(record.header("WARC-Record-ID")),
                  .payload_bytes = static_cast<std::int64_t>(record.block.size()),
                  .payload_sha1 = std::string(record.header("WARC-Payload-Digest")),
                  .payload_sha256 = base::sha256_hex(record.block),
                  .members = {},
                  .warcinfo = warcinfo};
    const auto member = put(record, end);
    if (!member)
        return std::unexpected(member.error());
    stored.length = member->length;
    stored.members = to_text({*member});
    return stored;
}

/// What `put_them` writes behind the committed end is brought to disk and becomes part of it, or is gone
/// again.
template <class Put>
auto Files::Impl::commit(Put put_them) -> decltype(put_them(std::declval<std::int64_t&>())) {
    auto end = size;
    dirty = true;
    try {
        auto stored = put_them(end);
        const auto synced = stored ? sync_data(fd, path) : std::unexpected(stored.error());
        if (!synced) {
            undo(is_new);
            return std::unexpected(synced.error());
        }
        size = end;
        dirty = is_new = false;
        told = true;
        known = KnownFile{name, size};
        return stored;
    } catch (...) { // out of memory; the file must not keep half a batch
        undo(is_new);
        throw;
    }
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

void Files::resume(std::optional<KnownFile> file) {
    impl_->told = true;
    impl_->known = std::move(file);
}

Result<std::vector<Stored>> Files::append(const std::vector<Exchange>& exchanges) {
    if (exchanges.empty())
        return std::vector<Stored>();
    auto& impl = *impl_;
    if (auto ready = impl.ready(); !ready)
        return std::unexpected(ready.error());
    return impl.commit([&](std::int64_t& end) -> Result<std::vector<Stored>> {
        std::vector<Stored> all;
        all.reserve(exchanges.size());
        for (const auto& exchange : exchanges) {
            auto stored = impl.put_exchange(exchange, end);
            if (!stored)
                return std::unexpected(stored.error());
            all.push_back(std::move(*stored));
        }
        return all;
    });
}

Result<Stored> Files::append_resource(std::string_view uri, std::string_view type, std::string block,
                                      base::Time at) {
    auto& impl = *impl_;
    if (auto ready = impl.ready(); !ready)
        return std::unexpected(ready.error());
    const auto record = make_resource(uri, type, std::move(block), impl.warcinfo_id, at);
    return impl.commit([&](std::int64_t& end) { return impl.put_resource(record, end); });
}

} // namespace cdtd::warc
