#include <cdtd/change/standing.hpp>

#include <algorithm>

namespace cdtd::change {
namespace {

constexpr int kMany = 1000; ///< a counter that runs for years

bool could_tell(const std::string& state) {
    return state == "alive" || is_gone(state);
}

void show(Standing& standing, const model::Look& look, base::Time since) {
    const bool same = standing.shown.state == look.state;
    standing.shown.state = look.state;
    standing.shown.reason = look.reason;
    if (!same || !standing.shown.since)
        standing.shown.since = since;
}

void take_trouble(Standing& standing, const model::Look& look) {
    standing.troubles = std::min(standing.troubles + 1, kMany);
    // What was seen gone stays so until it is seen alive.
    if (is_gone(standing.shown.state))
        return;
    show(standing, look, look.at);
    standing.shown.confirmed = false;
}

News believe(Standing& standing) {
    const bool was_gone = is_gone(standing.believed);
    standing.believed = standing.candidate;
    if (standing.believed == "alive") {
        standing.gone_at.reset();
        return was_gone ? News::restored : News::none;
    }
    if (!was_gone)
        standing.gone_at = standing.since;
    return standing.believed == "deleted" ? News::deleted : News::censored;
}

} // namespace

bool is_gone(const std::string& state) {
    return state == "deleted" || state == "censored";
}

News take_look(Standing& standing, const model::Look& look, int confirm) {
    standing.shown.checked_at = look.at;
    if (!could_tell(look.state)) {
        take_trouble(standing, look);
        return News::none;
    }
    standing.troubles = 0;
    if (look.state != standing.candidate) {
        standing.candidate = look.state;
        standing.since = look.at;
        standing.agreed = 0;
    }
    standing.agreed = std::min(standing.agreed + 1, kMany);
    show(standing, look, *standing.since);
    const bool alive = look.state == "alive";
    if (alive)
        standing.alive_until = look.at;
    const bool confirmed = alive || standing.agreed >= confirm;
    standing.shown.confirmed = confirmed;
    return confirmed && standing.believed != standing.candidate ? believe(standing) : News::none;
}

int next_wait(const Standing& standing) {
    return std::max(standing.troubles > 0 ? standing.troubles : standing.agreed, 1);
}

} // namespace cdtd::change
