// WARC/1.1 records as values, and as bytes (ISO 28500:2017; iipc warc-specifications 1.1). Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdtd::warc {

struct Record {
    std::string type; ///< warcinfo, request, response, revisit, metadata, resource
    std::vector<std::pair<std::string, std::string>> headers; ///< without WARC-Type, Content-Length; in order
    std::string block;

    std::string_view header(std::string_view name) const; ///< "" where absent; case-blind
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The record that holds the same payload: what a revisit refers to (WARC 1.1, 6.7.2).
struct Original {
    std::string record_id; ///< with its brackets; "" = not known
    std::string url;
    base::Time at;
};

/// One HTTP exchange (one hop) as it went over the wire, ready for its records.
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
    std::optional<Original> original; ///< it has this payload: a revisit without it is written
    Fields metadata;                  ///< of a metadata record (via, fetchTimeMs, …); empty: none is written
};

struct Records {
    Record request;
    std::optional<Record> metadata;
    Record response; ///< or revisit
};

/// Both digests, WARC-Concurrent-To, honest headers (Transfer-Encoding renamed, Content-Length set, HTTP/2
/// written as HTTP/1.1 with WARC-Protocol: h2), for a revisit all Refers-To fields. facts: warc b.1, b.2.
Records make_records(const Exchange& exchange, std::string_view warcinfo_id);
/// A document that was made and not fetched, under a URI that says what it is. `type`: its media type.
Record make_resource(std::string_view uri, std::string_view type, std::string block,
                     std::string_view warcinfo_id, base::Time at);
/// First record of every file.
Record make_warcinfo(std::string_view filename, std::string_view software, std::string_view user_agent,
                     base::Time at);

/// "WARC/1.1" … block CRLF CRLF, not compressed.
std::string serialize(Record record); ///< in the block's own memory where it has room
/// One gzip member (libdeflate).
std::string compress(std::string_view serialized);

} // namespace cdtd::warc
