#include "notify/letter.hpp"
#include "notify/program.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/notify/carrier.hpp>
#include <cdtd/notify/mailbox.hpp>

#include <utility>

namespace cdtd::notify {

namespace asio = boost::asio;

namespace {

ProgramOrder order_of(const Endpoint& endpoint, const model::Event& event) {
    ProgramOrder order;
    order.command = endpoint.command;
    order.input = body_of(event) + "\n";
    order.environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
                         "CDTD_ENDPOINT=" + endpoint.name, "CDTD_EVENT_ID=" + event.id,
                         "CDTD_EVENT_TYPE=" + event.type};
    order.timeout = endpoint.timeout;
    return order;
}

Reply reply_of(const Endpoint& endpoint, const ProgramEnd& end) {
    Reply reply;
    reply.cancelled = end.cancelled;
    reply.status = end.status;
    reply.answer = kept_answer(endpoint, end.output);
    reply.error = base::terminal_safe(end.error);
    if (end.error.empty() && end.status == 0)
        reply.meaning = schedule::Answer::delivered;
    return reply;
}

http::Letter letter_of(const Endpoint& endpoint, const model::Event& event) {
    http::Letter letter;
    letter.account = endpoint.mail;
    letter.timeout = endpoint.timeout;
    letter.text = letter_text(endpoint, note_of(event, endpoint.public_url), event);
    if (const auto from = read_mailbox(endpoint.mail.from))
        letter.sender = from->address;
    for (const std::string& written : endpoint.mail_to)
        if (const auto to = read_mailbox(written))
            letter.to.push_back(to->address);
    return letter;
}

/// RFC 5321 4.2.1: 4yz says try again, 5yz says no. What failed before the server spoke is tried again.
Reply reply_of(const Endpoint& endpoint, const http::Mailed& mailed) {
    Reply reply;
    reply.cancelled = mailed.cancelled;
    if (mailed.code > 0)
        reply.status = mailed.code;
    reply.answer = kept_answer(endpoint, mailed.replies);
    reply.error = without_secrets(endpoint, base::terminal_safe(mailed.error));
    if (mailed.accepted)
        reply.meaning = schedule::Answer::delivered;
    else if (mailed.code >= 500 && mailed.code < 600)
        reply.meaning = schedule::Answer::again_twice;
    return reply;
}

} // namespace

struct Carrier::Impl {
    Impl(asio::any_io_executor loop, http::Client& http_client, const base::Clock& the_clock,
         std::string ca_file)
        : client(http_client), clock(the_clock), programs(std::move(loop)), mailer(std::move(ca_file)) {}
    http::Client& client;
    const base::Clock& clock;
    Programs programs;
    http::Mailer mailer;
};

Carrier::Carrier(asio::any_io_executor loop, http::Client& client, const base::Clock& clock,
                 std::string ca_file)
    : impl_(std::make_unique<Impl>(std::move(loop), client, clock, std::move(ca_file))) {}

Carrier::~Carrier() = default;

asio::awaitable<Reply> Carrier::carry(Endpoint endpoint, model::Event event) {
    if (endpoint.format == "exec") {
        ProgramOrder order = order_of(endpoint, event);
        const ProgramEnd end = co_await impl_->programs.run(std::move(order));
        co_return reply_of(endpoint, end);
    }
    if (endpoint.format == "email") {
        http::Letter letter = letter_of(endpoint, event);
        const http::Mailed mailed = co_await impl_->mailer.send(std::move(letter));
        co_return reply_of(endpoint, mailed);
    }
    http::Request request = make_request(endpoint, event, impl_->clock.now());
    const http::Outcome outcome = co_await impl_->client.fetch(std::move(request));
    co_return reply_of(endpoint, outcome, impl_->clock.now());
}

void Carrier::stop() {
    impl_->programs.stop();
    impl_->mailer.stop();
}

} // namespace cdtd::notify
