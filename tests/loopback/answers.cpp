#include "loopback/server.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace loopback {

namespace {

bool iequals(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

std::string find(const Headers& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (iequals(key, name))
            return value;
    return {};
}

} // namespace

std::string Request::header(std::string_view name) const {
    return find(headers, name);
}

bool Request::has_header(std::string_view name) const {
    return std::ranges::any_of(headers, [&](const auto& header) { return iequals(header.first, name); });
}

Answer ok(std::string body, std::string content_type) {
    Answer answer;
    answer.headers = {{"Content-Type", std::move(content_type)}};
    answer.body = std::move(body);
    return answer;
}

Answer status(int code, std::string body) {
    Answer answer;
    answer.status = code;
    answer.body = std::move(body);
    return answer;
}

Answer redirect(std::string location, int code) {
    Answer answer;
    answer.status = code;
    answer.headers = {{"Location", std::move(location)}};
    return answer;
}

Handler conditional(Answer answer) {
    return [answer = std::move(answer)](const Request& request) {
        const auto etag = find(answer.headers, "ETag");
        const auto modified = find(answer.headers, "Last-Modified");
        const bool same = etag.empty() ? !modified.empty() && request.header("If-Modified-Since") == modified
                                       : request.header("If-None-Match") == etag;
        if (!same)
            return answer;
        Answer unchanged = status(304);
        unchanged.headers = answer.headers;
        return unchanged;
    };
}

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 64, '\0');
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (code != Z_STREAM_END)
        throw std::runtime_error("deflate");
    return out;
}

} // namespace loopback
