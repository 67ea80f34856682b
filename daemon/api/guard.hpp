// Who may ask: Host (DNS rebinding), bearer token, cross-site POST. Pure.
#pragma once

#include <cdtd/api/server.hpp>

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cdtd::api {

using Head = boost::beast::http::request_header<boost::beast::http::fields>;

/// What a Host header names.
struct Authority {
    std::string host; ///< lower case, without brackets; an address in its shortest form
    std::optional<std::uint16_t> port;
};
/// nullopt: no host[:port] of RFC 9110 7.2.
std::optional<Authority> read_authority(std::string_view text);

class Guard {
  public:
    /// `port` is the real one; nullopt for a unix socket, which any Host may name.
    Guard(const Settings& settings, const std::string& host, std::optional<std::uint16_t> port);

    /// `local` is the address that the connection came in on, "" for a unix socket. An Answer is a refusal.
    std::optional<Answer> check_host(const Head& head, std::string_view local) const;
    std::optional<Answer> check_token(const Head& head) const;
    std::optional<Answer> check_post(const Head& head, std::string_view local) const;

  private:
    bool is_ours(std::string_view authority, std::string_view local) const;

    base::Secret token_;
    std::string host_;
    std::string public_host_;
    std::optional<std::uint16_t> port_;
};

/// An absolute-form target (RFC 9112 3.2.2) is taken apart: its authority stands in Host's place.
void to_origin_form(Head& head);

} // namespace cdtd::api
