// Records from exchanges, and their bytes.
#include "warc/http_head.hpp"
#include "warc/names.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/warc/record.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace cdtd::warc {
namespace {

/// serialize() puts them before the block without moving it elsewhere: it may be megabytes.
constexpr std::size_t room_for_headers = 4096;

std::string bracketed_id() {
    return "<" + base::random_urn_uuid() + ">";
}

/// The caller gives an RFC 3986 URL; should it not be one, a reader must still be able to parse the record.
std::string target_uri(std::string_view url) {
    constexpr std::string_view unsafe = "\"<>\\^`{|}";
    std::string uri;
    for (const char c : base::without_fragment(url)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f || unsafe.find(c) != std::string_view::npos)
            uri += fmt::format("%{:02X}", byte);
        else
            uri += c;
    }
    return uri;
}

bool is_address(const std::string& ip) {
    std::array<unsigned char, 16> address{};
    return ::inet_pton(AF_INET, ip.c_str(), address.data()) == 1 ||
           ::inet_pton(AF_INET6, ip.c_str(), address.data()) == 1;
}

std::string truncated_reason(const std::string& reason) {
    const bool known = reason == "length" || reason == "time" || reason == "disconnect";
    return known ? reason : "unspecified";
}

constexpr std::string_view identical_payload =
    "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// What both records of an exchange share; ends with the digests, which need the block.
Record message_record(const Exchange& exchange, std::string_view type, std::string_view warcinfo_id,
                      const Head& head, std::string_view body) {
    Record record;
    record.type = type;
    auto& headers = record.headers;
    headers.emplace_back("WARC-Record-ID", bracketed_id());
    headers.emplace_back("WARC-Date", base::format_warc_date(exchange.at));
    headers.emplace_back("WARC-Target-URI", target_uri(exchange.url));
    if (!warcinfo_id.empty())
        headers.emplace_back("WARC-Warcinfo-ID", warcinfo_id);
    if (is_address(exchange.ip))
        headers.emplace_back("WARC-IP-Address", exchange.ip);
    if (!head.protocol.empty())
        headers.emplace_back("WARC-Protocol", head.protocol);
    headers.emplace_back("Content-Type", fmt::format("application/http;msgtype={}", type));
    record.block.reserve(head.text.size() + body.size() + room_for_headers);
    record.block.append(head.text).append(body);
    headers.emplace_back("WARC-Payload-Digest", base::sha1_base32(body));
    headers.emplace_back("WARC-Block-Digest", base::sha1_base32(record.block));
    return record;
}

/// The head as it came, without the payload, and where the payload lies.
Record revisit_record(const Exchange& exchange, std::string_view warcinfo_id, const Head& head) {
    const auto& original = *exchange.original;
    Record record = message_record(exchange, "revisit", warcinfo_id, head, "");
    for (auto& [name, value] : record.headers) {
        if (name == "WARC-Payload-Digest")
            value = base::sha1_base32(exchange.body);
        else if (name == "Content-Type")
            value = "application/http;msgtype=response";
    }
    record.headers.emplace_back("WARC-Profile", identical_payload);
    if (!original.record_id.empty())
        record.headers.emplace_back("WARC-Refers-To", original.record_id);
    record.headers.emplace_back("WARC-Refers-To-Target-URI", target_uri(original.url));
    record.headers.emplace_back("WARC-Refers-To-Date", base::format_warc_date(original.at));
    return record;
}

/// A line break in a value would start a header, or the block, of an attacker's choosing.
void append_clean(std::string& out, std::string_view value) {
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        out += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    append_clean(out, name);
    out += ": ";
    append_clean(out, value);
    out += "\r\n";
}

Record metadata_record(const Exchange& exchange, std::string_view warcinfo_id, std::string_view response_id) {
    Record record;
    record.type = "metadata";
    for (const auto& [name, value] : exchange.metadata)
        append_header(record.block, name, value);
    record.headers.emplace_back("WARC-Record-ID", bracketed_id());
    record.headers.emplace_back("WARC-Date", base::format_warc_date(exchange.at));
    record.headers.emplace_back("WARC-Target-URI", target_uri(exchange.url));
    if (!warcinfo_id.empty())
        record.headers.emplace_back("WARC-Warcinfo-ID", warcinfo_id);
    record.headers.emplace_back("WARC-Concurrent-To", response_id);
    record.headers.emplace_back("Content-Type", "application/warc-fields");
    record.headers.emplace_back("WARC-Block-Digest", base::sha1_base32(record.block));
    return record;
}

} // namespace

std::string_view Record::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (base::iequals(key, name))
            return value;
    return "";
}

Records make_records(const Exchange& exchange, std::string_view warcinfo_id) {
    Records records;
    const auto head = response_head(exchange.response_head, exchange.body.size());
    records.response = exchange.original
                           ? revisit_record(exchange, warcinfo_id, head)
                           : message_record(exchange, "response", warcinfo_id, head, exchange.body);
    if (!exchange.truncated.empty())
        records.response.headers.emplace_back("WARC-Truncated", truncated_reason(exchange.truncated));
    const auto id = records.response.header("WARC-Record-ID");
    records.request = message_record(exchange, "request", warcinfo_id, request_head(exchange.request_head),
                                     exchange.request_body);
    records.request.headers.emplace_back("WARC-Concurrent-To", id);
    if (!exchange.metadata.empty())
        records.metadata = metadata_record(exchange, warcinfo_id, id);
    return records;
}

Record make_resource(std::string_view uri, std::string_view type, std::string block,
                     std::string_view warcinfo_id, base::Time at) {
    Record record;
    record.type = "resource";
    record.headers.emplace_back("WARC-Record-ID", bracketed_id());
    record.headers.emplace_back("WARC-Date", base::format_warc_date(at));
    record.headers.emplace_back("WARC-Target-URI", target_uri(uri));
    if (!warcinfo_id.empty())
        record.headers.emplace_back("WARC-Warcinfo-ID", warcinfo_id);
    record.headers.emplace_back("Content-Type", type);
    record.headers.emplace_back("WARC-Payload-Digest", base::sha1_base32(block));
    record.headers.emplace_back("WARC-Block-Digest", base::sha1_base32(block));
    record.block = std::move(block);
    return record;
}

Record make_warcinfo(std::string_view filename, std::string_view software, std::string_view user_agent,
                     base::Time at) {
    Record record;
    record.type = "warcinfo";
    append_header(record.block, "software", software);
    append_header(record.block, "format", "WARC File Format 1.1");
    append_header(record.block, "conformsTo",
                  "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/");
    if (const auto name = parse_file_name(filename))
        append_header(record.block, "hostname", name->host);
    if (!user_agent.empty())
        append_header(record.block, "http-header-user-agent", user_agent);
    record.headers.emplace_back("WARC-Record-ID", bracketed_id());
    record.headers.emplace_back("WARC-Date", base::format_warc_date(at));
    record.headers.emplace_back("WARC-Filename", filename);
    record.headers.emplace_back("Content-Type", "application/warc-fields");
    record.headers.emplace_back("WARC-Block-Digest", base::sha1_base32(record.block));
    return record;
}

std::string serialize(Record record) {
    std::string head = "WARC/1.1\r\n";
    append_header(head, "WARC-Type", record.type);
    for (const auto& [name, value] : record.headers)
        if (!base::iequals(name, "WARC-Type") && !base::iequals(name, "Content-Length"))
            append_header(head, name, value);
    append_header(head, "Content-Length", fmt::to_string(record.block.size()));
    head += "\r\n";
    return std::move(record.block.insert(0, head).append("\r\n\r\n"));
}

} // namespace cdtd::warc
