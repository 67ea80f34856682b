#include "notify/letter.hpp"

#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/notify/mailbox.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::notify {
namespace {

constexpr std::size_t longest_line =
    76; // RFC 2047 2: of a header line with coded words; RFC 2045 6.8: of base64

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; }) &&
           !text.contains("=?");
}

/// RFC 5322 3.3: "Wed, 22 Jan 2025 11:52:20 +0000".
std::string mail_date(base::Time at) {
    std::string date = base::format_http_date(at);
    date.replace(date.rfind("GMT"), 3, "+0000");
    return date;
}

std::string base64_lines(std::string_view bytes) {
    const std::string coded = base::to_base64(bytes);
    std::string lines;
    for (std::size_t at = 0; at < coded.size(); at += longest_line)
        lines += coded.substr(at, longest_line) + "\r\n";
    return lines;
}

std::string part(std::string_view type, std::string_view text) {
    return fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", type,
                       base64_lines(text));
}

std::string mailbox_header(std::string_view name, const std::string& written) {
    const auto box = read_mailbox(written);
    if (!box) // the configuration is refused before it comes to this
        return fmt::format("{}: {}\r\n", name, "undisclosed-recipients:;");
    if (box->name.empty())
        return fmt::format("{}: {}\r\n", name, box->address);
    std::string shown = coded_words(box->name, name.size() + 2);
    if (is_plain(box->name)) { // a quoted string, RFC 5322 3.2.4
        shown = "\"";
        for (const char c : box->name)
            shown += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
        shown += '"';
    }
    return fmt::format("{}: {}\r\n <{}>\r\n", name, shown, box->address);
}

/// One Message-ID for all that is told of an article: who reads by thread sees them together, even where the
/// first of them was never sent.
std::string thread_headers(const Note& note, const model::Event& event, const std::string& domain) {
    const std::string own = fmt::format("<{}@{}>", event.id, domain);
    if (note.thread.empty())
        return fmt::format("Message-ID: {}\r\n", own);
    const std::string root = fmt::format("<article.{}@{}>", note.thread, domain);
    if (note.begins_thread)
        return fmt::format("Message-ID: {}\r\n", root);
    return fmt::format("Message-ID: {}\r\nIn-Reply-To: {}\r\nReferences: {}\r\n", own, root, root);
}

std::string plain_text(const Note& note) {
    std::string text = note.kind + " (" + note.time + ")\r\n\r\n";
    for (const std::string& line : lines_of(note))
        text += line + "\r\n";
    return text;
}

std::string html_page(const Note& note) {
    return fmt::format("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{}</title></head><body>"
                       "{}<p>{}</p></body></html>\r\n",
                       escape_html(note.kind), html_of(note), escape_html(note.time));
}

} // namespace

std::string coded_words(std::string_view text, std::size_t used) {
    if (is_plain(text) && used + text.size() <= longest_line)
        return std::string(text);
    constexpr std::string_view begin = "=?utf-8?B?", end = "?=";
    std::string words;
    while (!text.empty()) {
        // Whole characters only (RFC 2047 5): three bytes make four letters.
        const std::size_t room = std::min<std::size_t>(longest_line - 1, 75) - begin.size() - end.size();
        const std::size_t first =
            words.empty() ? std::min(room, longest_line - used - begin.size() - end.size()) : room;
        std::string_view piece = base::cut_bytes(text, first / 4 * 3);
        if (piece.empty())
            piece = text.substr(0, 1);
        words += fmt::format("{}{}{}{}", words.empty() ? "" : "\r\n ", begin, base::to_base64(piece), end);
        text.remove_prefix(piece.size());
    }
    return words;
}

std::string letter_text(const Endpoint& endpoint, const Note& note, const model::Event& event) {
    const auto from = read_mailbox(endpoint.mail.from);
    const std::string domain = from ? from->domain() : "localhost";
    const std::string subject = note.title.empty() ? note.kind : note.kind + ": " + note.title;
    // What no body can hold: its lines are base64.
    const std::string boundary = "=_cdtd_" + event.id;
    std::string text = mailbox_header("From", endpoint.mail.from);
    // Who else gets it is nobody's business; RFC 5322 3.6.3 takes an empty group.
    text += endpoint.mail_to.size() == 1 ? mailbox_header("To", endpoint.mail_to.front())
                                         : "To: undisclosed-recipients:;\r\n";
    text += "Subject: " + coded_words(subject, 9) + "\r\n";
    text += "Date: " + mail_date(event.timestamp) + "\r\n";
    text += thread_headers(note, event, domain);
    text += fmt::format("List-Id: cdtd <cdtd.{}>\r\nAuto-Submitted: auto-generated\r\n"
                        "X-Cdtd-Event: {}\r\nX-Cdtd-Type: {}\r\n",
                        domain, event.id, event.type);
    text += fmt::format(
        "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", boundary);
    text += fmt::format("--{}\r\n{}--{}\r\n{}--{}--\r\n", boundary, part("text/plain", plain_text(note)),
                        boundary, part("text/html", html_page(note)), boundary);
    return text;
}

} // namespace cdtd::notify
