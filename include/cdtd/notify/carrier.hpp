// Makes one attempt to tell an endpoint, by whatever way it is reached: HTTP, a program, mail. Loop thread
// only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/http/client.hpp>
#include <cdtd/model/event.hpp>
#include <cdtd/notify/endpoint.hpp>
#include <cdtd/notify/reply.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace cdtd::notify {

class Carrier {
  public:
    /// `ca_file`: of the mail server's certificate; "" = the system's.
    Carrier(boost::asio::any_io_executor loop, http::Client& client, const base::Clock& clock,
            std::string ca_file);
    ~Carrier();
    Carrier(const Carrier&) = delete;
    Carrier& operator=(const Carrier&) = delete;

    boost::asio::awaitable<Reply> carry(Endpoint endpoint, model::Event event);
    void stop(); ///< programs are killed, mails broken off; requests are the client's to stop

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cdtd::notify
