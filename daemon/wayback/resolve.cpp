#include "wayback/snapshots.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/wayback/resolve.hpp>
#include <cdtd/wayback/timestamp.hpp>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace cdtd::wayback {
namespace {

using detail::may_hold_content;
using Kind = Judgement::Kind;

constexpr std::size_t most_forms = 4, most_claims = 4;
constexpr int most_steps = 24;   ///< of one look: no answer of theirs keeps us asking
constexpr int most_readings = 4; ///< the others at the next look

std::string comparable(const std::string& url) {
    return base::canonical_url(url).value_or(url);
}

base::Duration apart(base::Time a, base::Time b) {
    return a > b ? a - b : b - a;
}

} // namespace

Resolver::Resolver(Question question) : question_(std::move(question)) {
    const auto add = [this](const std::string& url) {
        if (opinions_.size() < most_forms && opinion_of(url) == nullptr) {
            opinions_.emplace_back();
            opinions_.back().url = url;
        }
    };
    add(question_.url);
    for (const auto& form : question_.forms)
        add(form);
    if (question_.claims.size() > most_claims)
        question_.claims.resize(most_claims);
}

Resolver::Opinion* Resolver::opinion_of(const std::string& url) {
    const auto found = std::ranges::find(opinions_, url, &Opinion::url);
    return found == opinions_.end() ? nullptr : &*found;
}

/// The index folds case: mp.weixin.qq.com/s/AbC and /s/aBc are one to it, and two articles.
bool Resolver::is_ours(const Snapshot& snapshot) const {
    const auto theirs = comparable(snapshot.original);
    const auto only_case_differs = [&theirs](const std::string& ours) {
        return ours != theirs && base::iequals(ours, theirs);
    };
    bool foreign = false;
    for (const Opinion& opinion : opinions_) {
        const auto ours = comparable(opinion.url);
        if (ours == theirs)
            return true;
        foreign = foreign || only_case_differs(ours);
    }
    return !foreign;
}

void Resolver::add_rows(const std::vector<Snapshot>& rows) {
    for (const Snapshot& row : rows) {
        const auto same = [&row](const Snapshot& known) {
            return known.timestamp == row.timestamp && known.digest == row.digest;
        };
        if (is_ours(row) && std::ranges::none_of(snapshots_, same))
            snapshots_.push_back(row);
    }
    std::ranges::sort(snapshots_, {}, [](const Snapshot& snapshot) {
        return std::pair(snapshot.timestamp, snapshot.digest);
    });
}

void Resolver::note(const Problem& problem) {
    if (problem.trouble != Trouble::failed && !stop_)
        stop_ = problem;
    if (problem_.empty())
        problem_ = problem.reason;
}

void Resolver::hear(const Step& step, const Heard<std::vector<Snapshot>>& rows) {
    ++steps_;
    Opinion* opinion = opinion_of(step.url);
    if (opinion == nullptr)
        return;
    if (step.part == Part::newest)
        opinion->newest_wanted = false;
    if (step.part == Part::nearest)
        opinion->nearest_wanted = false;
    if (step.part == Part::oldest)
        opinion->cdx_asked = true;
    if (!rows)
        return note(rows.error());
    if (step.part == Part::oldest) {
        opinion->cdx_empty =
            std::ranges::none_of(*rows, [this](const Snapshot& row) { return is_ours(row); });
        if (rows->size() >= static_cast<std::size_t>(most_snapshots)) {
            truncated_ = opinion->newest_wanted = true;
            opinion->nearest_wanted = question_.published.has_value();
        }
    }
    add_rows(*rows);
}

void Resolver::hear(const Step& step, const Heard<std::optional<Snapshot>>& closest) {
    ++steps_;
    if (Opinion* opinion = opinion_of(step.url))
        opinion->second_asked = true;
    if (!closest) { // another host's pause: this one's answer is only missing
        if (problem_.empty())
            problem_ = closest.error().reason;
    } else if (*closest) {
        Snapshot snapshot = **closest;
        if (snapshot.original.empty())
            snapshot.original = step.url;
        add_rows({snapshot});
    }
}

bool Resolver::is_listed(const std::string& timestamp) const {
    return std::ranges::find(snapshots_, timestamp, &Snapshot::timestamp) != snapshots_.end();
}

void Resolver::read(const Step& step, const Memento& memento, const Judgement& judgement) {
    if (!step.digest.empty()) {
        judged_now_[step.digest] = judgement;
        return;
    }
    Snapshot snapshot; // what was asked for was a time: the answer says which capture it is
    snapshot.at = memento.at > base::Time{} ? memento.at : time_of(step.timestamp).value_or(base::Time{});
    snapshot.timestamp = base::format_timestamp14(snapshot.at);
    snapshot.original = step.url;
    snapshot.status = memento.status;
    if (!is_listed(snapshot.timestamp))
        add_rows({snapshot});
    judged_now_[key_of(snapshot)] = judgement;
}

void Resolver::hear(const Step& step, const Heard<Replay>& replay, const Judgement& judgement) {
    ++steps_;
    ++readings_;
    Opinion* opinion = step.digest.empty() ? opinion_of(step.url) : nullptr;
    if (opinion != nullptr && opinion->second_asked)
        opinion->third_asked = true;
    for (std::size_t i = 0; i < question_.claims.size(); ++i)
        if (question_.claims[i] == Claim{step.timestamp, step.url})
            claims_asked_.insert(i);
    const std::string key = step.digest.empty() ? step.timestamp : step.digest;
    if (!replay) {
        unread_.insert(key);
        claims_open_ = claims_open_ || step.digest.empty();
        return note(replay.error());
    }
    if (const auto* memento = std::get_if<Memento>(&*replay)) {
        read(step, *memento, judgement);
    } else if (const auto* nearest = std::get_if<Nearest>(&*replay)) {
        unread_.insert(key); // this one; the other one is read next
        Snapshot snapshot;
        snapshot.timestamp = nearest->timestamp;
        snapshot.at = time_of(nearest->timestamp).value_or(base::Time{});
        snapshot.original = nearest->url.contains("://") ? nearest->url : step.url;
        if (opinion != nullptr && !is_ours(snapshot))
            opinion->third_empty = true;
        if (!is_listed(snapshot.timestamp))
            add_rows({snapshot});
    } else {
        unread_.insert(key);
        if (opinion != nullptr)
            opinion->third_empty = true;
    }
}

std::optional<Judgement> Resolver::judgement_of(const Snapshot& snapshot) const {
    const std::string key = key_of(snapshot);
    if (const auto now = judged_now_.find(key); now != judged_now_.end())
        return now->second;
    if (const auto before = question_.judged.find(key); before != question_.judged.end())
        return before->second;
    return std::nullopt;
}

/// Those that may hold what was published, the nearest to the publication first.
std::vector<Snapshot> Resolver::wanted_first() const {
    std::vector<Snapshot> wanted;
    std::ranges::copy_if(snapshots_, std::back_inserter(wanted), may_hold_content);
    if (question_.published)
        std::ranges::sort(wanted, {}, [this](const Snapshot& snapshot) {
            return std::tuple(apart(snapshot.at, *question_.published), snapshot.timestamp, snapshot.digest);
        });
    return wanted;
}

bool Resolver::found() const {
    return std::ranges::any_of(snapshots_, [this](const Snapshot& snapshot) {
        const auto judgement = judgement_of(snapshot);
        return may_hold_content(snapshot) && judgement && judgement->kind != Kind::notice;
    });
}

std::optional<Step> Resolver::next_index() const {
    const auto near = question_.published ? base::format_timestamp14(*question_.published) : std::string();
    for (const Opinion& opinion : opinions_) {
        if (!opinion.cdx_asked)
            return Step{Step::Ask::cdx, opinion.url, Part::oldest, "", ""};
        if (opinion.newest_wanted)
            return Step{Step::Ask::cdx, opinion.url, Part::newest, "", ""};
        if (opinion.nearest_wanted)
            return Step{Step::Ask::cdx, opinion.url, Part::nearest, near, ""};
        if (std::ranges::any_of(snapshots_, may_hold_content))
            return std::nullopt; // the other forms are asked only where this one gave nothing
    }
    return std::nullopt;
}

std::optional<Step> Resolver::next_reading() const {
    if (readings_ >= most_readings || found())
        return std::nullopt;
    for (const Snapshot& snapshot : wanted_first())
        if (!judgement_of(snapshot) && !unread_.contains(key_of(snapshot)))
            return Step{Step::Ask::replay, snapshot.original, Part::oldest, snapshot.timestamp,
                        key_of(snapshot)};
    return std::nullopt;
}

std::optional<Step> Resolver::next_second_opinion() const {
    const auto near = question_.published ? base::format_timestamp14(*question_.published) : std::string();
    for (const Opinion& opinion : opinions_) {
        if (!opinion.second_asked)
            return Step{Step::Ask::availability, opinion.url, Part::oldest, near, ""};
        // The index lags, and availability is known for false empties: only the archive's own 404 is a no.
        if (!opinion.third_asked)
            return Step{Step::Ask::replay, opinion.url, Part::oldest, near.empty() ? "2" : near, ""};
    }
    return std::nullopt;
}

std::optional<Step> Resolver::next_claim() const {
    for (std::size_t i = 0; i < question_.claims.size(); ++i)
        if (!claims_asked_.contains(i))
            return Step{Step::Ask::replay, question_.claims[i].url, Part::oldest,
                        question_.claims[i].timestamp, ""};
    return std::nullopt;
}

std::optional<Step> Resolver::next() const {
    if (stop_ || steps_ >= most_steps)
        return std::nullopt;
    if (auto step = next_index())
        return step;
    if (auto step = next_reading())
        return step;
    if (found())
        return std::nullopt;
    // Some captures are listed, and none of them could be shown to hold it: a claim may know a better one.
    if (std::ranges::none_of(snapshots_, may_hold_content))
        if (auto step = next_second_opinion())
            return step;
    return next_claim();
}

} // namespace cdtd::wayback
