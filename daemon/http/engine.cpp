#include "http/engine.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace cdtd::http {

namespace asio = boost::asio;

namespace {

void initialise_curl() {
    // Never undone: a resolver thread that hangs may still be at work when the program ends.
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK)
        throw std::runtime_error(fmt::format("libcurl can't start: {}", curl_easy_strerror(code)));
}

template <class T>
void set(CURLM* multi, CURLMoption option, T value) {
    const CURLMcode code = curl_multi_setopt(multi, option, value);
    if (code != CURLM_OK)
        throw std::runtime_error(fmt::format("curl: {}", curl_multi_strerror(code)));
}

} // namespace

Engine::Engine(asio::any_io_executor executor, const Settings& settings)
    : executor_(std::move(executor)), settings_(settings),
      sockets_(executor_, [this](curl_socket_t descriptor, int mask) { act(descriptor, mask); }),
      timer_(executor_) {
    initialise_curl();
    share_.reset(curl_share_init());
    multi_.reset(curl_multi_init());
    if (!share_ || !multi_)
        throw std::bad_alloc();
    // A resumed TLS handshake costs a sixth of a full one; without the share each handle has its own cache.
    curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    set_multi_options();
}

Engine::~Engine() {
    stop();
    easies_.clear();
    multi_.reset();
}

void Engine::set_multi_options() {
    set(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Engine::on_socket);
    set(multi_.get(), CURLMOPT_SOCKETDATA, this);
    set(multi_.get(), CURLMOPT_TIMERFUNCTION, &Engine::on_timer);
    set(multi_.get(), CURLMOPT_TIMERDATA, this);
    // The idle pool. Without it curl would keep four for every handle.
    set(multi_.get(), CURLMOPT_MAXCONNECTS,
        static_cast<long>(std::min<std::size_t>(settings_.connections * 2, 1024)));
}

Easy& Engine::take_easy() {
    if (free_.empty()) {
        easies_.push_back(std::make_unique<Easy>(settings_, sockets_, share_.get()));
        free_.reserve(easies_.size());
        return *easies_.back();
    }
    Easy* easy = free_.back();
    free_.pop_back();
    return *easy;
}

asio::awaitable<void> Engine::run(Transfer& transfer) {
    const auto self = shared_from_this(); // a frame may outlive the client
    if (stopped_) {
        transfer.cancel();
        transfer.done(CURLE_ABORTED_BY_CALLBACK, "", {});
        co_return;
    }
    Easy& easy = take_easy();
    try {
        easy.prepare(transfer);
    } catch (...) {
        easy.release();
        free_.push_back(&easy);
        throw;
    }
    transfer.set_when_room([this, weak = weak_from_this(), &easy, serial = easy.serial] {
        asio::post(executor_, [weak, &easy, serial] { // not inside whatever gave the room back
            if (weak.lock() && easy.serial == serial && easy.transfer())
                curl_easy_pause(easy.get(), CURLPAUSE_CONT);
        });
    });
    auto start = [this, &easy](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto executor = asio::get_associated_executor(handler, executor_);
        easy.when_done = [handler = std::move(handler), executor, slot]() mutable {
            slot.clear();
            asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
        };
        if (slot.is_connected())
            slot.assign([this, &easy, serial = easy.serial](asio::cancellation_type) {
                if (easy.serial != serial || !easy.transfer())
                    return;
                easy.transfer()->cancel();
                finish(easy, CURLE_ABORTED_BY_CALLBACK);
            });
        begin(easy);
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(start),
                                                                          asio::use_awaitable);
}

void Engine::begin(Easy& easy) {
    easy.begun = std::chrono::steady_clock::now();
    if (curl_multi_add_handle(multi_.get(), easy.get()) != CURLM_OK)
        finish(easy, CURLE_FAILED_INIT);
}

void Engine::finish(Easy& easy, CURLcode code) {
    curl_multi_remove_handle(multi_.get(), easy.get());
    const auto took = std::chrono::steady_clock::now() - easy.begun;
    easy.transfer()->set_refused(easy.refused(code));
    easy.transfer()->done(code, easy.reason(), std::chrono::duration_cast<base::Duration>(took));
    auto resume = std::move(easy.when_done);
    easy.release();
    free_.push_back(&easy);
    resume();
}

void Engine::act(curl_socket_t descriptor, int mask) {
    int running = 0;
    curl_multi_socket_action(multi_.get(), descriptor, mask, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char* easy = nullptr;
        const CURLcode code = message->data.result; // gone with the handle
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &easy);
        finish(*reinterpret_cast<Easy*>(easy), code);
    }
}

int Engine::on_socket(CURL*, curl_socket_t descriptor, int what, void* user, void*) {
    try {
        static_cast<Engine*>(user)->sockets_.want(descriptor, what);
        return 0;
    } catch (...) {
        return -1; // out of memory or descriptors: curl fails its transfers
    }
}

int Engine::on_timer(CURLM*, long milliseconds, void* user) {
    try {
        static_cast<Engine*>(user)->schedule(milliseconds);
        return 0;
    } catch (...) {
        return -1;
    }
}

// "Now" is posted: no timer of the system is set for it, and curl is not called inside its own call.
void Engine::schedule(long milliseconds) {
    ++generation_;
    deadline_.reset();
    if (milliseconds < 0)
        return;
    if (milliseconds == 0) {
        asio::post(executor_, [weak = weak_from_this(), generation = generation_] {
            const auto self = weak.lock();
            if (self && self->generation_ == generation)
                self->act(CURL_SOCKET_TIMEOUT, 0);
        });
        return;
    }
    deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    if (!armed_ || *armed_ > *deadline_)
        arm(*deadline_); // an earlier one looks again when it fires
}

void Engine::arm(SteadyTime deadline) {
    armed_ = deadline;
    timer_.expires_at(deadline);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (error || !self)
            return;
        self->armed_.reset();
        if (!self->deadline_)
            return;
        if (std::chrono::steady_clock::now() < *self->deadline_) {
            self->arm(*self->deadline_);
            return;
        }
        self->deadline_.reset();
        self->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void Engine::stop() {
    stopped_ = true;
    for (const auto& easy : easies_) {
        if (!easy->transfer())
            continue;
        easy->transfer()->cancel();
        finish(*easy, CURLE_ABORTED_BY_CALLBACK);
    }
    timer_.cancel(); // an idle loop may end
}

} // namespace cdtd::http
