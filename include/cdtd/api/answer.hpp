// What the API says, as a function of the database: the server and the reading commands ask the same one. Any
// thread.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/file.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdtd::api {

/// Bytes of a file that is open, `size` of them from `offset` on: sent a block at a time, whole or the range
/// that is asked for (RFC 9110 14).
struct FileBody {
    base::Descriptor file;
    std::int64_t offset = 0;
    std::int64_t size = 0;
    std::string etag; ///< with its quotes; "" = ranges are not given
};

/// What is not there yet: `target` is to be asked when something was committed. A stream is written on for
/// as long as somebody listens; anything else waits for it once, `at_most` that long.
struct Sequel {
    std::string target;
    base::Duration at_most{};
    bool stream = false;
};

struct Answer {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::string allow;  ///< of a 405
    std::string policy; ///< Content-Security-Policy, instead of the one that lets nothing in
    std::vector<std::pair<std::string, std::string>> headers; ///< further ones
    std::shared_ptr<const FileBody> file;                     ///< instead of `body`
    /// What takes long and needs no database: the server runs it on a thread of its own, a few at once, and
    /// gives its answer instead. `stop` says that nobody waits any more. The same `key`: the same answer,
    /// which may be kept.
    std::function<Answer(const std::function<bool()>& stop)> make;
    std::string key;
    std::optional<Sequel> sequel; ///< `body` is the beginning of a stream, or says that there is nothing
};

/// What the answers need to know beside the database.
struct Context {
    base::Time now;
    std::string state_dir;                ///< disk figures
    std::optional<base::Time> started_at; ///< of the running daemon; absent in a command
    bool running = false;
    bool stream = false;            ///< text/event-stream is what was asked for
    std::string last_event_id = {}; ///< what a stream that broke off had given last
};

/// GET of a target ("/api/v1/articles?feed=x&limit=3", percent-encoded). Unknown route 404, unknown
/// parameter, bad or empty value 400; errors are application/problem+json (RFC 9457).
Answer answer(store::Connection& db, std::string_view target, const Context& context);

/// {type, title, status, detail} of RFC 9457.
Answer problem(int status, std::string_view detail);

} // namespace cdtd::api
