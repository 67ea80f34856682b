// Errors that can be expected (network, bad input, refusal) are values with a reason for people.
// A broken environment or a bug throws. Nothing of either crosses a C callback.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace cdtd::base {

enum class Errc {
    bad_data,  ///< what came can't be read: not XML, cut off, wrong encoding
    challenge, ///< a page that asks whether we are human, or who we are, in place of what was asked for
    cancelled, ///< we stopped it ourselves (shutdown, deadline of a caller)
    conflict,  ///< the state forbids it now (another daemon, a held feed)
    forbidden, ///< our own policy forbids it: private address, protocol, robots
    io,        ///< a file operation failed
    network,   ///< no connection, reset, TLS, DNS
    not_found, ///< there is no such thing
    refused,   ///< the other side said no: 401, 403, a page in place of a feed
    timeout,   ///< no answer in time
    too_large, ///< over a limit of ours
    usage,     ///< the caller's words are wrong
};

/// `message` is one line for people: what happened, to what, and what to do where that can be said.
struct Error {
    Errc code;
    std::string message;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Errc code, std::string message) {
    return std::unexpected(Error{code, std::move(message)});
}

} // namespace cdtd::base
