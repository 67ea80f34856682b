// WARC/1.1 records as values, and as bytes (ISO 28500:2017; iipc warc-specifications 1.1). Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdtd::warc {

struct Record {
    std::string type;                                         ///< warcinfo, request, response, metadata
    std::vector<std::pair<std::string, std::string>> headers; ///< without WARC-Type, Content-Length; in order
    std::string block;

    std::string_view header(std::string_view name) const; ///< "" where absent; case-blind
};

/// One HTTP exchange (one hop) as it went over the wire, ready for a request and a response record.
struct Exchange {
    std::string url;          ///< RFC 3986, no fragment
    base::Time at;            ///< when it began
    std::string ip;           ///< of the peer; "" unknown (a proxy)
    std::string request_head; ///< request line and headers, CRLF, with the empty line; our secrets not in it
    std::string request_body;
    std::string response_head; ///< status line and headers as received, CRLF, with the empty line; "HTTP/2
                               ///< 200 " allowed
    std::string body;          ///< de-chunked, still content-coded
    std::string truncated;     ///< "" | length | time | disconnect | unspecified
};

/// {response, request}: both digests, WARC-Concurrent-To, honest headers (Transfer-Encoding renamed,
/// Content-Length set, HTTP/2 written as HTTP/1.1 with WARC-Protocol: h2). facts: warc b.1, b.2.
std::pair<Record, Record> make_records(const Exchange& exchange, std::string_view warcinfo_id);
/// First record of every file.
Record make_warcinfo(std::string_view filename, std::string_view software, std::string_view user_agent,
                     base::Time at);

/// "WARC/1.1" … block CRLF CRLF, not compressed.
std::string serialize(Record record); ///< in the block's own memory where it has room
/// One gzip member (libdeflate).
std::string compress(std::string_view serialized);

} // namespace cdtd::warc
