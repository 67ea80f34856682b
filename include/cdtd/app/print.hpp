// How answers look to people: aligned tables that know the width of Chinese, colour only on a terminal. Input
// is the API's JSON; nothing that a publisher wrote reaches the output unsafe. Pure but for `terminal()`.
#pragma once

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::app {

struct Style {
    bool colour = false;
    std::size_t width = 100; ///< cells; tables are cut to it
};
/// Of standard output: colour where it is a terminal and NO_COLOR is not set; width of the window, else a
/// generous one so that pipes lose nothing.
Style terminal();

struct Column {
    std::string head;
    std::size_t most = 0;   ///< widest in cells, 0 = no limit
    bool right = false;     ///< figures
    bool stretches = false; ///< takes what is left of the width; one column at most
};
/// Cells are made safe and padded; the last column is not padded. With a head line.
std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                  const Style& style);

/// "1.2 MB".
std::string human_bytes(std::int64_t bytes);

std::string print_status(const boost::json::object& status, const Style& style);
/// How long originals lived.
std::string print_survival(const boost::json::object& survival, const Style& style);
/// One feed, and why its next poll is when it is.
std::string print_feed(const boost::json::object& feed, const Style& style);
std::string print_feeds(const boost::json::object& list, const Style& style);
std::string print_articles(const boost::json::object& list, const Style& style);
/// Each article with the passage that was found, emphasised where the style has colours.
std::string print_search(const boost::json::object& list, const Style& style);
std::string print_article(const boost::json::object& article, std::string_view text, const Style& style);
/// Who is behind, since when, why, and what happens next.
std::string print_webhooks(const boost::json::object& list, const Style& style);
std::string print_deliveries(const boost::json::object& list, const Style& style);
std::string print_lookup(const boost::json::object& lookup, const Style& style);

} // namespace cdtd::app
