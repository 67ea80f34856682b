// What follows from everything that was heard of one URL.
#include "wayback/snapshots.hpp"

#include <cdtd/wayback/resolve.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace cdtd::wayback {
namespace {

using detail::is_redirect;
using detail::may_hold_content;
using Kind = Judgement::Kind;

} // namespace

/// The captures that are not what was published, in words.
std::string Resolver::why_not() const {
    std::set<std::string> words;
    for (const Snapshot& snapshot : snapshots_) {
        const auto judgement = judgement_of(snapshot);
        if (judgement && judgement->kind == Kind::notice)
            words.insert(judgement->reason);
        else if (!may_hold_content(snapshot))
            words.insert(fmt::format("{} ({})", is_redirect(snapshot) ? "a redirect" : "an error page",
                                     snapshot.status));
    }
    std::vector<std::string> some(words.begin(), words.end());
    if (some.size() > 4)
        some.resize(4);
    return fmt::format("captured is only: {}", fmt::join(some, ", "));
}

/// The captures worth naming: the first, the newest, and the one nearest to the publication.
void Resolver::choose(Answer& answer) const {
    for (const Snapshot& snapshot : snapshots_) {
        const auto judgement = judgement_of(snapshot);
        if (!may_hold_content(snapshot) || (judgement && judgement->kind == Kind::notice))
            continue;
        if (!answer.oldest)
            answer.oldest = snapshot;
        answer.newest = snapshot;
    }
    for (const Snapshot& snapshot : wanted_first()) {
        const auto judgement = judgement_of(snapshot);
        const bool good = judgement && judgement->kind != Kind::notice;
        if (good && answer.state != Answer::State::archived) {
            answer.nearest = snapshot;
            answer.state = Answer::State::archived;
        }
        if (!judgement && !answer.nearest)
            answer.nearest = snapshot;
    }
}

/// Why nobody can tell; "" where everything that was asked was answered.
std::string Resolver::why_unknown() const {
    const bool unread = std::ranges::any_of(snapshots_, [this](const Snapshot& snapshot) {
        return may_hold_content(snapshot) && !judgement_of(snapshot);
    });
    if (unread)
        return problem_.empty() ? "captures are listed that were not read yet"
                                : fmt::format("a capture is listed and could not be read: {}", problem_);
    const bool index_asked = std::ranges::all_of(opinions_, [](const Opinion& opinion) {
        return opinion.cdx_asked && !opinion.newest_wanted && !opinion.nearest_wanted;
    });
    const bool empty = snapshots_.empty() && std::ranges::all_of(opinions_, [](const Opinion& opinion) {
                           return opinion.cdx_empty && opinion.third_empty;
                       });
    const bool claims_checked = claims_asked_.size() == question_.claims.size() && !claims_open_;
    const bool all = index_asked && claims_checked && (empty || problem_.empty());
    if (all && (empty || !snapshots_.empty()))
        return {};
    return problem_.empty() ? "not everything could be asked" : problem_;
}

Answer Resolver::conclude() const {
    Answer answer;
    answer.count = static_cast<int>(snapshots_.size());
    choose(answer);
    if (answer.state == Answer::State::archived)
        return answer;
    answer.reason = why_unknown();
    if (!answer.reason.empty())
        return answer;
    if (!snapshots_.empty())
        answer.reason = why_not();
    // A redirect may lead to where the content is, and of a long list only a part was seen.
    if (!truncated_ && std::ranges::none_of(snapshots_, is_redirect))
        answer.state = Answer::State::not_archived;
    return answer;
}

Answer Resolver::answer() const {
    Answer answer = conclude();
    if (answer.state == Answer::State::archived)
        return answer;
    if (stop_) {
        answer.state = Answer::State::unknown;
        answer.reason = stop_->reason;
        answer.throttled = stop_->trouble == Trouble::throttled;
    }
    return answer;
}

} // namespace cdtd::wayback
