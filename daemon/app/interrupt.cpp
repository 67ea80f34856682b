#include "app/interrupt.hpp"

#include <csignal>

namespace cdtd::app {

namespace {

// What a handler may touch is global by nature.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void note(int) {
    interrupted = true;
}

} // namespace

Interrupt::Interrupt() {
    struct sigaction action{};
    action.sa_handler = note;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

const std::atomic<bool>& Interrupt::asked() const {
    return interrupted;
}

} // namespace cdtd::app
