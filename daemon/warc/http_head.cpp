#include "warc/http_head.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace cdtd::warc {
namespace {

constexpr std::string_view archived = "X-Archive-Orig-";

/// The lines that say something. Empty ones inside would end the head early and make the rest of it payload;
/// a lone CR and NUL are read differently by every reader.
std::vector<std::string> lines_of(std::string_view head) {
    std::vector<std::string> lines;
    while (!head.empty()) {
        const auto end = std::min(head.find('\n'), head.size());
        std::string line(head.substr(0, end));
        head.remove_prefix(std::min(end + 1, head.size()));
        while (line.ends_with('\r'))
            line.pop_back();
        std::replace_if(line.begin(), line.end(), [](char c) { return c == '\r' || c == '\0'; }, ' ');
        if (line.find_first_not_of(" \t") != std::string::npos)
            lines.push_back(std::move(line));
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
        text.append(line).append("\r\n");
    if (lines.empty())
        text = "\r\n"; // a head without a line still needs its end to be found
    return text.append("\r\n");
}

/// "Name : value" has been used to slip a header past readers: the blank belongs to neither.
std::string_view name_of(std::string_view line) {
    auto name = line.substr(0, std::min(line.find(':'), line.size()));
    while (name.ends_with(' ') || name.ends_with('\t'))
        name.remove_suffix(1);
    return name;
}

std::string_view value_of(std::string_view line) {
    const auto colon = line.find(':');
    return colon == std::string_view::npos ? std::string_view() : base::trim(line.substr(colon + 1));
}

bool is_folded(std::string_view line) {
    return line.starts_with(' ') || line.starts_with('\t');
}

/// HTTP/2 has no reason phrases; HTTP/1.1 readers like to see one.
std::string_view reason_of(std::string_view status) {
    constexpr auto reasons = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"200", "OK"},
        {"204", "No Content"},
        {"206", "Partial Content"},
        {"301", "Moved Permanently"},
        {"302", "Found"},
        {"303", "See Other"},
        {"304", "Not Modified"},
        {"307", "Temporary Redirect"},
        {"308", "Permanent Redirect"},
        {"400", "Bad Request"},
        {"401", "Unauthorized"},
        {"403", "Forbidden"},
        {"404", "Not Found"},
        {"410", "Gone"},
        {"429", "Too Many Requests"},
        {"451", "Unavailable For Legal Reasons"},
        {"500", "Internal Server Error"},
        {"502", "Bad Gateway"},
        {"503", "Service Unavailable"},
        {"504", "Gateway Timeout"},
    });
    for (const auto& [code, reason] : reasons)
        if (code == status)
            return reason;
    return "";
}

/// "HTTP/2" or "HTTP/2.0": "h2"; of HTTP/1: "".
std::string protocol_of(std::string_view version) {
    if (version == "HTTP/2" || version == "HTTP/2.0")
        return "h2";
    return version == "HTTP/3" || version == "HTTP/3.0" ? "h3" : "";
}

std::string status_line(const std::string& line, std::string& protocol) {
    const std::string_view text = line;
    const auto blank = std::min(text.find(' '), text.size());
    protocol = protocol_of(text.substr(0, blank));
    if (protocol.empty())
        return line;
    const auto rest = base::trim(text.substr(blank));
    const auto code = rest.substr(0, std::min(rest.find(' '), rest.size()));
    return code == rest ? fmt::format("HTTP/1.1 {} {}", code, reason_of(code))
                        : fmt::format("HTTP/1.1 {}", rest);
}

/// Only these may come without a length (RFC 9110 8.6, 15.3.5).
bool has_no_body(std::string_view line) {
    const auto blank = line.find(' ');
    const auto code = blank == std::string_view::npos ? "" : line.substr(blank + 1, 3);
    return code == "204" || code == "304";
}

} // namespace

Head response_head(std::string_view received, std::size_t body_size) {
    Head head;
    std::vector<std::string> stored;
    const auto length = fmt::format("Content-Length: {}", body_size);
    bool has_length = false;
    bool dropping = false; // the folded rest of a line that was replaced
    for (const auto& line : lines_of(received)) {
        if (stored.empty()) {
            stored.push_back(status_line(line, head.protocol));
            continue;
        }
        if (is_folded(line) && dropping)
            continue;
        dropping = false;
        if (base::iequals(name_of(line), "Transfer-Encoding") && !is_folded(line)) {
            stored.push_back(fmt::format("{}Transfer-Encoding: {}", archived, value_of(line)));
        } else if (base::iequals(name_of(line), "Content-Length") && !is_folded(line)) {
            if (!std::exchange(has_length, true))
                stored.push_back(length);
            if (value_of(line) != fmt::to_string(body_size)) // cut by us, or a lie of the server's: keep it
                stored.push_back(fmt::format("{}Content-Length: {}", archived, value_of(line)));
            dropping = true;
        } else {
            stored.push_back(line);
        }
    }
    if (!stored.empty() && !has_length && (body_size > 0 || !has_no_body(stored.front())))
        stored.push_back(length);
    head.text = joined(stored);
    return head;
}

Head request_head(std::string_view sent) {
    Head head;
    auto lines = lines_of(sent);
    if (!lines.empty()) {
        auto& line = lines.front();
        const auto blank = line.rfind(' ');
        if (blank != std::string::npos)
            head.protocol = protocol_of(std::string_view(line).substr(blank + 1));
        if (!head.protocol.empty())
            line.replace(blank + 1, std::string::npos, "HTTP/1.1");
    }
    head.text = joined(lines);
    return head;
}

} // namespace cdtd::warc
