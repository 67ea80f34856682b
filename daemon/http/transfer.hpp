// One exchange on its way: what is asked, and what has come so far. Knows nothing of the loop; the functions
// on_… are called inside libcurl, through callbacks that let no exception pass (easy.cpp).
#pragma once

#include "http/body_room.hpp"
#include "http/inflate.hpp"

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/net/address_policy.hpp>

#include <curl/curl.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct sockaddr;

namespace cdtd::http {

/// What a transfer asks for. All of it outlives the transfer.
struct Ask {
    std::string_view method;
    const std::string& url; ///< as curl takes it: may hold user:password
    const Headers* headers; ///< nullptr: none but our own
    const Headers* hidden;  ///< their names are kept nowhere; nullptr: none
    std::string_view body;
    const std::string& proxy;
    base::Duration timeout;
    std::uint64_t max_body;
    bool trusted;
    bool once;
    const net::AddressPolicy& policy;
};

class Transfer {
  public:
    Transfer(const Ask& ask, base::Time at, BodyRoom& room);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    const Ask& ask() const { return ask_; }

    /// Header lines of the answer, each with its end of line. False: too much.
    bool on_header(std::string_view line);
    enum class Body { taken, over_limit, later };
    /// De-chunked, still coded. `later`: there is no room for it now; the same bytes are brought again after
    /// when_room() was called.
    Body on_body(std::string_view bytes);
    void set_when_room(std::function<void()> when_room) { when_room_ = std::move(when_room); }
    /// Bytes of a request head as they went out.
    void on_sent_head(std::string_view bytes);
    /// The address that a socket is about to be opened for, or that a connection taken from the pool has.
    bool permits(const sockaddr& address);
    bool on_peer(const char* ip);

    void park(std::exception_ptr thrown) { parked_ = std::move(thrown); }
    void cancel() { cancelled_ = true; }
    /// curl is done with it.
    void done(CURLcode code, const char* reason, base::Duration took);
    void set_refused(bool refused) { refused_ = refused; }
    bool refused() const { return refused_ && !cancelled_; } ///< the server refused the connection

    /// After done(): nullopt is success. Throws what a callback threw.
    std::optional<base::Error> verdict() const;
    bool has_hop() const { return final_head_; }
    Hop take_hop();
    /// The body, where it was coded; before take_hop().
    std::optional<std::string> take_decoded();
    std::vector<BodyRoom::Place> take_places() { return std::move(places_); } ///< kept as long as the body
    base::Duration took() const { return took_; }

  private:
    void end_of_head();
    bool has_room_for(std::size_t more);
    bool consume(std::string_view bytes);
    void parse_header(std::string_view line);
    bool refuse(const std::string& ip);
    bool expects_body() const;
    base::Error network_error() const;

    Ask ask_;
    BodyRoom& room_;
    std::vector<BodyRoom::Place> places_;
    BodyRoom::Size size_ = BodyRoom::Size::small;
    BodyRoom::Wait waiting_;
    std::function<void()> when_room_;
    std::size_t again_ = 0; ///< bytes at the beginning of what comes next that were taken already
    Hop hop_;
    std::string sent_head_;
    std::string decoded_;
    std::unique_ptr<Inflate> inflate_; ///< where the body is gzip
    bool head_begun_ = false;
    bool final_head_ = false;
    bool head_too_large_ = false;
    bool body_too_large_ = false;
    bool cancelled_ = false;
    bool refused_ = false;
    std::string forbidden_ip_;
    std::exception_ptr parked_;
    CURLcode code_ = CURLE_OK;
    std::string reason_;
    base::Duration took_{};
};

/// Of a request head: without Authorization, Cookie, whatever else looks like a secret, and `hidden`.
std::string without_secrets(std::string_view head, const Headers* hidden);

} // namespace cdtd::http
