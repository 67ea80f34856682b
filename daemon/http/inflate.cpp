#include "http/inflate.hpp"

#include <algorithm>
#include <array>
#include <new>

namespace cdtd::http {

namespace {

// deflate can reach 1,032 : 1; text that people write stays under 50 : 1. Small bodies are not judged.
constexpr std::uint64_t highest_ratio = 256;
constexpr std::uint64_t ratio_matters_from = 1u << 20;
constexpr int gzip_window = 15 + 16; // zlib: gzip framing only
constexpr char first_magic_byte = '\x1f';

} // namespace

Inflate::Inflate(std::uint64_t limit) : limit_(limit) {
    if (inflateInit2(&stream_, gzip_window) != Z_OK)
        throw std::bad_alloc();
}

Inflate::~Inflate() {
    inflateEnd(&stream_);
}

void Inflate::begin_member() {
    if (static_cast<char>(*stream_.next_in) != first_magic_byte) {
        trailing_ = true;
        return;
    }
    inflateReset(&stream_);
    state_ = State::more;
}

void Inflate::take(std::string_view decoded, std::string& out) {
    const std::uint64_t room = limit_ - out_;
    out.append(decoded.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, decoded.size()))));
    out_ += std::min<std::uint64_t>(room, decoded.size());
    if (decoded.size() > room ||
        (out_ > ratio_matters_from && out_ / std::max<std::uint64_t>(in_, 1) > highest_ratio))
        state_ = State::too_large;
}

void Inflate::inflate_member(std::string& out) {
    std::array<char, 16384> buffer;
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(buffer.size());
    const auto before = stream_.avail_in;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    in_ += before - stream_.avail_in;
    if (code == Z_STREAM_END)
        state_ = State::whole;
    else if (code != Z_OK && code != Z_BUF_ERROR)
        state_ = State::broken;
    if (state_ != State::broken)
        take(std::string_view(buffer.data(), buffer.size() - stream_.avail_out), out);
}

Inflate::State Inflate::feed(std::string_view coded, std::string& out) {
    while (!coded.empty() && !trailing_ && state_ != State::broken && state_ != State::too_large) {
        const auto piece = coded.substr(0, 1u << 20);
        coded.remove_prefix(piece.size());
        // zlib's interface is older than const.
        stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(piece.data()));
        stream_.avail_in = static_cast<uInt>(piece.size());
        bool full = false; // the buffer was: more may come without more input
        while ((stream_.avail_in > 0 || full) && !trailing_) {
            if (state_ == State::whole) {
                if (stream_.avail_in == 0)
                    break;
                begin_member();
                full = false;
                continue;
            }
            inflate_member(out);
            if (state_ == State::broken || state_ == State::too_large)
                break;
            full = stream_.avail_out == 0;
        }
    }
    return state_;
}

} // namespace cdtd::http
