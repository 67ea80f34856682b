#include "app/progress.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cdtd::app {

namespace {

constexpr auto least_between = std::chrono::milliseconds(200);

std::size_t width() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79u;
}

} // namespace

Progress::Progress() : terminal_(isatty(STDERR_FILENO) != 0) {}

void Progress::show(std::string_view text) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || (shown_ && now - last_ < least_between))
        return;
    last_ = now;
    shown_ = true;
    fmt::print(stderr, "\r{}\x1b[K", base::fit(base::terminal_safe(text), width()));
    std::fflush(stderr);
}

void Progress::clear() {
    if (!shown_)
        return;
    shown_ = false;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
}

} // namespace cdtd::app
