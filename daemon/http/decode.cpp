#include "http/inflate.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/http/decode.hpp>

#include <fmt/format.h>

namespace cdtd::http {

using base::Errc;

base::Result<std::string> decode(std::string_view payload, std::string_view coding, std::uint64_t limit) {
    const std::string name = base::ascii_lower(base::trim(coding));
    if (name.empty() || name == "identity") {
        if (payload.size() > limit)
            return base::fail(Errc::too_large, fmt::format("over {} bytes", limit));
        return std::string(payload);
    }
    if (name != "gzip" && name != "x-gzip")
        return base::fail(Errc::bad_data, fmt::format("content coding {} is not one of ours",
                                                      base::terminal_safe(base::cut_bytes(name, 40))));
    std::string decoded;
    Inflate inflate(limit);
    switch (inflate.feed(payload, decoded)) {
    case Inflate::State::whole:
        return decoded;
    case Inflate::State::too_large:
        return base::fail(Errc::too_large, fmt::format("over {} bytes when decoded", limit));
    default:
        return base::fail(Errc::bad_data, "its gzip coding is broken or cut off");
    }
}

} // namespace cdtd::http
