#include "feed/readers.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cdtd::feed::detail {
namespace {

std::optional<std::int64_t> number_of(std::string_view text) {
    text = base::trim(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end == text.data())
        return std::nullopt;
    return value;
}

std::optional<base::Duration> period_of(std::string_view word) {
    using namespace std::chrono;
    constexpr std::array<std::pair<std::string_view, hours>, 5> periods{{{"hourly", hours(1)},
                                                                         {"daily", hours(24)},
                                                                         {"weekly", hours(24 * 7)},
                                                                         {"monthly", hours(24 * 30)},
                                                                         {"yearly", hours(24 * 365)}}};
    for (const auto& [name, length] : periods)
        if (base::iequals(word, name))
            return length;
    return std::nullopt;
}

std::optional<int> day_of(std::string_view word) {
    constexpr std::array<std::string_view, 7> names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (std::size_t i = 0; i < names.size(); ++i)
        if (base::iequals(word.substr(0, 3), names[i]))
            return static_cast<int>(i);
    return std::nullopt;
}

void add_once(std::vector<int>& list, std::optional<int> value) {
    if (value && std::ranges::find(list, *value) == list.end())
        list.push_back(*value);
}

} // namespace

void keep_first(std::string& field, std::string value) {
    if (field.empty())
        field = std::move(value);
}

void keep_first(std::optional<base::Time>& field, std::string_view date) {
    if (!field)
        field = base::parse_feed_date(date);
}

void add_category(model::Entry& entry, std::string value) {
    if (!value.empty() && entry.categories.size() < max_categories &&
        std::ranges::find(entry.categories, value) == entry.categories.end())
        entry.categories.push_back(std::move(value));
}

bool has_room(model::Feed& feed) {
    if (feed.entries.size() < max_entries)
        return true;
    const auto note = fmt::format("only the first {} entries were read", max_entries);
    if (feed.repairs.empty() || feed.repairs.back() != note)
        feed.repairs.push_back(note);
    return false;
}

AtomLink atom_link(const Scope& scope) {
    AtomLink link{base::ascii_lower(base::trim(scope.attribute("rel"))),
                  base::ascii_lower(base::trim(scope.attribute("type"))),
                  scope.resolve(scope.attribute("href"))};
    if (link.relation.empty())
        link.relation = "alternate";
    return link;
}

std::string atom_person(const Scope& scope) {
    std::string name, mail;
    scope.each_child([&](const Scope& child) {
        if (child.name().local == "name")
            keep_first(name, text_of(child.node()));
        else if (child.name().local == "email")
            keep_first(mail, text_of(child.node()));
    });
    if (name.empty() && !has_elements(scope.node()))
        name = text_of(scope.node());
    return name.empty() ? mail : name;
}

bool Cadence::take(const Scope& scope) {
    const auto [ns, local] = scope.name();
    if (ns == Ns::sy && local == "updatePeriod") {
        period_ = period_of(text_of(scope.node()));
    } else if (ns == Ns::sy && local == "updateFrequency") {
        frequency_ = std::clamp<std::int64_t>(number_of(text_of(scope.node())).value_or(1), 1, 100'000);
    } else if (ns == Ns::plain && local == "ttl") {
        constexpr std::int64_t year = 365 * 24 * 60;
        const auto minutes = number_of(text_of(scope.node())).value_or(0);
        if (minutes > 0)
            ttl_ = std::chrono::minutes(std::min(minutes, year));
    } else if (ns == Ns::plain && local == "skipHours") {
        scope.each_child([&](const Scope& child) {
            const auto hour = number_of(text_of(child.node())).value_or(-1);
            if (hour >= 0 && hour <= 24) // 24 is how RSS 0.91 wrote midnight
                add_once(hours_, static_cast<int>(hour % 24));
        });
    } else if (ns == Ns::plain && local == "skipDays") {
        scope.each_child([&](const Scope& child) { add_once(days_, day_of(text_of(child.node()))); });
    } else {
        return false;
    }
    return true;
}

void Cadence::finish(model::Feed& feed) const {
    feed.cadence.ttl = ttl_;
    if (period_)
        feed.cadence.update_period = *period_ / frequency_;
    feed.cadence.skip_hours = hours_;
    feed.cadence.skip_days = days_;
}

} // namespace cdtd::feed::detail
