#include <cdtd/base/text.hpp>
#include <cdtd/warc/cdxj.hpp>
#include <cdtd/warc/reader.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace cdtd::warc {
namespace {

bool is_fields(const Record& record) {
    return record.header("Content-Type") == "application/warc-fields";
}

bool can_be_replayed(const Record& record) {
    if (record.type == "resource" || record.type == "metadata")
        return !is_fields(record);
    return record.type == "response" || record.type == "revisit" || record.type == "conversion";
}

/// "20260102030405" of "2026-01-02T03:04:05.123456Z".
std::string timestamp_of(std::string_view date) {
    std::string digits;
    for (const char c : date.substr(0, std::min(date.find('.'), date.size())))
        if (c >= '0' && c <= '9')
            digits += c;
    return digits.substr(0, 14);
}

/// The value of the last such line, as a browser's Headers would have it for a single one.
std::string_view http_header(std::string_view head, std::string_view name) {
    std::string_view found;
    for (auto rest = head.substr(std::min(head.find('\n'), head.size())); !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && base::iequals(line.substr(0, colon), name))
            found = base::trim(line.substr(colon + 1));
    }
    return found;
}

/// "200" of "HTTP/1.1 200 OK"; "" where there is none.
std::string_view status_of(std::string_view head) {
    const auto space = head.find(' ');
    if (!head.starts_with("HTTP/") || space == std::string_view::npos)
        return {};
    const auto status = head.substr(space + 1, 3);
    const bool digits =
        status.size() == 3 && std::ranges::all_of(status, [](char c) { return c >= '0' && c <= '9'; });
    return digits ? status : std::string_view();
}

std::string mime_of(const Record& record, std::string_view head) {
    if (record.type == "revisit")
        return "warc/revisit";
    const auto type =
        record.type == "response" ? http_header(head, "Content-Type") : record.header("Content-Type");
    const auto mime = base::trim(type.substr(0, type.find(';')));
    return mime.empty() ? "unk" : base::to_valid_utf8(mime);
}

} // namespace

std::optional<std::string> cdxj_line(const Record& record, std::string_view filename, std::int64_t offset,
                                     std::int64_t length) {
    if (!can_be_replayed(record))
        return std::nullopt;
    const auto head = split_http(record.block).head;
    const std::string url = base::to_valid_utf8(record.header("WARC-Target-URI"));
    boost::json::object fields;
    fields["url"] = url;
    fields["mime"] = mime_of(record, head);
    if (record.type == "response" || record.type == "revisit")
        if (const auto status = status_of(head); !status.empty())
            fields["status"] = status;
    if (const auto digest = record.header("WARC-Payload-Digest"); digest.contains(':'))
        fields["digest"] = digest.substr(digest.find(':') + 1);
    // Numbers as text, as warcio writes them: some readers take nothing else.
    fields["length"] = fmt::to_string(length);
    fields["offset"] = fmt::to_string(offset);
    fields["filename"] = filename;
    return fmt::format("{} {} {}\n", surt(url), timestamp_of(record.header("WARC-Date")),
                       boost::json::serialize(fields));
}

} // namespace cdtd::warc
