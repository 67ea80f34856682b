// May this page be fetched? The host's robots.txt (RFC 9309) says so, asked for once a day. Loop thread only.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/pipeline/stage.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>

namespace cdtd::pipeline {

class AskRobots : Stage {
  public:
    using Stage::Stage;

    /// Errc::forbidden: the host forbids it, with its rule; network and the like: it could not be asked, so
    /// that nobody knows; cancelled. Throws store::DatabaseError.
    boost::asio::awaitable<base::Result<void>> may_fetch(std::string url);

  private:
    boost::asio::awaitable<base::Result<std::string>> fetch(std::string origin);
};

} // namespace cdtd::pipeline
