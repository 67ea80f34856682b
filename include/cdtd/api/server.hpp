// The HTTP server of the API: Beast on the loop. Loop thread only.
// Host check (DNS rebinding), bearer token in constant time, Origin and Sec-Fetch-Site for POST, limits on
// heads, bodies, connections and idle time; every answer has nosniff, Referrer-Policy and a CSP.
#pragma once

#include <cdtd/api/answer.hpp>
#include <cdtd/base/log.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/base/secret.hpp>
#include <cdtd/pipeline/backfill_order.hpp>
#include <cdtd/pipeline/replay_order.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::api {

struct Settings {
    std::string listen = "127.0.0.1:8645"; ///< host:port or unix:/path
    base::Secret token;                    ///< empty = none
    std::string public_url;
    std::string state_dir;
};

/// What the API asks of the running program.
class Control {
  public:
    virtual ~Control() = default;
    virtual base::Time started_at() const = 0;
    /// Reason why not, for /readyz; nullopt = ready.
    virtual std::optional<std::string> not_ready() const = 0;
    /// Asks for a poll now; returns when it is accepted. not_found, conflict (disabled), refused (its server
    /// forbids it until a time, which the message says, and `force` is not set).
    virtual base::Result<void> poll(const std::string& feed, bool force) = 0;
    /// Lets a held feed go on. Like the two below: returns when it is accepted; not_found, conflict.
    virtual base::Result<void> release(const std::string& feed) = 0;
    /// Polls a feed again that said it is gone.
    virtual base::Result<void> enable(const std::string& feed) = 0;
    virtual base::Result<void> backfill(const std::string& feed, const pipeline::BackfillOrder& order) = 0;
    /// A test.ping to this endpoint alone; its event's id. Like the two below: not_found, conflict.
    virtual boost::asio::awaitable<base::Result<std::string>> test(std::string endpoint) = 0;
    /// Tells a disabled or failing endpoint again.
    virtual boost::asio::awaitable<base::Result<void>> enable_endpoint(std::string endpoint) = 0;
    /// How many events are told again.
    virtual boost::asio::awaitable<base::Result<std::int64_t>> replay(pipeline::ReplayOrder order) = 0;
};

class Server {
  public:
    /// Listens at once. Errc::io says address and cause (in use, no permission).
    static base::Result<std::unique_ptr<Server>> listen(boost::asio::any_io_executor loop, Settings settings,
                                                        store::Reader& reader, Control& control,
                                                        const base::Clock& clock, base::Log& log);
    virtual ~Server() = default;
    virtual std::string address() const = 0;        ///< "http://127.0.0.1:8645" with the real port
    virtual boost::asio::awaitable<void> run() = 0; ///< until stop
    virtual void committed() = 0;                   ///< who waits for events is answered
    virtual void stop() = 0;                        ///< no new connections; open answers are finished
};

} // namespace cdtd::api
