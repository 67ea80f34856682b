#include "http/easy.hpp"

#include "http/sockets.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <stdexcept>

namespace cdtd::http {

namespace {

template <class T>
void set(CURL* easy, CURLoption option, T value) {
    const CURLcode code = curl_easy_setopt(easy, option, value);
    if (code != CURLE_OK)
        throw std::runtime_error(
            fmt::format("curl option {}: {}", static_cast<int>(option), curl_easy_strerror(code)));
}

// 0 would mean "for ever" to curl; a tick of less than a millisecond is one.
long milliseconds(base::Duration duration) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
    return static_cast<long>(std::clamp<std::int64_t>(ms, 1, std::numeric_limits<std::int32_t>::max()));
}

} // namespace

// What libcurl calls. No exception may cross it: it is parked in the transfer and thrown at whoever waits.
struct Callbacks {
    template <class F, class T>
    static T guarded(Easy* easy, F call, T failed) {
        if (!easy->transfer_)
            return failed;
        try {
            return call(*easy->transfer_);
        } catch (...) {
            easy->transfer_->park(std::current_exception());
            return failed;
        }
    }

    static std::size_t header(char* data, std::size_t size, std::size_t count, void* user) {
        const std::string_view line(data, size * count);
        return guarded(
            static_cast<Easy*>(user), [&](Transfer& t) { return t.on_header(line) ? line.size() : 0; },
            std::size_t{0});
    }

    static std::size_t body(char* data, std::size_t size, std::size_t count, void* user) {
        const std::string_view bytes(data, size * count);
        return guarded(
            static_cast<Easy*>(user),
            [&](Transfer& t) -> std::size_t {
                switch (t.on_body(bytes)) {
                case Transfer::Body::taken:
                    return bytes.size();
                case Transfer::Body::later:
                    return CURL_WRITEFUNC_PAUSE;
                default:
                    return CURL_WRITEFUNC_ERROR;
                }
            },
            std::size_t{CURL_WRITEFUNC_ERROR});
    }

    static int debug(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
        if (type != CURLINFO_HEADER_OUT)
            return 0;
        return guarded(
            static_cast<Easy*>(user),
            [&](Transfer& t) {
                t.on_sent_head(std::string_view(data, size));
                return 0;
            },
            0);
    }

    static int before_request(void* user, char* peer, char*, int, int) {
        return guarded(
            static_cast<Easy*>(user),
            [&](Transfer& t) { return t.on_peer(peer) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT; },
            CURL_PREREQFUNC_ABORT);
    }

    static curl_socket_t open_socket(void* user, curlsocktype purpose, curl_sockaddr* address) {
        auto* easy = static_cast<Easy*>(user);
        return guarded(
            easy,
            [&](Transfer& t) -> curl_socket_t {
                if (purpose != CURLSOCKTYPE_IPCXN || !t.permits(address->addr))
                    return CURL_SOCKET_BAD;
                return easy->sockets_.open(address->family, address->socktype, address->protocol);
            },
            curl_socket_t{CURL_SOCKET_BAD});
    }

    static int close_socket(void* user, curl_socket_t descriptor) {
        static_cast<Sockets*>(user)->close(descriptor);
        return 0;
    }
};

Easy::Easy(const Settings& settings, Sockets& sockets, CURLSH* share)
    : easy_(curl_easy_init()), sockets_(sockets) {
    if (!easy_)
        throw std::bad_alloc();
    set_once(settings, sockets, share);
}

void Easy::set_once(const Settings& settings, Sockets& sockets, CURLSH* share) {
    CURL* easy = get();
    set(easy, CURLOPT_PRIVATE, this);
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L); // a stuck resolver thread is not waited for
    set(easy, CURLOPT_ERRORBUFFER, reason_.data());
    set(easy, CURLOPT_SHARE, share);
    set(easy, CURLOPT_USERAGENT, settings.user_agent.c_str());
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(settings.connect_timeout));
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L); // the WARC record needs the body as it came
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(easy, CURLOPT_NOPROXY, ""); // nor the environment's no_proxy
    set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!settings.ca_file.empty())
        set(easy, CURLOPT_CAINFO, settings.ca_file.c_str());
    set(easy, CURLOPT_VERBOSE, 1L); // the request head as it went out comes by the debug function
    set(easy, CURLOPT_DEBUGFUNCTION, &Callbacks::debug);
    set(easy, CURLOPT_DEBUGDATA, this);
    set(easy, CURLOPT_HEADERFUNCTION, &Callbacks::header);
    set(easy, CURLOPT_HEADERDATA, this);
    set(easy, CURLOPT_WRITEFUNCTION, &Callbacks::body);
    set(easy, CURLOPT_WRITEDATA, this);
    set(easy, CURLOPT_PREREQFUNCTION, &Callbacks::before_request);
    set(easy, CURLOPT_PREREQDATA, this);
    set(easy, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::open_socket);
    set(easy, CURLOPT_OPENSOCKETDATA, this);
    set(easy, CURLOPT_CLOSESOCKETFUNCTION, &Callbacks::close_socket);
    set(easy, CURLOPT_CLOSESOCKETDATA, &sockets); // outlives the transfer: the connection may
}

void Easy::set_headers(const Ask& ask) {
    bool accepts = false;
    bool expects = false;
    auto add = [this](const std::string& line) {
        curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
        if (!longer)
            throw std::bad_alloc();
        static_cast<void>(headers_.release());
        headers_.reset(longer);
    };
    headers_.reset();
    if (ask.headers) {
        for (const auto& [name, value] : *ask.headers) {
            accepts = accepts || base::iequals(name, "Accept-Encoding");
            expects = expects || base::iequals(name, "Expect");
            add(value.empty() ? name + ";" : name + ": " + value); // curl's way to send an empty one
        }
    }
    if (!accepts)
        add("Accept-Encoding: gzip");
    if (!expects && ask.method == "POST")
        add("Expect:"); // do not wait for a 100
    set(get(), CURLOPT_HTTPHEADER, headers_.get());
}

void Easy::set_method(const Ask& ask) {
    CURL* easy = get();
    set(easy, CURLOPT_HTTPGET, 1L); // undoes what the last one set
    const char* custom = nullptr;
    const std::string method(ask.method);
    if (method == "HEAD") {
        set(easy, CURLOPT_NOBODY, 1L);
    } else if (method != "GET") {
        set(easy, CURLOPT_POST, 1L);
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(ask.body.size()));
        set(easy, CURLOPT_POSTFIELDS, ask.body.empty() ? "" : ask.body.data());
        if (method != "POST")
            custom = method.c_str();
    }
    set(easy, CURLOPT_CUSTOMREQUEST, custom);
}

void Easy::prepare(Transfer& transfer) {
    const Ask& ask = transfer.ask();
    CURL* easy = get();
    reason_[0] = '\0';
    set(easy, CURLOPT_URL, ask.url.c_str());
    set(easy, CURLOPT_PROXY, ask.proxy.c_str());
    set(easy, CURLOPT_TIMEOUT_MS, milliseconds(ask.timeout));
    set(easy, CURLOPT_FRESH_CONNECT, ask.once ? 1L : 0L);
    set(easy, CURLOPT_FORBID_REUSE, ask.once ? 1L : 0L);
    set_headers(ask);
    set_method(ask);
    transfer_ = &transfer;
    ++serial;
}

bool Easy::refused(CURLcode code) const {
    if (code == CURLE_PROXY) {
        long reply = CURLPX_OK;
        curl_easy_getinfo(get(), CURLINFO_PROXY_ERROR, &reply);
        return reply == CURLPX_REPLY_CONNECTION_REFUSED;
    }
    long cause = 0;
    curl_easy_getinfo(get(), CURLINFO_OS_ERRNO, &cause);
    return code == CURLE_COULDNT_CONNECT && cause == ECONNREFUSED && transfer_->ask().proxy.empty();
}

void Easy::release() {
    transfer_ = nullptr;
    set(get(), CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    set(get(), CURLOPT_POSTFIELDS, static_cast<char*>(nullptr));
    headers_.reset();
}

} // namespace cdtd::http
