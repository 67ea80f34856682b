// Markdown archives into the database. It writes by itself, so no daemon may run beside it: the daemon's
// writer counts on being the only one, and an import of a hundred thousand files would hold it up for
// minutes.
#include "app/command_line.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"

#include <cdtd/app/commands.hpp>
#include <cdtd/app/instance_lock.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/pipeline/import.hpp>
#include <cdtd/store/writer.hpp>

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

namespace cdtd::app {
namespace {

std::string figures(const pipeline::Imported& done) {
    return fmt::format("{} files: {} new, {} known already, {} unreadable", done.files, done.stored,
                       done.known, done.faulty);
}

/// Errc::conflict in the words of who wants to import.
std::string refusal(const base::Error& error, const std::string& state_dir) {
    if (error.code != base::Errc::conflict)
        return error.message;
    const auto holder = lock_holder(state_dir);
    return fmt::format("the daemon{} works on {}; an import needs it stopped: systemctl stop cdtd, import, "
                       "systemctl start cdtd",
                       holder && holder->pid > 0 ? fmt::format(" (process {})", holder->pid) : "", state_dir);
}

/// Files that root makes in the state are files that the daemon can't write.
bool is_for_another_user(const std::string& state_dir) {
    struct stat facts{};
    return geteuid() == 0 && stat(state_dir.c_str(), &facts) == 0 && facts.st_uid != 0;
}

int report(const pipeline::Imported& done) {
    std::string text = figures(done) + "\n";
    if (done.links > 0)
        text += fmt::format("{} symbolic links were not followed\n", done.links);
    if (done.interrupted)
        return complain("interrupted; run it again to go on", put(text, exit_failed));
    if (done.files == 0)
        return complain("no Markdown file was found (*.md)", exit_failed);
    return put(text, done.faulty > 0 ? exit_failed : exit_done);
}

} // namespace

int command_import(const Options& options) {
    const std::optional<Config> config = configuration(options);
    if (!config)
        return exit_configuration;
    if (const std::error_code error = make_state_dir(config->state_dir))
        return complain(fmt::format("{} can't be made: {}", config->state_dir, error.message()), exit_failed);
    if (is_for_another_user(config->state_dir))
        return complain(
            fmt::format("{} is not root's: run this as the daemon's user (sudo -u cdtd cdtd import …)",
                        config->state_dir),
            exit_failed);
    const auto lock = InstanceLock::take(config->state_dir);
    if (!lock)
        return complain(refusal(lock.error(), config->state_dir), exit_failed);
    store::Writer writer(config->database());
    const Interrupt interrupt;
    Progress progress;
    const pipeline::ImportReports reports{
        [&](const pipeline::Imported& so_far) { progress.show(figures(so_far)); },
        [&](const std::string& path, const std::string& fault) {
            progress.clear();
            complain(fmt::format("{}: {}", path, fault), exit_failed);
        }};
    pipeline::ImportSettings settings;
    settings.archive = config->archive;
    settings.fetch = options.fetch;
    const auto done = pipeline::import_files(writer.connection(), pipeline::FileWalk(options.paths), settings,
                                             base::system_clock(), interrupt.asked(), reports);
    progress.clear();
    return report(done);
}

} // namespace cdtd::app
