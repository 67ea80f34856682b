#include <cdtd/schedule/pacer.hpp>

#include <algorithm>

namespace cdtd::schedule {

using base::Time;

std::optional<Time> Pacer::next_start(Time now) const {
    if (running_ >= std::max<std::size_t>(at_once_, 1))
        return std::nullopt;
    return std::max({now, last_start_ + between_, closed_until_});
}

void Pacer::started(Time now) {
    ++running_;
    last_start_ = std::max(last_start_, now);
}

void Pacer::ended() {
    if (running_ > 0)
        --running_;
}

void Pacer::close_until(Time until) {
    closed_until_ = std::max(closed_until_, until);
}

bool Pacer::idle(Time now) const {
    return running_ == 0 && now >= last_start_ + between_ && now >= closed_until_;
}

} // namespace cdtd::schedule
