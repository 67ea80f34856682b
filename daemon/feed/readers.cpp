#include "feed/readers.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cdtd::feed::detail {

std::optional<std::int64_t> number_of(std::string_view text) {
    text = base::trim(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end == text.data())
        return std::nullopt;
    return value;
}

namespace {

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

void add_enclosure(model::Entry& entry, model::Enclosure enclosure) {
    if (!enclosure.url.empty() && entry.enclosures.size() < max_enclosures &&
        std::ranges::find(entry.enclosures, enclosure.url, &model::Enclosure::url) == entry.enclosures.end())
        entry.enclosures.push_back(std::move(enclosure));
}

std::string too_many_entries() {
    return fmt::format("only the first {} entries were read", max_entries);
}

namespace {

/// True where something was cut.
bool bound(std::string& field) {
    if (field.size() <= max_field)
        return false;
    field = base::cut_bytes(field, max_field);
    return true;
}

} // namespace

void bound_fields(model::Feed& feed) {
    bool cut = false;
    for (auto* field : {&feed.title, &feed.language, &feed.generator})
        cut |= bound(*field);
    for (auto& entry : feed.entries) {
        for (auto* field : {&entry.guid, &entry.title, &entry.author, &entry.published_raw})
            cut |= bound(*field);
        for (auto& category : entry.categories)
            cut |= bound(category);
        for (auto& enclosure : entry.enclosures)
            cut |= bound(enclosure.type);
    }
    if (cut)
        feed.repairs.push_back(fmt::format("fields of more than {} KiB were cut", max_field / 1024));
}

AtomLink atom_link(const Scope& scope) {
    AtomLink link{base::ascii_lower(base::trim(scope.attribute("rel"))),
                  base::ascii_lower(base::trim(scope.attribute("type"))),
                  scope.resolve(scope.attribute("href"))};
    constexpr std::string_view registry = "http://www.iana.org/assignments/relation/";
    if (link.relation.starts_with(registry))
        link.relation.erase(0, registry.size());
    if (link.relation.empty())
        link.relation = "alternate";
    return link;
}

model::Enclosure enclosure_of(const Scope& scope, std::string_view url) {
    model::Enclosure enclosure{scope.resolve(url), std::string(base::trim(scope.attribute("type"))), {}};
    auto bytes = number_of(scope.attribute("length"));
    if (!bytes)
        bytes = number_of(scope.attribute("fileSize")); // Media RSS
    if (bytes && *bytes > 0)                            // 0 is written where it is not known
        enclosure.bytes = bytes;
    return enclosure;
}

void take_feed_link(model::Feed& feed, AtomLink link) {
    if (link.relation == "self")
        keep_first(feed.self, std::move(link.href));
    else if (link.relation == "next" || link.relation == "prev-archive")
        keep_first(feed.next, std::move(link.href));
    else if (link.relation == "alternate")
        keep_first(feed.link, std::move(link.href));
}

std::string category_name(const Scope& scope) {
    const auto label = base::trim(scope.attribute("label"));
    return std::string(label.empty() ? base::trim(scope.attribute("term")) : label);
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
        constexpr std::int64_t year = 365L * 24 * 60;
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
