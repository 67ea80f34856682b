// A scripted HTTP/1.1 server on loopback for tests, on a thread of its own. What it answers is said before or
// while it runs; what it was asked is recorded. All of Server may be called from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loopback {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method;
    std::string target; ///< with the query
    Headers headers;
    std::string body;
    std::chrono::steady_clock::time_point at; ///< when it was read whole
    int connection = 0;                       ///< a number for each TCP connection, from 1

    /// First value, case-blind; "" where there is none.
    std::string header(std::string_view name) const;
    bool has_header(std::string_view name) const;
};

struct Answer {
    int status = 200;
    Headers headers = {}; ///< Content-Length is made
    std::string body = {};
    std::chrono::milliseconds delay{0};          ///< before the answer
    bool hang = false;                           ///< never answers; the connection stays
    bool reset = false;                          ///< the connection is reset instead of an answer
    std::optional<std::size_t> cut_after = {};   ///< only so many bytes of the body are sent, then it closes
    std::optional<std::size_t> stall_after = {}; ///< … then it hangs
    bool chunked = false;
    bool gzip = false;                   ///< the body is compressed and Content-Encoding set
    bool keep_alive = true;              ///< false: Connection: close
    std::optional<std::string> raw = {}; ///< these bytes instead of all that, then it closes
};

/// 200 with a body.
Answer ok(std::string body, std::string content_type = "text/plain; charset=utf-8");
Answer status(int code, std::string body = {});
Answer redirect(std::string location, int code = 302);

using Handler = std::function<Answer(const Request&)>;

/// `answer`, and 304 without a body where the request's If-None-Match is its ETag or, without an ETag, where
/// If-Modified-Since is its Last-Modified.
Handler conditional(Answer answer);

std::string gzip(std::string_view bytes);

class Server {
  public:
    /// Listens at once; port 0 is any free one. Throws where that fails.
    explicit Server(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
    ~Server(); ///< closes every connection
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// `path` is compared with the whole target first, then with its path. A later call replaces.
    /// Handlers run on the server's thread; an unknown path is 404.
    void endpoint(const std::string& path, Handler handler);
    void endpoint(const std::string& path, Answer answer);
    /// One after the other; the last one repeats.
    void sequence(const std::string& path, std::vector<Answer> answers);
    /// For every path without an endpoint.
    void otherwise(Handler handler);

    std::uint16_t port() const;
    std::string origin() const;                   ///< "http://127.0.0.1:4711"
    std::string url(std::string_view path) const; ///< origin() + path

    std::vector<Request> requests() const; ///< in order
    std::vector<Request> requests(const std::string& path) const;
    std::size_t hits(const std::string& path) const;
    int connections() const; ///< accepted so far
    void forget_requests();
    /// Waits until `path` was asked `count` times; false after `timeout`.
    bool wait_for(const std::string& path, std::size_t count,
                  std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace loopback
