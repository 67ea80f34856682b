// The head of an HTTP message as a record may hold it (facts: warc b.2).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cdtd::warc {

struct Head {
    std::string text;     ///< CRLF line ends, the one empty line is the last
    std::string protocol; ///< for WARC-Protocol: "h2", "h3", or "" where the head says it itself
};

/// Transfer-Encoding renamed, Content-Length what is stored, HTTP/2 written as HTTP/1.1.
Head response_head(std::string_view received, std::size_t body_size);
/// As sent; HTTP/2 written as HTTP/1.1.
Head request_head(std::string_view sent);

} // namespace cdtd::warc
