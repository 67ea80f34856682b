#include <cdtd/base/text.hpp>
#include <cdtd/http/mailer.hpp>
#include <cdtd/net/worker.hpp>

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <new>
#include <string_view>

namespace cdtd::http {
namespace {

constexpr std::size_t most_replies = 2048; // bytes that are kept of what the server says

struct Delete {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One letter on its way. The functions of curl's callbacks let no exception pass.
struct Sending {
    Sending(const Letter& the_letter, const std::atomic<bool>& stop) : letter(the_letter), stopping(stop) {}
    const Letter& letter;
    const std::atomic<bool>& stopping;
    std::size_t sent = 0;
    std::string refusals;   ///< replies 4xx and 5xx
    std::string last_reply; ///< one line
    int refused = 0;        ///< recipients
};

std::size_t read_text(char* buffer, std::size_t size, std::size_t count, void* user) {
    auto& sending = *static_cast<Sending*>(user);
    const std::size_t some = sending.letter.text.copy(buffer, size * count, sending.sent);
    sending.sent += some;
    return some;
}

std::size_t read_reply(char* data, std::size_t size, std::size_t count, void* user) {
    try {
        auto& sending = *static_cast<Sending*>(user);
        const std::string line(base::trim(std::string_view(data, size * count)));
        sending.last_reply = line.substr(0, most_replies);
        const bool refusal = line.size() > 3 && (line[0] == '4' || line[0] == '5');
        if (refusal && sending.refusals.size() < most_replies)
            sending.refusals += line.substr(0, 300) + "\n";
        return size * count;
    } catch (const std::bad_alloc&) {
        return 0;
    }
}

int watch(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Sending*>(user)->stopping ? 1 : 0;
}

std::unique_ptr<curl_slist, Delete> recipients_of(const Letter& letter) {
    std::unique_ptr<curl_slist, Delete> list;
    for (const std::string& to : letter.to) {
        curl_slist* longer = curl_slist_append(list.get(), to.c_str());
        if (longer == nullptr)
            throw std::bad_alloc();
        if (!list) // from then on the head stays the same
            list.reset(longer);
    }
    return list;
}

template <class T>
void set(CURL* easy, CURLoption option, T value) {
    if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK)
        throw std::runtime_error(
            fmt::format("curl option {}: {}", static_cast<int>(option), curl_easy_strerror(code)));
}

void set_up(CURL* easy, const Letter& letter, const std::string& ca_file) {
    const MailAccount& account = letter.account;
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L);
    set(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(easy, CURLOPT_PROXY, ""); // nor the environment's
    set(easy, CURLOPT_URL, account.url.c_str());
    set(easy, CURLOPT_USE_SSL, static_cast<long>(account.tls_required ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!ca_file.empty())
        set(easy, CURLOPT_CAINFO, ca_file.c_str());
    if (!account.user.empty()) {
        set(easy, CURLOPT_USERNAME, account.user.c_str());
        set(easy, CURLOPT_PASSWORD, account.password.reveal().c_str());
    }
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(letter.timeout).count();
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(ms, 1)));
    set(easy, CURLOPT_MAIL_FROM, letter.sender.c_str());
    // One wrong address must not keep the letter from the others.
    set(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(letter.text.size()));
}

Mailed result_of(CURL* easy, CURLcode code, Sending& sending, const char* reason) {
    Mailed mailed;
    long last = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &last);
    mailed.code = static_cast<int>(last);
    mailed.cancelled = code == CURLE_ABORTED_BY_CALLBACK;
    mailed.accepted = code == CURLE_OK;
    mailed.replies = sending.refusals;
    if (!sending.last_reply.empty() && !sending.refusals.contains(sending.last_reply))
        mailed.replies += sending.last_reply;
    if (code != CURLE_OK)
        mailed.error = *reason != '\0' ? reason : curl_easy_strerror(code);
    else if (!sending.refusals.empty())
        mailed.error = "not taken for everyone: " + std::string(base::trim(sending.refusals));
    return mailed;
}

Mailed send_now(const Letter& letter, const std::string& ca_file, const std::atomic<bool>& stopping) {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT); // counted by curl: twice is fine
    const std::unique_ptr<CURL, Delete> easy(curl_easy_init());
    if (started != CURLE_OK || !easy)
        throw std::bad_alloc();
    std::array<char, CURL_ERROR_SIZE> reason{};
    Sending sending(letter, stopping);
    const auto recipients = recipients_of(letter);
    set_up(easy.get(), letter, ca_file);
    set(easy.get(), CURLOPT_ERRORBUFFER, reason.data());
    set(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
    set(easy.get(), CURLOPT_READFUNCTION, &read_text);
    set(easy.get(), CURLOPT_READDATA, &sending);
    set(easy.get(), CURLOPT_HEADERFUNCTION, &read_reply);
    set(easy.get(), CURLOPT_HEADERDATA, &sending);
    set(easy.get(), CURLOPT_NOPROGRESS, 0L);
    set(easy.get(), CURLOPT_XFERINFOFUNCTION, &watch);
    set(easy.get(), CURLOPT_XFERINFODATA, &sending);
    const CURLcode code = curl_easy_perform(easy.get());
    return result_of(easy.get(), code, sending, reason.data());
}

} // namespace

struct Mailer::Impl {
    std::string ca_file;
    std::atomic<bool> stopping = false;
    std::unique_ptr<net::Worker> thread; ///< made for the first letter
};

Mailer::Mailer(std::string ca_file) : impl_(std::make_unique<Impl>()) {
    impl_->ca_file = std::move(ca_file);
}

Mailer::~Mailer() {
    stop();
}

boost::asio::awaitable<Mailed> Mailer::send(Letter letter) {
    if (impl_->stopping)
        co_return Mailed{false, 0, "", "", true};
    if (!impl_->thread)
        impl_->thread = std::make_unique<net::Worker>(1, "cdtd-mail");
    auto work = [this, &letter] { return send_now(letter, impl_->ca_file, impl_->stopping); };
    co_return co_await impl_->thread->run(work);
}

void Mailer::stop() {
    impl_->stopping = true;
}

} // namespace cdtd::http
