// One connection: requests are read, answered and written one after the other. Loop thread only.
#pragma once

#include "api/guard.hpp"
#include "api/listener.hpp"
#include "api/makers.hpp"
#include "api/waiters.hpp"

#include <cdtd/net/wake.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <string>

namespace cdtd::api {

inline constexpr std::uint32_t max_head = 16 * 1024;
inline constexpr std::uint64_t max_body = 64 * 1024;
inline constexpr std::chrono::seconds idle_limit{30};

class Session;

/// What all connections of a server share. It outlives the server where a connection still runs.
struct Shared {
    Shared(boost::asio::any_io_executor executor, const Settings& settings, Guard guard_,
           store::Reader& reader_, Control& control_, const base::Clock& clock_, base::Log& log_)
        : loop(executor), state_dir(settings.state_dir), guard(std::move(guard_)), reader(reader_),
          control(control_), clock(clock_), log(log_), changed(executor), makers(executor) {}

    boost::asio::any_io_executor loop;
    std::string state_dir;
    Guard guard;
    store::Reader& reader;
    Control& control;
    const base::Clock& clock;
    base::Log& log;
    std::list<Session*> sessions; ///< oldest first
    net::Bell changed;            ///< a session ended, or stop
    Waiters waiters;              ///< for a commit
    Makers makers;
    bool stopping = false;
};

using Request = boost::beast::http::request<boost::beast::http::string_body>;

/// How a target is asked for, beside its words.
struct Manner {
    bool stream = false;
    std::string last_event_id = {};
};
boost::asio::awaitable<Answer> read_answer(Shared& shared, const std::string& target, const Manner& manner);

/// What a request gets, HEAD and GET alike. `local`: see Guard.
boost::asio::awaitable<Answer> respond(Shared& shared, const Request& request, const std::string& local);

class Session {
  public:
    Session(std::shared_ptr<Shared> shared, Socket socket);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    boost::asio::awaitable<void> run();
    void close();
    /// Since when it waits for a request of which nothing has come; nullopt: it is at work.
    std::optional<std::chrono::steady_clock::time_point> idle_since() const { return idle_since_; }
    /// Reading: what was not asked in full is not owed an answer.
    bool reading() const { return reading_; }

  private:
    using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    boost::asio::awaitable<boost::system::error_code> read_request(Parser& parser);
    boost::asio::awaitable<boost::system::error_code> write_continue();
    boost::asio::awaitable<bool> write_answer(const Answer& answer, const Request& request, bool keep);
    boost::asio::awaitable<bool> write_stream(Answer answer, const Request& request);
    boost::asio::awaitable<bool> write_piece(const std::string& piece, bool chunked);
    boost::asio::awaitable<bool> write_body(const Answer& answer, const Request& request, bool keep);
    boost::asio::awaitable<bool> write_file(const Answer& answer, const Request& request, bool keep);
    boost::asio::awaitable<bool> write_blocks(const FileBody& file, std::int64_t begin, std::int64_t size);
    boost::asio::awaitable<void> refuse(boost::system::error_code error);
    boost::asio::awaitable<void> linger();

    std::shared_ptr<Shared> shared_;
    Stream stream_;
    boost::beast::flat_buffer buffer_;
    std::string local_;
    std::optional<std::chrono::steady_clock::time_point> idle_since_;
    bool reading_ = true;
    std::list<Session*>::iterator place_;
};

} // namespace cdtd::api
