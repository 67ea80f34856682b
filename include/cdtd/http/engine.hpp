// The curl engine: libcurl's multi interface driven by the Asio loop (facts: cpp 3). Loop thread only.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/http/client.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace cdtd::http {

/// `clock` dates the hops and paces the gate. Throws std::invalid_argument for an unreadable allow_private.
std::unique_ptr<Client> make_client(boost::asio::any_io_executor loop, Settings settings,
                                    const base::Clock& clock);

} // namespace cdtd::http
