#include <cdtd/article/links.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/change/survival.hpp>
#include <cdtd/pipeline/wayback_question.hpp>
#include <cdtd/wayback/timestamp.hpp>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

namespace {

using Kind = wayback::Judgement::Kind;

/// The index does not tell case, scheme, "www." and a slash at the end apart (SURT).
std::string as_indexed(std::string_view url) {
    std::string key = base::ascii_lower(url);
    key.erase(0, key.find("://") == key.npos ? 0 : key.find("://") + 3);
    if (key.starts_with("www."))
        key.erase(0, 4);
    while (key.ends_with('/'))
        key.pop_back();
    return key;
}

/// Of a card's date: noon of that day in Beijing, the middle of when it can have been.
std::optional<base::Time> published_of(const store::Sought& sought) {
    if (sought.published_on)
        if (const auto day = change::day_in_beijing(*sought.published_on))
            return *day + std::chrono::hours(12);
    return sought.article_of;
}

} // namespace

wayback::Question question_of(const store::Sought& sought) {
    wayback::Question question;
    question.url = sought.url;
    question.published = published_of(sought);
    std::vector<std::string> known{as_indexed(sought.url)};
    for (const std::string& published : sought.links) {
        const article::Link link = article::unwrap(published);
        const auto normal = link.original ? base::normalize_url(*link.original) : std::nullopt;
        if (!normal)
            continue;
        const std::string original = base::without_fragment(*normal);
        if (std::ranges::find(known, as_indexed(original)) == known.end()) {
            known.push_back(as_indexed(original));
            question.forms.push_back(original);
        }
        if (link.wrapper == article::Wrapper::wayback && link.timestamp &&
            wayback::time_of(*link.timestamp)) {
            wayback::Claim claim{*link.timestamp, original};
            if (std::ranges::find(question.claims, claim) == question.claims.end())
                question.claims.push_back(std::move(claim));
        }
    }
    for (const auto& [key, verdict] : sought.verdicts)
        question.judged.emplace(key, judgement_of(verdict));
    return question;
}

model::Wayback wayback_of(const wayback::Answer& answer, std::string_view replay_url) {
    const auto url_of = [replay_url](const wayback::Snapshot& snapshot) {
        return wayback::snapshot_url(replay_url, snapshot.timestamp, snapshot.original);
    };
    model::Wayback wayback;
    using State = wayback::Answer::State;
    wayback.state = answer.state == State::archived       ? "archived"
                    : answer.state == State::not_archived ? "not_archived"
                                                          : "unknown";
    if (!answer.reason.empty())
        wayback.reason = answer.reason;
    wayback.snapshots = answer.count;
    if (answer.state != State::archived)
        return wayback;
    if (answer.nearest) {
        wayback.snapshot_url = url_of(*answer.nearest);
        wayback.snapshot_at = answer.nearest->at;
        wayback.digest = wayback::key_of(*answer.nearest);
    }
    if (answer.newest) {
        wayback.newest_url = url_of(*answer.newest);
        wayback.newest_at = answer.newest->at;
    }
    if (answer.oldest)
        wayback.first_at = answer.oldest->at;
    return wayback;
}

store::Verdict verdict_of(const wayback::Judgement& judgement) {
    return {judgement.kind == Kind::content  ? "content"
            : judgement.kind == Kind::notice ? "notice"
                                             : "unclear",
            judgement.reason, std::nullopt};
}

wayback::Judgement judgement_of(const store::Verdict& verdict) {
    return {verdict.kind == "content"  ? Kind::content
            : verdict.kind == "notice" ? Kind::notice
                                       : Kind::unclear,
            verdict.reason};
}

} // namespace cdtd::pipeline
