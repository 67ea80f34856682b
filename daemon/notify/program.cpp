#include "notify/program.hpp"

#include <cdtd/base/file.hpp>
#include <cdtd/net/wake.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern "C" { // glibc 2.36 forgot it
#include <sys/pidfd.h>
}

namespace cdtd::notify {

namespace asio = boost::asio;

namespace {

constexpr std::size_t output_kept = 1024;
/// A killed process that is still there then hangs in the kernel: nobody waits for it, it is reaped when it
/// ends.
constexpr base::Duration dies_within = std::chrono::seconds(5);

[[noreturn]] void fail(const char* what, int cause = errno) {
    throw std::system_error(cause, std::generic_category(), what);
}

/// A file in memory: a program may read it at its leisure or not at all, and nobody is blocked or signalled.
base::Descriptor file_with(std::string_view text) {
    base::Descriptor file(memfd_create("cdtd-event", MFD_CLOEXEC));
    if (!file)
        fail("memfd_create");
    if (const int cause = base::write_all(file.get(), text); cause != 0)
        fail("the event can't be written", cause);
    if (lseek(file.get(), 0, SEEK_SET) < 0)
        fail("lseek");
    return file;
}

struct SpawnSetup {
    SpawnSetup() {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
    }
    ~SpawnSetup() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

void prepare(SpawnSetup& setup, int input, int output) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int wrong = posix_spawn_file_actions_adddup2(&setup.actions, input, STDIN_FILENO);
    wrong |= posix_spawn_file_actions_adddup2(&setup.actions, output, STDOUT_FILENO);
    wrong |= posix_spawn_file_actions_adddup2(&setup.actions, output, STDERR_FILENO);
    wrong |= posix_spawn_file_actions_addclosefrom_np(&setup.actions, STDERR_FILENO + 1);
    wrong |= posix_spawn_file_actions_addchdir_np(&setup.actions, "/");
    wrong |= posix_spawnattr_setpgroup(&setup.attributes, 0);
    wrong |= posix_spawnattr_setsigdefault(&setup.attributes, &all); // SIGPIPE, which we ignore, above all
    wrong |= posix_spawnattr_setsigmask(&setup.attributes, &none);
    wrong |= posix_spawnattr_setflags(&setup.attributes,
                                      POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (wrong != 0)
        fail("posix_spawn can't be set up", wrong);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    list.reserve(texts.size() + 1);
    for (std::string& text : texts)
        list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

/// Throws std::system_error with the reason: no such file, no permission…
pid_t spawn(ProgramOrder& order, int input, int output) {
    SpawnSetup setup;
    prepare(setup, input, output);
    const auto arguments = pointers(order.command);
    const auto environment = pointers(order.environment);
    pid_t pid = 0;
    if (const int wrong = posix_spawn(&pid, order.command.front().c_str(), &setup.actions, &setup.attributes,
                                      arguments.data(), environment.data());
        wrong != 0)
        fail("it can't be started", wrong);
    return pid;
}

} // namespace

/// Kept alive by whoever waits for it, and by its handlers until it is reaped.
struct Programs::Child : std::enable_shared_from_this<Child> {
    Child(const asio::any_io_executor& loop, ProgramOrder& order) : bell(loop), end(loop), output(loop) {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            fail("pipe");
        output.assign(ends[0]);
        const base::Descriptor writing(ends[1]);
        output.non_blocking(true);
        const base::Descriptor input = file_with(order.input);
        pid = spawn(order, input.get(), writing.get());
        const int watched = pidfd_open(pid, 0);
        if (watched < 0) {
            const int cause = errno;
            ::kill(-pid, SIGKILL);
            waitpid(pid, nullptr, 0);
            fail("pidfd_open", cause);
        }
        end.assign(watched);
    }

    void watch() {
        end.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](const boost::system::error_code&) { self->reap(); });
        read();
    }

    void kill() const {
        if (!ended) // the group's number is ours until its leader is reaped
            ::kill(-pid, SIGKILL);
    }

    void close() {
        boost::system::error_code ignored;
        output.close(ignored);
    }

    /// What is still in the pipe when it has ended.
    void read_rest() {
        boost::system::error_code error;
        std::size_t some = 0;
        while (!error && kept.size() < output_kept &&
               (some = output.read_some(asio::buffer(buffer), error)) > 0)
            keep(some);
        close();
    }

    net::Bell bell;
    asio::posix::stream_descriptor end, output;
    pid_t pid = 0;
    siginfo_t how{};
    bool ended = false;
    std::string kept;

  private:
    void reap() {
        if (waitid(P_PID, static_cast<id_t>(pid), &how, WEXITED) == 0)
            ended = true;
        bell.ring();
    }

    void read() {
        output.async_read_some(
            asio::buffer(buffer),
            [self = shared_from_this()](const boost::system::error_code& error, std::size_t some) {
                if (error)
                    return;
                self->keep(some);
                self->read(); // also what is not kept: a full pipe would stop the program
            });
    }

    void keep(std::size_t some) { kept.append(buffer.data(), std::min(some, output_kept - kept.size())); }

    std::array<char, 4096> buffer{};
};

namespace {

std::string words_for(const siginfo_t& how) {
    if (how.si_code == CLD_EXITED)
        return how.si_status == 0 ? "" : fmt::format("the program ended with exit status {}", how.si_status);
    return fmt::format("the program was ended by signal {}", how.si_status);
}

} // namespace

asio::awaitable<ProgramEnd> Programs::run(ProgramOrder order) {
    ProgramEnd result;
    std::shared_ptr<Child> child;
    try {
        child = std::make_shared<Child>(loop_, order);
    } catch (const std::exception& error) {
        result.error = fmt::format("{}: {}", order.command.front(), error.what());
    }
    if (!child)
        co_return result;
    children_.insert(child.get());
    child->watch();
    if (!stopping_)
        co_await child->bell.wait(order.timeout);
    const bool late = !child->ended && !stopping_;
    child->kill();
    if (!child->ended)
        co_await child->bell.wait(dies_within);
    children_.erase(child.get());
    child->read_rest();
    result.output = child->kept;
    result.cancelled = stopping_ && !late && child->how.si_code != CLD_EXITED;
    if (late)
        result.error = fmt::format("the program did not end within {} s: it was killed",
                                   std::chrono::ceil<std::chrono::seconds>(order.timeout).count());
    else
        result.error = words_for(child->how);
    if (child->ended && child->how.si_code == CLD_EXITED)
        result.status = child->how.si_status;
    co_return result;
}

void Programs::stop() {
    stopping_ = true;
    for (Child* child : children_)
        child->bell.ring();
}

} // namespace cdtd::notify
