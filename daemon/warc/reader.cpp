#include "warc/gzip.hpp"
#include "warc/parse.hpp"

#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace cdtd::warc {

using base::Errc;
using base::Result;

namespace {

std::unexpected<base::Error> named(const base::Error& error, const std::string& path, std::int64_t offset) {
    if (error.code == Errc::io) // names the file itself
        return std::unexpected(error);
    return base::fail(error.code, fmt::format("{}: record at offset {}: {}", path, offset, error.message));
}

Result<Located> read_record(Members& members, std::int64_t offset) {
    std::optional<ParsedHead> head;
    const auto limit = [&head](std::string_view bytes) -> Result<std::size_t> {
        if (!head) {
            auto parsed = parse_head(bytes);
            if (!parsed)
                return std::unexpected(parsed.error());
            head = std::move(*parsed);
        }
        return head ? head->record_size : std::numeric_limits<std::size_t>::max();
    };
    auto member = members.read(offset, limit);
    if (!member)
        return std::unexpected(member.error());
    if (!head)
        return base::fail(Errc::bad_data, "it ends inside its headers");
    auto& bytes = member->bytes;
    if (bytes.size() != head->record_size || !bytes.ends_with("\r\n\r\n"))
        return base::fail(
            Errc::bad_data,
            fmt::format("its block is not the {} bytes that its Content-Length says", head->block_size));
    bytes.resize(bytes.size() - 4);
    bytes.erase(0, head->head_size);
    Located located{.record = std::move(head->record), .offset = offset, .length = member->length};
    located.record.block = std::move(bytes);
    if (auto checked = check_digests(located.record); !checked)
        return std::unexpected(checked.error());
    return located;
}

} // namespace

Result<Located> read_at(const std::string& path, std::int64_t offset) {
    auto members = Members::open(path);
    if (!members)
        return std::unexpected(members.error());
    if (offset < 0 || offset >= members->file_size())
        return named({Errc::bad_data, fmt::format("the file ends at {}", members->file_size())}, path,
                     offset);
    auto located = read_record(*members, offset);
    if (!located)
        return named(located.error(), path, offset);
    return located;
}

Result<std::int64_t> read_all(const std::string& path, const std::function<void(const Located&)>& each) {
    auto members = Members::open(path);
    if (!members)
        return std::unexpected(members.error());
    std::int64_t count = 0;
    for (std::int64_t offset = 0; offset < members->file_size(); ++count) {
        const auto located = read_record(*members, offset);
        if (!located)
            return named(located.error(), path, offset);
        each(*located);
        offset += located->length;
    }
    return count;
}

HttpParts split_http(std::string_view block) {
    const auto end = block.find("\r\n\r\n");
    const auto head_size = end == std::string_view::npos ? block.size() : end + 4;
    return {.head = block.substr(0, head_size), .payload = block.substr(head_size)};
}

} // namespace cdtd::warc
