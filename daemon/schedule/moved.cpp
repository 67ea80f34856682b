#include <cdtd/schedule/moved.hpp>

#include <algorithm>

namespace cdtd::schedule {

std::optional<model::Move> note_chain(const std::optional<model::Move>& before, const Chain& chain,
                                      base::Time now) {
    const auto permanent = [](int status) { return status == 301 || status == 308; };
    if (chain.statuses.empty() || !std::ranges::all_of(chain.statuses, permanent))
        return std::nullopt;
    if (before && before->to == chain.end)
        return model::Move{before->to, before->since, std::min(before->seen, chains_to_believe) + 1};
    return model::Move{chain.end, now, 1};
}

bool is_believed(const model::Move& move, base::Duration after, base::Time now) {
    return move.seen >= chains_to_believe && now - move.since >= after;
}

} // namespace cdtd::schedule
