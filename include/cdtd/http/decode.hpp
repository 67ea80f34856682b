// The content coding of a stored payload undone (RFC 9110 8.4). Pure but for memory; any thread.
#pragma once

#include <cdtd/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cdtd::http {

/// `coding`: the value of Content-Encoding; "" and "identity" leave the payload as it is, gzip and x-gzip are
/// undone. Errc::bad_data: another coding, or broken; too_large: over `limit` decoded bytes.
base::Result<std::string> decode(std::string_view payload, std::string_view coding, std::uint64_t limit);

} // namespace cdtd::http
