// A curl easy handle that is used again and again. What never changes is set once; a transfer sets the rest.
#pragma once

#include "http/transfer.hpp"

#include <cdtd/http/client.hpp>

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace cdtd::http {

class Sockets;

struct CurlDelete {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

class Easy {
  public:
    /// `sockets` and `share` outlive it, and every connection that it opens.
    Easy(const Settings& settings, Sockets& sockets, CURLSH* share);
    Easy(const Easy&) = delete;
    Easy& operator=(const Easy&) = delete;

    /// Sets up for this transfer, which lives until release().
    void prepare(Transfer& transfer);
    /// Lets go of all that belongs to the transfer.
    void release();

    CURL* get() const { return easy_.get(); }
    Transfer* transfer() const { return transfer_; }
    const char* reason() const { return reason_.data(); }
    /// Of the transfer that ended with `code`: the server refused the connection, told by the system or by a
    /// SOCKS proxy. Of an HTTP proxy's refusal nobody knows whose it is.
    bool refused(CURLcode code) const;

    std::move_only_function<void()> when_done;     ///< resumes who waits
    std::chrono::steady_clock::time_point begun{}; ///< for `took`
    std::uint64_t serial = 0;                      ///< which use of the handle this is

  private:
    friend struct Callbacks;
    void set_once(const Settings& settings, Sockets& sockets, CURLSH* share);
    void set_headers(const Ask& ask);
    void set_method(const Ask& ask);

    std::unique_ptr<CURL, CurlDelete> easy_;
    std::unique_ptr<curl_slist, CurlDelete> headers_;
    std::array<char, CURL_ERROR_SIZE> reason_{};
    Sockets& sockets_;
    Transfer* transfer_ = nullptr;
};

} // namespace cdtd::http
