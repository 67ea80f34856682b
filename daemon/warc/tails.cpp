// After a crash: what the database never heard of is cut off, so that every record in a file is one that
// something refers to or stands before one.
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

Result<std::optional<Recovered>> cut_file(const std::string& folder, const std::string& name,
                                          std::int64_t end) {
    const auto path = folder + "/" + name;
    const auto fd = open_file(path, O_WRONLY | O_NOFOLLOW);
    if (!fd)
        return std::unexpected(fd.error());
    const auto size = size_of(*fd, path);
    if (!size)
        return std::unexpected(size.error());
    if (*size <= end)
        return std::nullopt;
    if (auto cut = cut_to(*fd, path, end); !cut)
        return std::unexpected(cut.error());
    return Recovered{.file = name, .cut_bytes = *size - end};
}

Result<Recovered> remove_file(const std::string& folder, const std::string& name) {
    const auto path = folder + "/" + name;
    std::int64_t size = 0;
    if (const auto fd = open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))
        size = size_of(*fd, path).value_or(0);
    if (::unlink(path.c_str()) != 0)
        return io_error("cannot remove", path);
    return Recovered{.file = name, .cut_bytes = size};
}

/// A database that knows of no capture at all is more likely new, lost or wrong than its archive worthless:
/// whole records stay, only a torn end of the newest file goes.
Result<std::optional<Recovered>> mend_newest(const std::string& folder, const FileName& newest) {
    std::int64_t end = 0;
    const auto read = read_all(folder + "/" + newest.text, [&end](const Located& located) {
        if (located.record.type != "request" && located.record.type != "metadata") // its response is missing
            end = located.offset + located.length;
    });
    if (!read && read.error().code == Errc::io)
        return std::unexpected(read.error());
    if (end > 0)
        return cut_file(folder, newest.text, end);
    auto removed = remove_file(folder, newest.text);
    if (!removed)
        return std::unexpected(removed.error());
    return std::optional(std::move(*removed));
}

Result<std::vector<Recovered>> cut_all(const std::string& folder, const std::vector<KnownFile>& known,
                                       const std::vector<FileName>& files) {
    std::vector<Recovered> recovered;
    const auto end_of = [&known](const FileName& name) {
        return std::find_if(known.begin(), known.end(),
                            [&name](const KnownFile& file) { return file.file == name.text; });
    };
    // Newest first: should it be interrupted, what is left is again a newest known file and newer ones.
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
        const auto found = end_of(*file);
        if (found != known.end()) {
            auto cut = cut_file(folder, file->text, found->end);
            if (!cut)
                return std::unexpected(cut.error());
            if (*cut)
                recovered.push_back(std::move(**cut));
            break;
        }
        auto removed = remove_file(folder, file->text);
        if (!removed)
            return std::unexpected(removed.error());
        recovered.push_back(std::move(*removed));
    }
    return recovered;
}

} // namespace

Result<std::vector<Recovered>> cut_tails(const std::string& folder, const std::vector<KnownFile>& known) {
    if (auto checked = check_known(folder, known); !checked)
        return std::unexpected(checked.error());
    const auto files = list_files(folder);
    if (!files)
        return std::unexpected(files.error());
    if (files->empty())
        return std::vector<Recovered>();
    const bool any_known = std::any_of(known.begin(), known.end(), [](const KnownFile& file) {
        return parse_file_name(file.file).has_value();
    });
    Result<std::vector<Recovered>> recovered;
    if (any_known) {
        recovered = cut_all(folder, known, *files);
    } else {
        auto mended = mend_newest(folder, files->back());
        if (!mended)
            return std::unexpected(mended.error());
        if (*mended)
            recovered->push_back(std::move(**mended));
    }
    if (!recovered || recovered->empty())
        return recovered;
    if (auto synced = sync_folder(folder); !synced)
        return std::unexpected(synced.error());
    return recovered;
}

} // namespace cdtd::warc
