#include "warc/zip.hpp"

#include "warc/io.hpp"

#include <cdtd/base/time.hpp>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>

namespace cdtd::warc {

using base::Errc;
using base::Result;

namespace {

constexpr std::uint64_t most32 = 0xFFFFFFFF;
constexpr std::uint16_t plain_version = 20, zip64_version = 45;
constexpr std::uint16_t made_by_unix = 3 << 8;
constexpr std::uint32_t plain_file = 0100644U << 16U;

/// Little-endian numbers, one after the other.
class Bytes {
  public:
    Bytes& u16(std::uint64_t value) { return put(value, 2); }
    Bytes& u32(std::uint64_t value) { return put(value, 4); }
    Bytes& u64(std::uint64_t value) { return put(value, 8); }
    Bytes& text(std::string_view text) {
        out_ += text;
        return *this;
    }
    std::string take() { return std::move(out_); }
    std::size_t size() const { return out_.size(); }

  private:
    Bytes& put(std::uint64_t value, int count) {
        for (int i = 0; i < count; ++i, value >>= 8U)
            out_ += static_cast<char>(value & 0xFFU);
        return *this;
    }
    std::string out_;
};

/// Seconds in steps of two, years from 1980 on.
std::uint32_t dos_date(base::Time at) {
    const std::string digits = base::format_timestamp14(at);
    const auto number = [&digits](std::size_t from, std::size_t count) {
        std::uint32_t value = 0;
        std::from_chars(digits.data() + from, digits.data() + from + count, value);
        return value;
    };
    const auto year = number(0, 4);
    if (digits.size() != 14 || year < 1980 || year > 2107)
        return (1U << 21U) | (1U << 16U);
    return ((year - 1980) << 25U) | (number(4, 2) << 21U) | (number(6, 2) << 16U) | (number(8, 2) << 11U) |
           (number(10, 2) << 5U) | (number(12, 2) / 2);
}

std::uint64_t fit32(std::uint64_t value) {
    return std::min(value, most32);
}

} // namespace

Zip::Zip(int fd, std::string path, base::Time at) : fd_(fd), path_(std::move(path)), date_(dos_date(at)) {}

Result<void> Zip::put(std::string_view bytes) {
    auto written = write_at(fd_, path_, bytes, static_cast<std::int64_t>(end_));
    end_ += bytes.size();
    return written;
}

std::string Zip::local_header(const Listed& entry) const {
    Bytes bytes;
    bytes.u32(0x04034b50)
        .u16(entry.large ? zip64_version : plain_version)
        .u16(0)
        .u16(0)
        .u32(date_)
        .u32(entry.crc);
    bytes.u32(entry.large ? most32 : entry.size).u32(entry.large ? most32 : entry.size);
    bytes.u16(entry.name.size()).u16(entry.large ? 20 : 0).text(entry.name);
    if (entry.large)
        bytes.u16(1).u16(16).u64(entry.size).u64(entry.size);
    return bytes.take();
}

/// What has the ZIP64 field in its local header has it here too, however small it came out: wabac
/// (ReplayWeb.page) takes an entry without such fields here for one without them there.
std::string Zip::directory_entry(const Listed& entry) const {
    Bytes more;
    if (entry.large)
        more.u64(entry.size).u64(entry.size);
    if (entry.offset >= most32)
        more.u64(entry.offset);
    const bool any = more.size() > 0;
    const std::uint64_t size = entry.large ? most32 : entry.size;
    Bytes bytes;
    bytes.u32(0x02014b50).u16(made_by_unix | zip64_version).u16(any ? zip64_version : plain_version);
    bytes.u16(0).u16(0).u32(date_).u32(entry.crc).u32(size).u32(size);
    bytes.u16(entry.name.size()).u16(any ? more.size() + 4 : 0).u16(0).u16(0).u16(0).u32(plain_file);
    bytes.u32(fit32(entry.offset)).text(entry.name);
    if (any)
        bytes.u16(1).u16(more.size()).text(more.take());
    return bytes.take();
}

Result<void> Zip::begin(std::string_view name, bool may_be_large) {
    entries_.push_back({std::string(name), 0, end_, 0, may_be_large});
    size_ = 0;
    crc_ = static_cast<std::uint32_t>(::crc32(0, nullptr, 0));
    sha256_ = base::Sha256();
    return put(local_header(entries_.back()));
}

Result<void> Zip::write(std::string_view bytes) {
    if (!entries_.back().large && size_ + bytes.size() >= most32)
        return base::fail(Errc::too_large,
                          fmt::format("{}: {} grows over 4 GiB", path_, entries_.back().name));
    const auto* data = static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
    crc_ = static_cast<std::uint32_t>(::crc32_z(crc_, data, bytes.size()));
    sha256_.add(bytes);
    size_ += bytes.size();
    return put(bytes);
}

Result<Zip::Entry> Zip::end() {
    auto& entry = entries_.back();
    entry.size = size_;
    entry.crc = crc_;
    if (auto written = write_at(fd_, path_, local_header(entry), static_cast<std::int64_t>(entry.offset));
        !written)
        return std::unexpected(written.error());
    return Entry{entry.name, entry_size(), sha256_.hex()};
}

Result<Zip::Entry> Zip::add(std::string_view name, std::string_view bytes) {
    if (auto begun = begin(name); !begun)
        return std::unexpected(begun.error());
    if (auto written = write(bytes); !written)
        return std::unexpected(written.error());
    return end();
}

Result<std::int64_t> Zip::finish() {
    const std::uint64_t begin = end_;
    Bytes bytes;
    for (const auto& entry : entries_)
        bytes.text(directory_entry(entry));
    const std::uint64_t size = bytes.size(), count = entries_.size();
    if (begin >= most32 || size >= most32) {
        bytes.u32(0x06064b50).u64(44).u16(made_by_unix | zip64_version).u16(zip64_version).u32(0).u32(0);
        bytes.u64(count).u64(count).u64(size).u64(begin);
        bytes.u32(0x07064b50).u32(0).u64(begin + size).u32(1);
    }
    bytes.u32(0x06054b50).u16(0).u16(0).u16(count).u16(count).u32(fit32(size)).u32(fit32(begin)).u16(0);
    if (auto written = put(bytes.take()); !written)
        return std::unexpected(written.error());
    return static_cast<std::int64_t>(end_);
}

} // namespace cdtd::warc
