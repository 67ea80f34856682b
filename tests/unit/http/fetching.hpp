// What the tests of the client share: a loopback server, a loop, and a client with settings fit for both.
#pragma once

#include "loopback/server.hpp"

#include <cdtd/base/clock.hpp>
#include <cdtd/http/engine.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fetching {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = cdtd::http;
using cdtd::base::Errc;

inline http::Settings quick() {
    http::Settings settings;
    settings.user_agent = "cdtd/test";
    settings.host_delay = 0s;
    settings.connections_per_host = 4;
    settings.allow_private = {"127.0.0.0/8"};
    settings.timeout = 10s;
    return settings;
}

class Fetching : public testing::Test {
  protected:
    http::Client& client(http::Settings settings = quick()) {
        client_ = http::make_client(loop.get_executor(), std::move(settings), cdtd::base::system_clock());
        return *client_;
    }

    http::Client& current() { return client_ ? *client_ : client(); }

    /// Starts a fetch; the result stands in the slot after run().
    std::size_t start(http::Request request) {
        const auto index = outcomes.size();
        outcomes.emplace_back();
        asio::co_spawn(loop, current().fetch(std::move(request)),
                       [this, index](std::exception_ptr thrown, http::Outcome outcome) {
                           if (thrown)
                               std::rethrow_exception(thrown);
                           outcomes[index] = std::move(outcome);
                       });
        return index;
    }

    /// Until every fetch that was started has ended.
    void run() {
        auto pending = [](const auto& outcome) { return !outcome; };
        while (std::ranges::any_of(outcomes, pending) && !loop.stopped_after())
            ;
    }

    /// Until the server was asked for this so often.
    void run_until_hits(const std::string& path, std::size_t count) {
        for (int i = 0; i < 4000 && server.hits(path) < count; ++i) {
            loop.restart();
            loop.run_one_for(5ms);
        }
        EXPECT_EQ(server.hits(path), count);
    }

    http::Outcome fetch(http::Request request) {
        const auto index = start(std::move(request));
        while (!outcomes[index] && !loop.stopped_after())
            ;
        return std::move(*outcomes[index]);
    }
    http::Outcome get(const std::string& path) { return fetch(http::Request(server.url(path))); }

    struct Loop : asio::io_context {
        /// Runs one handler; true where none came for too long.
        bool stopped_after() {
            restart();
            return run_one_for(20s) == 0;
        }
    };

    loopback::Server server;
    Loop loop;
    std::vector<std::optional<http::Outcome>> outcomes;

  private:
    std::unique_ptr<http::Client> client_; // gone before the loop
};

inline Errc code_of(const http::Outcome& outcome) {
    return outcome ? Errc::usage : outcome.error().error.code;
}

} // namespace fetching
