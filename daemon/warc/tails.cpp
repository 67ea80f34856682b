// After a crash, or with a database that is older than its archive: whole records stay, an unfinished one at
// the end of a file goes, so that others can read the file and we can write on.
#include "warc/io.hpp"
#include "warc/names.hpp"

#include <cdtd/warc/file.hpp>
#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unistd.h>

namespace cdtd::warc {

using base::Errc;
using base::Result;

namespace {

/// A warcinfo is far smaller.
constexpr std::int64_t most_of_a_beginning = 4096;
constexpr std::size_t copy_at_once = 1 << 20;

/// Every known file must be there and hold all that is known of it; nothing is touched before that is sure.
Result<void> check_known(const std::string& folder, const std::vector<KnownFile>& known) {
    for (const auto& file : known) {
        if (file.file.empty() || file.file.find('/') != std::string::npos || file.file.starts_with('.'))
            return base::fail(
                Errc::bad_data,
                fmt::format("the database names '{}' as a WARC file, which is no file name", file.file));
        const auto path = folder + "/" + file.file;
        std::error_code error;
        if (std::filesystem::symlink_status(path, error).type() == std::filesystem::file_type::not_found)
            return base::fail(
                Errc::bad_data,
                fmt::format("{} is missing, but the database refers to captures in it: put it back "
                            "from a backup",
                            path));
        const auto fd = open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        if (!fd)
            return std::unexpected(fd.error());
        const auto size = size_of(*fd, path);
        if (!size)
            return std::unexpected(size.error());
        if (*size < file.end)
            return base::fail(
                Errc::bad_data,
                fmt::format("{} has {} bytes, but the database refers to captures up to {}: put it "
                            "back from a backup",
                            path, *size, file.end));
    }
    return {};
}

/// A request or a note on a response that never came is no use to anyone; nor is a second warcinfo.
bool ends_exchange(const Located& located) {
    const auto& type = located.record.type;
    return type != "request" && type != "metadata" && (type != "warcinfo" || located.offset == 0);
}

/// What lies behind the known end of a file.
struct Tail {
    std::int64_t size = 0;   ///< of the file
    std::int64_t whole = 0;  ///< end of its last whole exchange
    bool unfinished = false; ///< the writer was stopped in the middle of what lies behind that
};

Result<Tail> look_at(const std::string& path, std::int64_t known_end) {
    auto reader = Reader::open(path);
    if (!reader)
        return std::unexpected(reader.error());
    Tail tail{reader->size(), known_end, true};
    for (auto at = known_end; at < tail.size;) {
        const auto located = reader->read(at);
        if (located) {
            at += located->length;
            if (ends_exchange(*located)) {
                tail.whole = at;
                tail.unfinished = true;
            }
            continue;
        }
        if (located.error().code == Errc::io)
            return std::unexpected(located.error());
        tail.unfinished = tail.unfinished && reader->ran_out();
        const auto next = reader->find_record(at + 1);
        if (!next)
            return std::unexpected(next.error());
        at = next->value_or(tail.size);
    }
    return tail;
}

/// Copies it to a file beside; gives the name.
Result<std::string> copy_aside(const Fd& from, const std::string& folder, const std::string& name,
                               const Tail& tail) {
    auto made = fmt::format("{}.at-{}.orphan", name, tail.whole);
    std::error_code ignored;
    for (int number = 2; std::filesystem::exists(folder + "/" + made, ignored); ++number)
        made = fmt::format("{}.at-{}.{}.orphan", name, tail.whole, number);
    const auto path = folder + "/" + made;
    const auto fd = open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0640);
    if (!fd)
        return std::unexpected(fd.error());
    Result<void> done;
    for (auto at = tail.whole; done && at < tail.size;) {
        const auto piece = read_some(from.get(), folder + "/" + name, at, copy_at_once);
        done = piece ? write_at(*fd, path, *piece, at - tail.whole) : std::unexpected(piece.error());
        if (piece && piece->empty())
            break;
        at += piece ? static_cast<std::int64_t>(piece->size()) : 0;
    }
    if (done)
        done = sync_data(*fd, path);
    if (done)
        done = sync_folder(folder);
    if (!done) {
        ::unlink(path.c_str());
        return std::unexpected(done.error());
    }
    return made;
}

/// nullopt: it is whole. `end`: where it ends afterwards.
Result<std::optional<Recovered>> mend_file(const std::string& folder, const std::string& name,
                                           std::int64_t& end) {
    const auto path = folder + "/" + name;
    const auto fd = open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK); // old ones may be write-protected
    if (!fd)
        return std::unexpected(fd.error());
    const auto size = size_of(*fd, path);
    if (!size)
        return std::unexpected(size.error());
    if (*size == end && end > 0)
        return std::nullopt;
    const auto tail = look_at(path, end);
    if (!tail)
        return std::unexpected(tail.error());
    end = tail->whole;
    if (tail->whole == tail->size && end > 0)
        return std::nullopt;
    Recovered mended{.file = name, .cut_bytes = tail->size - tail->whole, .moved_to = {}, .left_because = {}};
    const bool begun_only = tail->whole == 0 && tail->unfinished && tail->size <= most_of_a_beginning;
    if (!begun_only && (!tail->unfinished || tail->whole == 0)) {
        const auto made = copy_aside(*fd, folder, name, *tail);
        if (!made) {
            mended.left_because = made.error().message;
            return mended;
        }
        mended.moved_to = *made;
    }
    if (tail->whole == 0 && ::unlink(path.c_str()) != 0)
        return io_error("cannot remove", path);
    if (tail->whole > 0) {
        const auto writable = open_file(path, O_WRONLY | O_NOFOLLOW);
        const auto cut = writable ? cut_to(*writable, path, tail->whole) : std::unexpected(writable.error());
        if (!cut)
            return std::unexpected(cut.error());
    }
    return mended;
}

} // namespace

Result<Mended> mend_tails(const std::string& folder, const std::vector<KnownFile>& known,
                          const std::function<void()>& at_work) {
    if (auto checked = check_known(folder, known); !checked)
        return std::unexpected(checked.error());
    const auto files = list_files(folder);
    if (!files)
        return std::unexpected(files.error());
    Mended mended;
    for (const auto& file : *files) {
        if (at_work)
            at_work();
        const auto found = std::ranges::find(known, file.text, &KnownFile::file);
        std::int64_t end = found == known.end() ? 0 : found->end;
        auto one = mend_file(folder, file.text, end);
        if (!one)
            return std::unexpected(one.error());
        const bool left = *one && !(*one)->left_because.empty();
        if (left)
            mended.newest.reset();
        else if (end > 0)
            mended.newest = KnownFile{file.text, end};
        if (*one)
            mended.files.push_back(std::move(**one));
    }
    if (!mended.files.empty())
        if (auto synced = sync_folder(folder); !synced)
            return std::unexpected(synced.error());
    return mended;
}

} // namespace cdtd::warc
