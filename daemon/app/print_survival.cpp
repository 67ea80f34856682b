// How long originals lived, as people read it.
#include "app/json_view.hpp"

#include <cdtd/app/print.hpp>

#include <fmt/format.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;

constexpr std::size_t most_outlets = 30; ///< on one screen; --json has all

/// "9 h", "3.5 d": publications are dates, more would be a pretence.
std::string span_words(const json::object& spans, std::string_view key) {
    if (text_of(spans, key).empty())
        return {};
    const double hours = static_cast<double>(number_of(spans, key)) / 3600;
    if (hours < 48)
        return fmt::format("{:.0f} h", hours);
    return hours < 240 ? fmt::format("{:.1f} d", hours / 24) : fmt::format("{:.0f} d", hours / 24);
}

std::vector<std::string> row_of(const json::object& one, std::string name) {
    const json::object& lived = object_of(one, "lived");
    return {std::move(name),
            text_of(one, "sources"),
            text_of(one, "alive"),
            text_of(one, "deleted"),
            text_of(one, "censored"),
            text_of(one, "reported"),
            text_of(lived, "count"),
            span_words(lived, "quarter_seconds"),
            span_words(lived, "median_seconds"),
            span_words(lived, "three_quarters_seconds"),
            span_words(object_of(one, "reported_after"), "median_seconds"),
            span_words(object_of(one, "gone_after"), "median_seconds")};
}

std::string table_of(const std::string& head, const std::vector<std::vector<std::string>>& rows,
                     const Style& style) {
    return table({{head, 30},
                  {"SOURCES", 0, true},
                  {"ALIVE", 0, true},
                  {"DELETED", 0, true},
                  {"CENSORED", 0, true},
                  {"REPORTED", 0, true},
                  {"ENDED", 0, true},
                  {"¼ BY", 0, true},
                  {"HALF BY", 0, true},
                  {"¾ BY", 0, true},
                  {"REPORTED BY", 0, true},
                  {"SEEN BY", 0, true}},
                 rows, style);
}

} // namespace

std::string print_survival(const json::object& survival, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& value : array_of(survival, "by_platform"))
        if (const json::object* one = value.if_object())
            rows.push_back(row_of(*one, text_of(*one, "platform")));
    rows.push_back(row_of(object_of(survival, "all"), "all"));
    std::string text = table_of("PLATFORM", rows, style);
    rows.clear();
    const json::array& outlets = array_of(survival, "by_outlet");
    for (const json::value& value : outlets)
        if (const json::object* one = value.if_object(); one != nullptr && rows.size() < most_outlets)
            rows.push_back(row_of(*one, text_of(*one, "outlet")));
    if (!rows.empty())
        text += "\n" + table_of("OUTLET", rows, style);
    if (outlets.size() > most_outlets)
        text += fmt::format("({} more outlets: --json)\n", outlets.size() - most_outlets);
    return text +
           "\nEnded: originals whose publication (the card's date) and end (reported, or seen gone) are "
           "known. "
           "A quarter, half and\nthree quarters of them ended by then after publication, at the latest; half "
           "were reported, half seen gone by then.\n";
}

} // namespace cdtd::app
