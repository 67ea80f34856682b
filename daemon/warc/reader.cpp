#include "warc/gzip.hpp"
#include "warc/parse.hpp"

#include <cdtd/warc/member.hpp>
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

struct Reader::Impl {
    explicit Impl(Members of) : members(std::move(of)) {}

    Result<void> each_piece(std::int64_t offset, std::int64_t length,
                            const std::function<void(std::string_view)>& take) {
        for (const auto end = offset + length; offset < end;) {
            auto piece = members.bytes_at(offset);
            if (!piece)
                return std::unexpected(piece.error());
            if (piece->empty())
                return base::fail(Errc::bad_data, fmt::format("the file ends at {}", offset));
            *piece = piece->substr(0, static_cast<std::size_t>(end - offset));
            take(*piece);
            offset += static_cast<std::int64_t>(piece->size());
        }
        return {};
    }

    Members members;
};

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const std::string& path) {
    auto members = Members::open(path);
    if (!members)
        return std::unexpected(members.error());
    return Reader(std::make_unique<Impl>(std::move(*members)));
}

std::int64_t Reader::size() const {
    return impl_->members.file_size();
}

Result<Located> Reader::read(std::int64_t offset) {
    if (offset < 0 || offset >= size())
        return base::fail(Errc::bad_data, fmt::format("the file ends at {}", size()));
    return read_record(impl_->members, offset);
}

bool Reader::ran_out() const {
    return impl_->members.ran_out();
}

Result<std::optional<std::int64_t>> Reader::find_record(std::int64_t from) {
    constexpr std::string_view magic = "\x1f\x8b\x08"; // RFC 1952, 2.3.1
    while (from < size()) {
        const auto piece = impl_->members.bytes_at(from);
        if (!piece)
            return std::unexpected(piece.error());
        if (piece->empty()) // it became shorter meanwhile
            break;
        const auto found = std::min(piece->find(magic.front()), piece->size());
        from += static_cast<std::int64_t>(found);
        if (found == piece->size())
            continue;
        const auto front = piece->substr(found, magic.size());
        if (front == magic.substr(0, front.size())) {
            const auto located = read(from);
            if (located)
                return from;
            if (located.error().code == Errc::io)
                return std::unexpected(located.error());
        }
        ++from;
    }
    return std::nullopt;
}

Result<std::uint32_t> Reader::checksum(std::int64_t offset, std::int64_t length) {
    std::uint32_t crc = 0;
    auto read =
        impl_->each_piece(offset, length, [&crc](std::string_view piece) { crc = crc32(crc, piece); });
    if (!read)
        return std::unexpected(read.error());
    return crc;
}

Result<void> Reader::hash(std::int64_t offset, std::int64_t length, base::Sha256& into) {
    return impl_->each_piece(offset, length, [&into](std::string_view piece) { into.add(piece); });
}

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
