#include "api/router.hpp"

#include <cdtd/model/json.hpp>
#include <cdtd/store/status.hpp>

#include <filesystem>
#include <sys/statvfs.h>
#include <system_error>

namespace cdtd::api {
namespace {

namespace fs = std::filesystem;

// 0 for a file that is not there: the -wal file comes and goes.
std::int64_t size_of(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

std::int64_t size_of_files_in(const fs::path& folder) {
    std::int64_t sum = 0;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        sum += size_of(at->path());
    return sum;
}

std::int64_t free_in(const std::string& folder) {
    struct statvfs figures{};
    if (::statvfs(folder.c_str(), &figures) != 0)
        return 0;
    return static_cast<std::int64_t>(figures.f_bavail) * static_cast<std::int64_t>(figures.f_frsize);
}

} // namespace

Answer get_status(Ask& ask) {
    if (!ask.query.done())
        return problem(400, ask.query.fault());
    auto status = store::read_status(ask.db, ask.context.now);
    status.version = CDTD_VERSION;
    status.now = ask.context.now;
    status.started_at = ask.context.started_at;
    status.running = ask.context.running;
    status.database_bytes = size_of(ask.db.path()) + size_of(ask.db.path() + "-wal");
    status.warc_bytes = size_of_files_in(fs::path(ask.context.state_dir) / "warc");
    status.free_bytes = free_in(ask.context.state_dir);
    return json_answer(model::to_json(status));
}

} // namespace cdtd::api
