// What many looks at an original say together: whether it stands, since when, and what is news. Pure; any
// thread.
//
// Looks that could tell (alive, deleted, censored) count; a captcha, a dead line or a notice nobody knows
// says something about us: it neither counts nor takes anything back.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/source.hpp>

#include <optional>
#include <string>

namespace cdtd::change {

struct Standing {
    model::Liveness shown;           ///< next_check_at is the caller's
    std::string candidate;           ///< what the newest looks that could tell say; "" = none could yet
    std::optional<base::Time> since; ///< the first of them
    int agreed = 0;                  ///< how many in a row
    int troubles = 0;                ///< looks in a row, up to now, that could not tell
    std::string believed;            ///< alive, or deleted and censored once confirmed; "" = nothing yet
    std::optional<base::Time> alive_until; ///< when it was last seen alive
    std::optional<base::Time> gone_at;     ///< when what is believed gone was first seen so
};

/// Of a state of liveness: deleted or censored.
bool is_gone(const std::string& state);

enum class News { none, deleted, censored, restored };

/// `confirm`: looks that must agree before it is believed gone; one that sees it alive is enough.
News take_look(Standing& standing, const model::Look& look, int confirm);

/// The place in the list of waits for the next look, from 1: the more looks agree the later; after one that
/// could not tell soon again, and less and less so.
int next_wait(const Standing& standing);

} // namespace cdtd::change
