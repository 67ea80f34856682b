// A request and the redirects that it meets: where to go next, with what, and when to stop. Pure.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/http/client.hpp>

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::http {

class Journey {
  public:
    Journey(Request request, int max_redirects);

    /// Before the first hop: is the request one that may be sent at all?
    std::optional<base::Error> check() const;

    const Request& request() const { return request_; }
    const std::string& method() const { return method_; }
    const std::string& url() const { return url_; }
    const std::string& origin() const { return origin_; }
    const std::string& body() const { return body_; }
    bool at_first_origin() const { return origin_ == first_origin_; }
    /// The request's own headers go to the first origin only.
    Headers headers() const;
    const Headers& configured() const { return request_.configured; }

    /// After a hop (already in `hops`): true, another one follows; false, this was the last; or an error.
    std::expected<bool, base::Error> follow(const std::vector<Hop>& hops);

  private:
    std::expected<bool, base::Error> go_to(std::string next, int status, const std::vector<Hop>& hops);

    Request request_;
    int max_redirects_;
    std::string method_;
    std::string url_; ///< "" where the request's is unusable
    std::string origin_;
    std::string first_origin_;
    std::string body_;
};

} // namespace cdtd::http
