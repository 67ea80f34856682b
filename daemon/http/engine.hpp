// libcurl's multi interface driven by the loop: curl_multi_socket_action for sockets and time, nothing
// polled. Completions are posted, so that user code never runs inside libcurl. Loop thread only; destroyed
// before the loop is.
#pragma once

#include "http/easy.hpp"
#include "http/sockets.hpp"
#include "http/transfer.hpp"

#include <cdtd/http/client.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cdtd::http {

class Engine : public std::enable_shared_from_this<Engine> {
  public:
    Engine(boost::asio::any_io_executor executor, const Settings& settings);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Until it has ended, one way or the other: verdict() says which. `transfer` lives in the caller's
    /// frame.
    boost::asio::awaitable<void> run(Transfer& transfer);
    /// Ends every transfer, and every later one at once.
    void stop();

  private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct MultiDelete {
        void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
    };
    struct ShareDelete {
        void operator()(CURLSH* share) const { curl_share_cleanup(share); }
    };

    static int on_socket(CURL*, curl_socket_t descriptor, int what, void* user, void*);
    static int on_timer(CURLM*, long milliseconds, void* user);
    void set_multi_options();
    Easy& take_easy();
    void begin(Easy& easy);
    void finish(Easy& easy, CURLcode code);
    void act(curl_socket_t descriptor, int mask);
    void schedule(long milliseconds);
    void arm(SteadyTime deadline);

    boost::asio::any_io_executor executor_;
    Settings settings_;
    // In the order in which curl needs them gone: handles, then the multi with its pool, then the rest.
    Sockets sockets_;
    std::unique_ptr<CURLSH, ShareDelete> share_;
    std::unique_ptr<CURLM, MultiDelete> multi_;
    std::vector<std::unique_ptr<Easy>> easies_;
    std::vector<Easy*> free_;
    boost::asio::steady_timer timer_;
    std::optional<SteadyTime> deadline_; ///< when curl wants to be called
    std::optional<SteadyTime> armed_;    ///< when the timer fires; may be earlier, never later
    std::uint64_t generation_ = 0;       ///< of the posted "now"
    bool stopped_ = false;
};

} // namespace cdtd::http
