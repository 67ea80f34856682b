// Time stamps of a trusted third party (RFC 3161): the question, the answer, and holding a token against what
// it stamps. Pure; any thread. OpenSSL behind it.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>

#include <string>
#include <string_view>

namespace cdtd::base {

/// A TimeStampReq over a SHA-256 (hex), DER, with a random nonce; asks for the signer's certificate.
Result<std::string> timestamp_query(std::string_view sha256);

/// The token in a TimeStampResp to this query, DER. Errc::refused: the service said no, in its words;
/// Errc::bad_data: not an answer to this query (hash, nonce), or none at all.
Result<std::string> timestamp_token(std::string_view reply, std::string_view query);

struct Stamp {
    Time at;               ///< as the service says
    std::string signer;    ///< its certificate's subject, one line
    bool anchored = false; ///< the signer's certificate leads to one of `ca_file`'s
};
/// Holds a token (DER) against the SHA-256 it must stamp, and its signature against the certificate in it,
/// as of the time that it tells. `ca_file`: PEM certificates that are trusted ("": the signer is whoever it
/// says it is). Errc::bad_data says what does not hold.
Result<Stamp> check_timestamp(std::string_view token, std::string_view sha256, const std::string& ca_file);

} // namespace cdtd::base
