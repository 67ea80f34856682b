// Any bytes as what an article says of itself: each service gets a message within its limits, whose markup is
// ours alone; and a letter of short ASCII lines. The same bytes as an endpoint's answer: a reply that is safe
// to keep.
#include "notify/letter.hpp"
#include "notify/note.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/notify/endpoint.hpp>
#include <cdtd/notify/mailbox.hpp>
#include <cdtd/notify/reply.hpp>

#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace cdtd;

void must(bool holds) {
    if (!holds)
        std::abort();
}

notify::Endpoint endpoint_of(const std::string& format) {
    notify::Endpoint endpoint;
    endpoint.name = endpoint.format = format;
    endpoint.url = "https://example.org/topic";
    endpoint.secret = base::Secret("1:secret");
    endpoint.to = "!r:x";
    endpoint.mail.from = "d@example.org";
    endpoint.mail_to = {"a@example.org"};
    return endpoint;
}

model::Event event_of(const std::string& text) {
    model::Event event;
    event.id = "evt_1";
    event.type = "article.new";
    const boost::json::object source{{"name", text}, {"url", text}, {"liveness", {{"state", text}}}};
    event.data = boost::json::serialize(
        boost::json::object{{"article", boost::json::object{{"id", 1},
                                                            {"title", text},
                                                            {"outlet", text},
                                                            {"excerpt", text},
                                                            {"url", "https://example.org/" + text},
                                                            {"published_at", text},
                                                            {"sources", boost::json::array{source}}}},
                            {"previous_title", text}});
    return event;
}

void check_telegram(const boost::json::object& body) {
    std::string_view text = body.at("text").as_string();
    std::size_t bold = 0, links = 0;
    while (!text.empty()) {
        const auto skip = [&](std::string_view word) {
            const bool there = text.starts_with(word);
            text.remove_prefix(there ? word.size() : 0);
            return there;
        };
        if (skip("<b>"))
            ++bold;
        else if (skip("</b>"))
            --bold;
        else if (skip("<a href=\"http"))
            ++links;
        else if (skip("</a>"))
            --links;
        else if (text.front() == '<')
            std::abort();
        else
            text.remove_prefix(1);
        must(bold <= 1 && links <= 1);
    }
    must(bold == 0 && links == 0);
}

void check_messages(const model::Event& event) {
    for (const char* format : {"slack", "discord", "telegram", "ntfy", "matrix"}) {
        const auto request = notify::make_request(endpoint_of(format), event, base::Time{});
        const auto body = boost::json::parse(request.body).as_object();
        must(request.body.size() < 60'000 && base::is_valid_utf8(request.body));
        if (endpoint_of(format).format == "telegram")
            check_telegram(body);
        if (const auto* embeds = body.if_contains("embeds")) {
            must(notify::utf16_units(embeds->at(0).at("title").as_string()) <= 256);
            must(notify::utf16_units(embeds->at(0).at("description").as_string()) <= 4096);
        }
        if (const auto* message = body.if_contains("message"))
            must(message->as_string().size() <= 4096);
    }
}

void check_letter(const model::Event& event) {
    const std::string letter =
        notify::letter_text(endpoint_of("email"), notify::note_of(event, "https://a.example/"), event);
    std::size_t line = 0;
    for (std::size_t i = 0; i < letter.size(); ++i) {
        const char c = letter[i];
        if (c == '\n') {
            must(i > 0 && letter[i - 1] == '\r');
            line = 0;
        } else {
            must((c >= 0x20 && c < 0x7f) || (c == '\r' && letter[i + 1] == '\n'));
            must(++line <= 79);
        }
    }
}

void check_reply(const std::string& bytes) {
    http::Response response;
    response.hops.emplace_back();
    response.hops[0].status = 429;
    response.hops[0].body = bytes;
    for (const char* format : {"telegram", "discord", "matrix"}) {
        const auto reply = notify::reply_of(endpoint_of(format), response, base::Time{});
        must(reply.answer.size() <= 1024 && base::is_valid_utf8(reply.answer));
        must(!reply.retry_after ||
             (reply.retry_after->count() >= 0 && *reply.retry_after <= std::chrono::hours(24)));
        must(!reply.answer.contains("1:secret"));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const auto event = event_of(base::to_valid_utf8(bytes));
    check_messages(event);
    check_letter(event);
    check_reply(bytes);
    if (const auto box = notify::read_mailbox(bytes))
        must(box->address.find_first_of(std::string_view("\r\n \0<>", 6)) == std::string::npos);
    return 0;
}
