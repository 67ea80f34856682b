// What lies behind a URL: a feed, a page that offers some, or neither.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/feed/discover.hpp>
#include <cdtd/http/engine.hpp>
#include <cdtd/model/feed.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::app {

/// The daemon's HTTP client without the daemon: blocks until the answer is there.
class Fetcher {
  public:
    /// Throws std::invalid_argument for settings that no configuration passes.
    explicit Fetcher(const http::Settings& settings);
    http::Outcome fetch(http::Request request);

  private:
    boost::asio::io_context loop_{1};
    std::unique_ptr<http::Client> client_;
};

struct Look {
    bool answered = false;           ///< else nothing more is to be asked of this server now
    std::string url;                 ///< behind the redirects
    std::optional<model::Feed> feed; ///< it is one
    std::vector<feed::Offer> offers; ///< else: of the page
    bool page = false;               ///< a document that is no feed came: who reads it may find one
    bool absent = false;             ///< 404 or 410
    std::string reason;              ///< why it is no feed, in words for people; not yet safe for a terminal
};

/// "URL: reason", the URL once.
std::string why_none(const Look& look);

/// One request, with its redirects. A 429 counts as not answered.
Look look_at(Fetcher& fetcher, http::Request request);

/// Up to `most` of the places where feeds usually lie, one after the other; stops at the first feed, and
/// where the server does not answer. `tried` gets what was asked.
std::optional<Look> look_around(Fetcher& fetcher, const std::string& url, std::size_t most,
                                std::vector<std::string>& tried);

} // namespace cdtd::app
