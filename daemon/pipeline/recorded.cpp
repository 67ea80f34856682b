#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/recorded.hpp>

#include <charconv>

namespace cdtd::pipeline {

namespace {

/// The line at the front, without its end; nullopt behind the last.
std::optional<std::string_view> take_line(std::string_view& text) {
    if (text.empty())
        return std::nullopt;
    const auto end = text.find("\r\n");
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    return line;
}

std::string_view value_of(std::string_view line, std::string_view name) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !base::iequals(base::trim(line.substr(0, colon)), name))
        return {};
    return base::trim(line.substr(colon + 1));
}

} // namespace

HttpFacts http_facts(std::string_view block) {
    HttpFacts facts;
    auto head = warc::split_http(block).head;
    const auto first = take_line(head).value_or("");
    const auto blank = first.find(' ');
    if (blank != std::string_view::npos)
        std::from_chars(first.data() + blank + 1, first.data() + first.size(), facts.status);
    while (const auto line = take_line(head)) {
        facts.type = value_of(*line, "Content-Type");
        if (!facts.type.empty())
            break;
    }
    return facts;
}

std::string kind_of(std::string_view metadata) {
    while (const auto line = take_line(metadata))
        if (const auto kind = value_of(*line, "cdtd-kind"); !kind.empty())
            return std::string(kind);
    return "page";
}

std::optional<model::Capture> capture_of(const warc::Located& located, const std::string& kind) {
    const warc::Record& record = located.record;
    const auto at = base::parse_rfc3339(record.header("WARC-Date"));
    if (!at || record.header("WARC-Target-URI").empty())
        return std::nullopt;
    const HttpFacts facts = http_facts(record.block);
    const auto payload = warc::split_http(record.block).payload;
    model::Capture capture;
    capture.url = record.header("WARC-Target-URI");
    capture.at = *at;
    capture.kind = kind;
    capture.status = facts.status;
    capture.type = facts.type;
    capture.bytes = static_cast<std::int64_t>(payload.size());
    capture.sha256 = base::sha256_hex(payload);
    capture.payload_sha1 = record.header("WARC-Payload-Digest");
    capture.offset = located.offset;
    capture.length = located.length;
    capture.record_id = record.header("WARC-Record-ID");
    capture.truncated = record.header("WARC-Truncated");
    return capture;
}

} // namespace cdtd::pipeline
