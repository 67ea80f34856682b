#include <cdtd/base/time.hpp>
#include <cdtd/change/survival.hpp>

#include <algorithm>
#include <map>

namespace cdtd::change {
namespace {

struct Sum {
    Survival counts;
    std::vector<base::Duration> lived, reported, gone;

    void add(const Life& life) {
        ++counts.sources;
        counts.looked_at += life.looked_at;
        counts.alive += life.state == "alive";
        counts.deleted += life.state == "deleted";
        counts.censored += life.state == "censored";
        counts.reported += life.reported.has_value();
        if (!life.published)
            return;
        const auto note = [&life](std::vector<base::Duration>& spans, std::optional<base::Time> end) {
            if (end && *end >= *life.published) // an end before the beginning: one of the dates is wrong
                spans.push_back(*end - *life.published);
        };
        note(reported, life.reported);
        note(gone, life.gone);
        note(lived, life.reported && life.gone ? std::min(*life.reported, *life.gone)
                    : life.reported            ? life.reported
                                               : life.gone);
    }
};

Spans spans_of(std::vector<base::Duration> all) {
    Spans spans;
    spans.count = static_cast<std::int64_t>(all.size());
    if (all.empty())
        return spans;
    std::ranges::sort(all);
    const auto rank = [&all](std::size_t quarters) { return all[(all.size() * quarters + 3) / 4 - 1]; };
    spans.shortest = all.front();
    spans.quarter = rank(1);
    spans.median = rank(2);
    spans.three_quarters = rank(3);
    spans.longest = all.back();
    return spans;
}

Survival survival_of(std::string name, Sum sum) {
    Survival survival = sum.counts;
    survival.name = std::move(name);
    survival.lived = spans_of(std::move(sum.lived));
    survival.reported_after = spans_of(std::move(sum.reported));
    survival.gone_after = spans_of(std::move(sum.gone));
    return survival;
}

std::vector<Survival> list_of(std::map<std::string, Sum> sums) {
    std::vector<Survival> list;
    for (auto& [name, sum] : sums)
        list.push_back(survival_of(name, std::move(sum)));
    std::ranges::sort(list, [](const Survival& a, const Survival& b) {
        return a.sources != b.sources ? a.sources > b.sources : a.name < b.name;
    });
    return list;
}

} // namespace

Survivals survey_lives(const std::vector<Life>& lives) {
    Sum all;
    std::map<std::string, Sum> by_platform, by_outlet;
    for (const Life& life : lives) {
        all.add(life);
        by_platform[life.platform].add(life);
        if (!life.outlet.empty())
            by_outlet[life.outlet].add(life);
    }
    return {survival_of("", std::move(all)), list_of(std::move(by_platform)), list_of(std::move(by_outlet))};
}

std::optional<base::Time> day_in_beijing(std::string_view date) {
    return date.size() == 10 ? base::parse_rfc3339(std::string(date) + "T00:00:00+08:00") : std::nullopt;
}

} // namespace cdtd::change
