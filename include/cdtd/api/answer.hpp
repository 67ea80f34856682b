// What the API says, as a function of the database: the server and the reading commands ask the same one. Any
// thread.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/store/connection.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdtd::api {

struct Answer {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::string allow;  ///< of a 405
    std::string policy; ///< Content-Security-Policy, instead of the one that lets nothing in
    std::vector<std::pair<std::string, std::string>> headers; ///< further ones
};

/// What the answers need to know beside the database.
struct Context {
    base::Time now;
    std::string state_dir;                ///< disk figures
    std::optional<base::Time> started_at; ///< of the running daemon; absent in a command
    bool running = false;
};

/// GET of a target ("/api/v1/articles?feed=x&limit=3", percent-encoded). Unknown route 404, unknown
/// parameter, bad or empty value 400; errors are application/problem+json (RFC 9457).
Answer answer(store::Connection& db, std::string_view target, const Context& context);

/// {type, title, status, detail} of RFC 9457.
Answer problem(int status, std::string_view detail);

} // namespace cdtd::api
