// Fetching over HTTP as a port. Loop thread only. Redirects are followed by hand: one exchange a hop, each of
// them past the HostGate and the address policy. Bodies are limited in decoded bytes while they come.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdtd::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Settings {
    std::string user_agent = "cdtd/" CDTD_VERSION;
    std::string proxy; ///< "" none; http://…, socks5h://…
    base::Duration connect_timeout = std::chrono::seconds(10);
    base::Duration timeout = std::chrono::seconds(60);
    std::uint64_t max_body = 16u << 20; ///< after decoding
    int max_redirects = 5;
    std::size_t connections = 16;
    std::size_t connections_per_host = 1;
    base::Duration host_delay = std::chrono::seconds(2);
    std::vector<std::string> allow_private; ///< CIDR, validated
    std::string ca_file;
};

struct Request {
    explicit Request(std::string request_url) : url(std::move(request_url)) {}

    std::string method = "GET";
    std::string url;
    Headers configured;               ///< the operator's: to the first origin only, and never in request_head
    Headers headers;                  ///< beside User-Agent, Accept-Encoding; sent to the first origin only
    Headers every_hop;                ///< what is no secret: validators, Accept; sent wherever redirects lead
    std::string body;                 ///< of a POST
    std::optional<std::string> proxy; ///< instead of the settings' one; "" = none
    std::optional<base::Duration> timeout;
    std::optional<std::uint64_t> max_body;
    bool follow_redirects = true;
    bool stay_secure = false; ///< a redirect from https to http is refused
    bool polite = true;       ///< wait at the HostGate; deliveries do not
    bool forced = false;      ///< the operator's word: passes a host that is closed
    bool trusted = false;     ///< the operator gave the address: no address policy
    /// Asked before each hop, the first one too; an error ends the fetch with it.
    std::function<boost::asio::awaitable<base::Result<void>>(std::string url)> may_fetch;
    /// On a connection of its own: what a kept one swallowed would be sent again, and nobody would know.
    bool once = false;
};

/// One hop as it went over the wire. Secrets (Authorization, Cookie, whatever is named like one, and all that
/// the operator configured) are not in request_head.
struct Hop {
    std::string url; ///< RFC 3986, no fragment
    base::Time at;
    std::string ip;
    std::string request_head;  ///< CRLF, with the empty line
    std::string response_head; ///< of the final answer (1xx dropped), as received
    int status = 0;
    Headers headers;       ///< of the response, names as received
    std::string body;      ///< de-chunked, still content-coded
    std::string truncated; ///< "" | length | time | disconnect
};

struct Response {
    int status = 0;                     ///< of the last hop
    std::string url;                    ///< of the last hop
    std::optional<std::string> decoded; ///< the last hop's body, where it was content-coded
    std::vector<Hop> hops;              ///< one at least
    base::Duration took{};              ///< without waiting at the gate
    /// Big bodies have few places in memory at a time: this one's is given back with it.
    std::shared_ptr<void> room;
    /// Of the last hop, decoded. A big one is not held twice.
    std::string_view body() const {
        return decoded ? *decoded : hops.empty() ? std::string_view() : hops.back().body;
    }
    /// First value, case-blind, of the last hop.
    std::optional<std::string> header(std::string_view name) const;
};

/// A fetch that failed: the reason, and what came until then (the body that was cut, the hops before).
struct Failure {
    base::Error error;
    std::vector<Hop> hops; ///< also a last one that was truncated, where a head had come
    /// The origin (the request's, or one that it was redirected to) is closed until then: nothing was asked
    /// there.
    std::optional<base::Time> closed_until;
    std::string closed_origin;
    std::shared_ptr<void> room;
    /// The server itself refused the connection (a proxy that is down is another matter).
    bool connection_refused = false;
};

/// An answer with any status is a Response. Failure codes: network, timeout, cancelled, forbidden (address,
/// protocol, redirect limit or loop), too_large (body over the limit), bad_data (content coding cut off or
/// broken).
using Outcome = std::expected<Response, Failure>;

class Client {
  public:
    virtual ~Client() = default;
    virtual boost::asio::awaitable<Outcome> fetch(Request request) = 0;
    /// No polite request to this origin (base::origin_of) starts before `until`: those that wait and those
    /// that come fail at once with Errc::refused, so that nothing hangs on a host that asked us to stay away.
    /// A 429 closes its host by itself, for what Retry-After says; this is for closings that were stored.
    virtual void close_host(const std::string& origin, base::Time until) = 0;
    /// Until when the origin is closed; nullopt: it is open.
    virtual std::optional<base::Time> closed_until(const std::string& origin) const = 0;
    /// Ends every fetch, waiting ones too, with Errc::cancelled, and every later one at once. For shutdown.
    virtual void stop() = 0;
};

} // namespace cdtd::http
