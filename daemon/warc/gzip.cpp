#include "warc/gzip.hpp"

#include <cdtd/warc/record.hpp>

#include <fmt/format.h>
#include <libdeflate.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <new>
#include <unistd.h>

namespace cdtd::warc {

using base::Errc;
using base::Result;

namespace {

constexpr std::size_t window_size = 64 * 1024;
constexpr int gzip_only = 15 + 16; // zlib's window bits, and no other wrapping than gzip's

struct FreeCompressor {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

Bytef* input_of(std::string_view bytes) { // zlib only reads it, but says so only with ZLIB_CONST
    return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

} // namespace

std::string compress(std::string_view serialized) {
    // Making one takes longer than compressing a small record; it holds nothing between calls.
    thread_local const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
        libdeflate_alloc_compressor(6));
    if (!compressor)
        throw std::bad_alloc();
    std::string member;
    member.resize_and_overwrite(libdeflate_gzip_compress_bound(compressor.get(), serialized.size()),
                                [&](char* out, std::size_t room) {
                                    return libdeflate_gzip_compress(compressor.get(), serialized.data(),
                                                                    serialized.size(), out, room);
                                });
    if (member.empty())
        throw std::bad_alloc(); // cannot be: the bound is the library's own
    return member;
}

struct Members::Stream {
    Stream() {
        if (inflateInit2(&z, gzip_only) != Z_OK)
            throw std::bad_alloc();
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { inflateEnd(&z); }

    z_stream z{};
    std::array<Bytef, window_size> output;
};

Members::Members(Fd fd, std::string path, std::int64_t size)
    : fd_(std::move(fd)), path_(std::move(path)), size_(size), stream_(std::make_unique<Stream>()) {}
Members::Members(Members&&) noexcept = default;
Members& Members::operator=(Members&&) noexcept = default;
Members::~Members() = default;

Result<Members> Members::open(const std::string& path) {
    auto fd = open_file(path, O_RDONLY);
    if (!fd)
        return std::unexpected(fd.error());
    const auto size = size_of(*fd, path);
    if (!size)
        return std::unexpected(size.error());
    return Members(std::move(*fd), path, *size);
}

Result<std::string_view> Members::bytes_at(std::int64_t offset) {
    const auto end = window_at_ + static_cast<std::int64_t>(window_.size());
    if (offset < window_at_ || offset >= end) {
        window_.resize(window_size);
        ssize_t got = 0;
        do
            got = ::pread(fd_.get(), window_.data(), window_.size(), offset);
        while (got < 0 && errno == EINTR);
        window_at_ = offset;
        window_.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        if (got < 0)
            return io_error("cannot read", path_);
    }
    return std::string_view(window_).substr(static_cast<std::size_t>(offset - window_at_));
}

Result<Members::Unpacked> Members::read(std::int64_t offset, const Limit& limit) {
    auto& z = stream_->z;
    auto& output = stream_->output;
    inflateReset(&z);
    ran_out_ = false;
    Unpacked member;
    for (int state = Z_OK; state != Z_STREAM_END;) {
        const auto input = bytes_at(offset + member.length);
        if (!input)
            return std::unexpected(input.error());
        if (input->empty()) {
            ran_out_ = true;
            return base::fail(Errc::bad_data, "the file ends inside the record");
        }
        z.next_in = input_of(*input);
        z.avail_in = static_cast<uInt>(input->size());
        z.next_out = output.data();
        z.avail_out = static_cast<uInt>(output.size());
        state = inflate(&z, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
            return base::fail(Errc::bad_data,
                              fmt::format("not a whole gzip member: {}", z.msg ? z.msg : "broken"));
        member.length += static_cast<std::int64_t>(input->size() - z.avail_in);
        member.bytes.append(reinterpret_cast<const char*>(output.data()), output.size() - z.avail_out);
        const auto most = limit(member.bytes);
        if (!most)
            return std::unexpected(most.error());
        if (member.bytes.size() > *most)
            return base::fail(Errc::bad_data, "more in the record than its length says");
    }
    return member;
}

} // namespace cdtd::warc
