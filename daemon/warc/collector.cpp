#include "warc/io.hpp"

#include <cdtd/warc/cdxj.hpp>
#include <cdtd/warc/collector.hpp>
#include <cdtd/warc/reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <fcntl.h>
#include <utility>

namespace cdtd::warc {

using base::Errc;
using base::Result;

namespace {

constexpr std::int64_t block_bytes = std::int64_t{256} << 10U;

} // namespace

Collector::Collector(Sink sink, std::string filename, std::function<Result<void>(std::string)> lines)
    : sink_(std::move(sink)), filename_(std::move(filename)), lines_(std::move(lines)) {}

Result<void> Collector::index(const Record& record, std::int64_t length) {
    if (!lines_)
        return {};
    auto line = cdxj_line(record, filename_, size_, length);
    return line ? lines_(std::move(*line)) : Result<void>();
}

Result<void> Collector::add(Record record) {
    const Record head{record.type, record.headers, {}};
    const std::string member = compress(serialize(std::move(record)));
    if (auto put = sink_(member); !put)
        return put;
    const auto length = static_cast<std::int64_t>(member.size());
    auto indexed = index(head, length);
    size_ += length;
    return indexed;
}

Result<void> Collector::pass(int fd, const std::string& path, std::int64_t offset, std::int64_t length) {
    for (const auto end = offset + length; offset < end;) {
        const auto most = static_cast<std::size_t>(std::min(block_bytes, end - offset));
        const auto bytes = read_some(fd, path, offset, most);
        if (!bytes)
            return std::unexpected(bytes.error());
        if (bytes->size() != most) // it was whole when it was read a moment ago
            return base::fail(Errc::io, fmt::format("{} ends at {}", path, offset + std::ssize(*bytes)));
        if (auto put = sink_(*bytes); !put)
            return put;
        offset += std::ssize(*bytes);
    }
    return {};
}

Result<void> Collector::copy(const std::string& path, std::int64_t first, std::int64_t last,
                             std::string_view id) {
    const auto file = open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!file)
        return std::unexpected(file.error());
    for (auto offset = first;;) {
        const auto located = read_at(path, offset);
        if (!located)
            return std::unexpected(located.error());
        const auto found = located->record.header("WARC-Record-ID");
        if (offset == last && !id.empty() && found != id)
            return base::fail(Errc::bad_data, fmt::format("{}: record at offset {}: it is {}, not {}", path,
                                                          offset, found, id));
        if (auto passed = pass(file->get(), path, offset, located->length); !passed)
            return passed;
        auto indexed = index(located->record, located->length);
        size_ += located->length;
        if (!indexed || offset == last)
            return indexed;
        offset += located->length;
        if (offset > last)
            return base::fail(Errc::bad_data, fmt::format("{}: no record begins at offset {}", path, last));
    }
}

} // namespace cdtd::warc
