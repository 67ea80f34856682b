#include "base/zone.hpp"

#include <cdtd/base/text.hpp>

#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace cdtd::base {
namespace {

struct Name {
    std::string_view name;
    int hours;
};

constexpr Name names[] = {{"ADT", -3}, {"AST", -4},  {"AT", -4},  {"EDT", -4},  {"EST", -5},  {"ET", -5},
                          {"CDT", -5}, {"CST", -6},  {"CT", -6},  {"MDT", -6},  {"MST", -7},  {"MT", -7},
                          {"PDT", -7}, {"PST", -8},  {"PT", -8},  {"AKDT", -8}, {"AKST", -9}, {"HST", -10},
                          {"WEST", 1}, {"BST", 1},   {"CET", 1},  {"MET", 1},   {"CEST", 2},  {"MEST", 2},
                          {"EET", 2},  {"EEST", 3},  {"MSK", 3},  {"HKT", 8},   {"SGT", 8},   {"JST", 9},
                          {"KST", 9},  {"AEST", 10}, {"AEDT", 11}};

} // namespace

Zone Zone::named(std::string_view name) {
    Zone zone;
    const auto* known = std::ranges::find_if(names, [&](const Name& n) { return iequals(n.name, name); });
    if (known != std::end(names))
        zone.offset_ = std::chrono::hours(known->hours);
    else if (name.find('/') != std::string_view::npos)
        zone.iana_ = name;
    return zone;
}

std::optional<Time> Zone::at(Civil civil) const {
    civil.offset = offset_;
    const auto time = to_time(civil);
    if (!time || iana_.empty())
        return time;
    const std::unique_ptr<icu::TimeZone> rules(
        icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(iana_)));
    std::int32_t raw = 0, saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(*time).time_since_epoch().count();
    if (rules == nullptr || *rules == icu::TimeZone::getUnknown())
        return time;
    rules->getOffset(static_cast<UDate>(millis), 1, raw, saving, status); // 1: the time given is local
    return U_FAILURE(status) != 0 ? time : std::optional(*time - std::chrono::milliseconds(raw + saving));
}

} // namespace cdtd::base
