#include "wayback/json.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/wayback/cdx.hpp>
#include <cdtd/wayback/timestamp.hpp>

#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace cdtd::wayback {
namespace {

/// Asked for in this order; JSON answers name them again.
constexpr std::array<std::string_view, 5> fields = {"timestamp", "original", "mimetype", "statuscode",
                                                    "digest"};
using Row = std::array<std::string, fields.size()>;
constexpr std::size_t longest_url = 8192;

std::optional<Snapshot> snapshot_of(Row row) {
    const auto at = time_of(row[0]);
    if (!at || row[0].size() != 14 || row[1].empty() || row[1].size() > longest_url)
        return std::nullopt;
    Snapshot snapshot;
    snapshot.timestamp = std::move(row[0]);
    snapshot.at = *at;
    snapshot.original = base::to_valid_utf8(row[1]);
    snapshot.mimetype = base::to_valid_utf8(base::cut_bytes(row[2], 100));
    if (row[3].size() == 3 && is_timestamp(row[3]))
        snapshot.status = (row[3][0] - '0') * 100 + (row[3][1] - '0') * 10 + (row[3][2] - '0');
    snapshot.digest = base::to_valid_utf8(base::cut_bytes(row[4], 64));
    return snapshot;
}

Problem unreadable(std::string_view what) {
    return {Trouble::failed, fmt::format("the CDX server's answer can't be read: {}", what)};
}

using Rows = std::vector<Snapshot>;

using Places = std::array<std::size_t, fields.size()>;

/// Where the header row has each of our fields.
std::optional<Places> places_of(const boost::json::value& header) {
    const auto* names = header.if_array();
    if (names == nullptr)
        return std::nullopt;
    Places places{};
    for (std::size_t field = 0; field < fields.size(); ++field) {
        const auto found = std::ranges::find_if(*names, [field](const boost::json::value& name) {
            return detail::text_of(&name) == fields[field];
        });
        if (found == names->end())
            return std::nullopt;
        places[field] = static_cast<std::size_t>(found - names->begin());
    }
    return places;
}

std::optional<Snapshot> snapshot_of(const boost::json::array& cells, const Places& places) {
    Row row;
    for (std::size_t field = 0; field < fields.size(); ++field)
        if (places[field] < cells.size())
            row[field] = detail::text_of(&cells[places[field]]);
    return snapshot_of(std::move(row));
}

/// [["timestamp",…],["2020…",…],…], with the header only where there is a row. What follows an empty list is
/// a resume key.
Heard<Rows> read_json_rows(std::string_view body) {
    const auto value = detail::read_json(body);
    const auto* list = value ? value->if_array() : nullptr;
    if (list == nullptr)
        return std::unexpected(unreadable(value ? "no list" : "cut off, or no JSON"));
    Rows rows;
    if (list->empty())
        return rows;
    const auto places = places_of(list->front());
    if (!places)
        return std::unexpected(unreadable("its first row names other fields"));
    for (std::size_t i = 1; i < list->size(); ++i) {
        const auto* cells = (*list)[i].if_array();
        if (cells != nullptr && cells->empty())
            break;
        auto snapshot = cells != nullptr ? snapshot_of(*cells, *places) : std::nullopt;
        if (!snapshot)
            return std::unexpected(unreadable("a row is no capture"));
        rows.push_back(std::move(*snapshot));
    }
    return rows;
}

/// Lines of fields parted by spaces; a resume key follows an empty line.
Heard<Rows> read_lines(std::string_view body) {
    Rows rows;
    while (!body.empty()) {
        auto line = body.substr(0, body.find('\n'));
        body.remove_prefix(std::min(line.size() + 1, body.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            break;
        Row row;
        std::size_t field = 0;
        for (; field < fields.size() && !line.empty(); ++field) {
            row[field] = line.substr(0, line.find(' '));
            line.remove_prefix(std::min(row[field].size() + 1, line.size()));
        }
        auto snapshot = field == fields.size() && line.empty() ? snapshot_of(std::move(row)) : std::nullopt;
        if (!snapshot)
            return std::unexpected(unreadable("a line is no capture"));
        rows.push_back(std::move(*snapshot));
    }
    return rows;
}

} // namespace

std::string key_of(const Snapshot& snapshot) {
    return snapshot.digest.empty() || snapshot.digest == "-" ? snapshot.timestamp : snapshot.digest;
}

std::string cdx_request(std::string_view cdx_url, std::string_view url, Part part,
                        std::string_view timestamp) {
    std::string request =
        fmt::format("{}{}url={}&output=json&fl={}", cdx_url, cdx_url.contains('?') ? '&' : '?',
                    base::percent_encode(url), fmt::join(fields, ","));
    switch (part) {
    case Part::oldest:
        return request + fmt::format("&limit={}", most_snapshots);
    case Part::newest:
        return request + "&limit=-50&fastLatest=true";
    case Part::nearest:
        return request + fmt::format("&closest={}&sort=closest&limit=50", timestamp);
    }
    return request;
}

Heard<std::vector<Snapshot>> read_cdx(const Reply& reply) {
    if (auto problem = common_problem(reply, "the CDX server"))
        return std::unexpected(std::move(*problem));
    if (reply.status != 200)
        return std::unexpected(Problem{Trouble::failed, fmt::format("the CDX server answered {}: {}",
                                                                    reply.status, first_words(reply.body))});
    const auto body = base::trim(reply.body);
    if (body.empty()) // some restricted URLs are answered so: that is no word about what is there
        return std::unexpected(unreadable("it is empty"));
    const bool digits = body.front() >= '0' && body.front() <= '9';
    if (body.front() != '[' && !digits)
        return std::unexpected(unreadable(first_words(body)));
    auto rows = digits ? read_lines(reply.body) : read_json_rows(body);
    if (rows) {
        Rows once;
        for (auto& row : *rows)
            if (std::ranges::find(once, row) == once.end())
                once.push_back(std::move(row));
        return once;
    }
    return rows;
}

} // namespace cdtd::wayback
