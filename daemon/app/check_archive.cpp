#include "app/check.hpp"

#include <cdtd/store/captures.hpp>
#include <cdtd/warc/file.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <system_error>

namespace cdtd::app {

namespace {

std::int64_t size_of(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? -1 : static_cast<std::int64_t>(size);
}

void check_known(const std::string& folder, const store::WarcFile& file, bool running, Findings& findings) {
    const auto size = size_of(folder + "/" + file.name);
    if (size < 0)
        findings.faults.push_back(
            fmt::format("{}/{} is missing, but the database refers to captures in it: put "
                        "it back from a backup",
                        folder, file.name));
    else if (size < file.end)
        findings.faults.push_back(
            fmt::format("{}/{} has {} bytes, but the database refers to captures up to {}: "
                        "put it back from a backup",
                        folder, file.name, size, file.end));
    else if (size > file.end && !running)
        findings.notes.push_back(fmt::format("{} has {} bytes of which the database knows nothing: the next "
                                             "start takes whole records in and cuts an unfinished tail off",
                                             file.name, size - file.end));
}

} // namespace

void check_archive(store::Connection& db, const std::string& folder, bool running, Findings& findings) {
    std::map<std::string, bool> known;
    for (const auto& file : store::warc_files(db)) {
        check_known(folder, file, running, findings);
        known[file.name] = true;
    }
    const auto listing = warc::files_in(folder);
    if (!listing)
        return findings.faults.push_back(listing.error().message);
    for (const auto& name : listing->ours)
        if (!known[name] && !running)
            findings.notes.push_back(
                fmt::format("the database knows nothing of {} ({} bytes), so it is older than "
                            "its archive: the next start takes whole records in",
                            name, size_of(folder + "/" + name)));
}

} // namespace cdtd::app
