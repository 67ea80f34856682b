#include "app/runtime.hpp"

#include <cdtd/app/daemon.hpp>
#include <cdtd/app/instance_lock.hpp>

#include <exception>
#include <malloc.h>
#include <system_error>

namespace cdtd::app {

namespace {

/// Where memory goes back to the machine: without this the allocator learns from the first big body to keep
/// such blocks for itself, in each thread's own arena, and a daemon of 25 MiB stays at 150 for years.
void tame_allocator() {
    mallopt(M_MMAP_THRESHOLD, 512 * 1024);
    mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    mallopt(M_ARENA_MAX, 2);
}

} // namespace

int run_daemon(const Config& config, const std::string& config_path, bool once, base::Log& log) {
    tame_allocator();
    if (const std::error_code error = make_state_dir(config.state_dir)) {
        log.error("the state directory can't be made",
                  {{"state_dir", config.state_dir}, {"error", error.message()}});
        return 1;
    }
    const auto lock = InstanceLock::take(config.state_dir);
    if (!lock) {
        log.error(lock.error().message, {{"state_dir", config.state_dir}});
        return 1;
    }
    try {
        Runtime runtime(config, config_path, log);
        return once ? runtime.run_once() : runtime.serve();
    } catch (const std::exception& e) {
        log.error("the daemon ended", {{"error", e.what()}});
        return 1;
    }
}

} // namespace cdtd::app
