#include "warc/parse.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <charconv>

namespace cdtd::warc {

using base::Errc;
using base::Result;

namespace {

constexpr std::size_t max_head = 64 * 1024;
constexpr std::size_t max_block = std::size_t{1} << 30; // far over any body we take

Result<std::size_t> parse_length(std::string_view text) {
    std::size_t length = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, length);
    if (text.empty() || error != std::errc() || stop != end)
        return base::fail(Errc::bad_data, "its Content-Length is not a number");
    if (length > max_block)
        return base::fail(Errc::bad_data, fmt::format("its Content-Length is over {} bytes", max_block));
    return length;
}

/// "name: value", or the folded rest of the line before it.
Result<void> take_line(std::string_view line, Record& record) {
    auto& headers = record.headers;
    if (line.starts_with(' ') || line.starts_with('\t')) {
        if (headers.empty())
            return base::fail(Errc::bad_data, "its first header line is folded");
        headers.back().second.append(" ").append(base::trim(line));
        return {};
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return base::fail(Errc::bad_data, "it has a header line without a name");
    headers.emplace_back(line.substr(0, colon), base::trim(line.substr(colon + 1)));
    return {};
}

/// Takes the named header out: it is a field of its own. More than one of them would say two things.
Result<std::string> take_header(Record& record, std::string_view name) {
    std::string value;
    const auto removed = std::erase_if(record.headers, [&](const auto& header) {
        const bool found = base::iequals(header.first, name);
        if (found)
            value = header.second;
        return found;
    });
    if (removed != 1)
        return base::fail(Errc::bad_data, fmt::format("it has {} {} headers", removed, name));
    return value;
}

bool has_digest(std::string_view digest, std::string_view bytes) {
    const auto colon = digest.find(':');
    if (colon == std::string_view::npos)
        return false;
    if (base::iequals(digest.substr(0, colon), "sha1"))
        return base::iequals(digest, base::sha1_base32(bytes));
    if (base::iequals(digest.substr(0, colon), "sha256"))
        return base::iequals(digest.substr(colon + 1), base::sha256_hex(bytes));
    return true; // of an algorithm that we don't write and can't check
}

std::string_view payload_of(const Record& record) {
    const bool http = record.type == "response" || record.type == "request";
    return http && record.header("Content-Type").starts_with("application/http")
               ? split_http(record.block).payload
               : std::string_view(record.block);
}

} // namespace

Result<std::optional<ParsedHead>> parse_head(std::string_view bytes) {
    constexpr std::string_view version = "WARC/1.";
    if (bytes.substr(0, version.size()) != version.substr(0, bytes.size()))
        return base::fail(Errc::bad_data, "no WARC record begins here");
    const auto end = bytes.substr(0, max_head).find("\r\n\r\n");
    if (end == std::string_view::npos) {
        if (bytes.size() >= max_head)
            return base::fail(Errc::bad_data, fmt::format("its headers are over {} bytes", max_head));
        return std::nullopt;
    }
    ParsedHead parsed;
    parsed.head_size = end + 4;
    auto rest = bytes.substr(0, end + 2);
    rest.remove_prefix(rest.find("\r\n") + 2);
    while (!rest.empty()) {
        const auto stop = rest.find("\r\n");
        if (auto taken = take_line(rest.substr(0, stop), parsed.record); !taken)
            return std::unexpected(taken.error());
        rest.remove_prefix(stop + 2);
    }
    auto type = take_header(parsed.record, "WARC-Type");
    if (!type)
        return std::unexpected(type.error());
    parsed.record.type = std::move(*type);
    const auto written = take_header(parsed.record, "Content-Length");
    if (!written)
        return std::unexpected(written.error());
    const auto length = parse_length(*written);
    if (!length)
        return std::unexpected(length.error());
    parsed.block_size = *length;
    parsed.record_size = parsed.head_size + parsed.block_size + 4;
    return parsed;
}

Result<void> check_digests(const Record& record) {
    const auto block = record.header("WARC-Block-Digest");
    if (!block.empty() && !has_digest(block, record.block))
        return base::fail(Errc::bad_data, fmt::format("the block is not the one with the digest {}", block));
    const auto payload = record.header("WARC-Payload-Digest");
    if (!payload.empty() && record.type != "revisit" && !has_digest(payload, payload_of(record)))
        return base::fail(Errc::bad_data,
                          fmt::format("the payload is not the one with the digest {}", payload));
    return {};
}

} // namespace cdtd::warc
