// Replay: /web/<timestamp>id_/<url> gives a capture's own bytes. Pure. Rules: RFC 7089 and the headers of
// web.archive.org; only Memento-Datetime tells an archived error from an error of the archive.
#pragma once

#include <cdtd/wayback/reply.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cdtd::wayback {

/// The bytes of this capture as they were sent.
std::string replay_request(std::string_view replay_url, std::string_view timestamp, std::string_view url);
/// What a person opens.
std::string snapshot_url(std::string_view replay_url, std::string_view timestamp, std::string_view url);

struct Memento {
    base::Time at;
    int status = 0; ///< of the archived answer
    std::string content_type;
    std::string body;
};
struct Nearest { ///< another capture is the nearest one
    std::string timestamp;
    std::string url;
};
struct Nothing {}; ///< the archive's own 404
using Replay = std::variant<Memento, Nearest, Nothing>;

Heard<Replay> read_replay(const Reply& reply);

} // namespace cdtd::wayback
