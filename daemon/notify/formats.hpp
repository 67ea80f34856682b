// One function a service: a note as the request that its public documentation describes. Pure; any thread.
#pragma once

#include "notify/note.hpp"

#include <cdtd/notify/endpoint.hpp>

namespace cdtd::notify {

/// Each sets method, url, body and the headers that the service needs; make_request adds the rest. `id`: the
/// event's.
http::Request slack_request(const Endpoint& endpoint, const Note& note);
http::Request discord_request(const Endpoint& endpoint, const Note& note);
http::Request telegram_request(const Endpoint& endpoint, const Note& note);
http::Request ntfy_request(const Endpoint& endpoint, const Note& note);
http::Request matrix_request(const Endpoint& endpoint, const Note& note, const std::string& id);

/// A POST of this JSON text.
http::Request json_post(std::string url, std::string body);

} // namespace cdtd::notify
