#include "http/transfer.hpp"

#include "http/url.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>

namespace cdtd::http {

namespace {

constexpr std::size_t largest_head = 256 * 1024;
constexpr std::size_t most_kept_at_first = 1u << 20; ///< a Content-Length is only believed so far

std::string_view trim_spaces(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const auto begin = text.find_first_not_of(spaces);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

int status_of(std::string_view head) {
    const auto space = head.find(' ');
    int status = 0;
    for (std::size_t i = space + 1; space != std::string_view::npos && i < head.size() && i < space + 4;
         ++i) {
        if (head[i] < '0' || head[i] > '9')
            return 0;
        status = status * 10 + (head[i] - '0');
    }
    return status;
}

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
    const auto found =
        std::ranges::find_if(headers, [&](const auto& header) { return base::iequals(header.first, name); });
    if (found == headers.end())
        return std::nullopt;
    return found->second;
}

bool is_gzip(const Headers& headers) {
    const auto coding = find_header(headers, "Content-Encoding");
    return coding && (base::iequals(*coding, "gzip") || base::iequals(*coding, "x-gzip"));
}

bool is_secret(std::string_view name) {
    constexpr std::array<std::string_view, 7> marks{"auth",   "cookie",  "token",   "secret",
                                                    "passwd", "api-key", "password"};
    const std::string lower = base::ascii_lower(name);
    return std::ranges::any_of(marks, [&](std::string_view mark) { return lower.contains(mark); });
}

} // namespace

std::string without_secrets(std::string_view head, const Headers* hidden) {
    const auto is_hidden = [hidden](std::string_view name) {
        return is_secret(name) || (hidden != nullptr && find_header(*hidden, trim_spaces(name)).has_value());
    };
    std::string kept;
    kept.reserve(head.size());
    bool first = true; // the request line
    while (!head.empty()) {
        const auto end = std::min(head.find('\n'), head.size() - 1) + 1;
        const auto line = head.substr(0, end);
        if (first || !is_hidden(line.substr(0, line.find(':'))))
            kept += line;
        first = false;
        head.remove_prefix(end);
    }
    return kept;
}

Transfer::Transfer(const Ask& ask, base::Time at, BodyRoom& room) : ask_(ask), room_(room) {
    hop_.url = without_userinfo(ask.url);
    hop_.at = at;
}

bool Transfer::on_header(std::string_view line) {
    if (final_head_)
        return true; // trailers
    if (!head_begun_) {
        if (!line.starts_with("HTTP/"))
            return true;
        head_begun_ = true;
        hop_.response_head.clear();
        hop_.headers.clear();
    }
    if (hop_.response_head.size() + line.size() > largest_head) {
        head_too_large_ = true;
        return false;
    }
    const bool status_line = hop_.response_head.empty();
    hop_.response_head += line;
    if (line == "\r\n" || line == "\n")
        end_of_head();
    else if (!status_line)
        parse_header(line);
    return true;
}

void Transfer::parse_header(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t') { // RFC 9112 5.2: obs-fold
        if (!hop_.headers.empty())
            hop_.headers.back().second.append(" ").append(trim_spaces(line));
        return;
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && colon > 0)
        hop_.headers.emplace_back(trim_spaces(line.substr(0, colon)), trim_spaces(line.substr(colon + 1)));
}

void Transfer::end_of_head() {
    head_begun_ = false;
    hop_.status = status_of(hop_.response_head);
    if (hop_.status >= 100 && hop_.status < 200)
        return; // the next head is the one that counts
    final_head_ = true;
    if (!expects_body())
        return;
    if (is_gzip(hop_.headers))
        inflate_ = std::make_unique<Inflate>(ask_.max_body);
    if (const auto length = find_header(hop_.headers, "Content-Length")) {
        std::size_t bytes = 0;
        for (const char c : length->substr(0, 8))
            bytes = c >= '0' && c <= '9' ? bytes * 10 + static_cast<std::size_t>(c - '0') : 0;
        hop_.body.reserve(std::min(bytes, most_kept_at_first));
    }
}

bool Transfer::expects_body() const {
    return ask_.method != "HEAD" && hop_.status != 204 && hop_.status != 304;
}

Transfer::Body Transfer::on_body(std::string_view bytes) {
    // What grows when it is decoded is taken in small pieces, so that it is seen growing.
    const std::size_t piece = inflate_ ? 1024 : bytes.size();
    const std::size_t done = std::min(again_, bytes.size());
    std::string_view left = bytes.substr(done);
    again_ -= done;
    while (!left.empty()) {
        const auto next = left.substr(0, piece);
        if (!has_room_for(next.size())) {
            again_ += bytes.size() - left.size();
            return Body::later;
        }
        if (!consume(next))
            return Body::over_limit;
        left.remove_prefix(next.size());
    }
    return Body::taken;
}

bool Transfer::has_room_for(std::size_t more) {
    const auto wanted = BodyRoom::size_of(hop_.body.size() + decoded_.size() + more);
    if (wanted <= size_)
        return true;
    auto place = room_.take(wanted);
    if (!place) {
        waiting_ = room_.wait(wanted, when_room_);
        return false;
    }
    waiting_.reset();
    places_.push_back(std::move(*place));
    size_ = wanted;
    if (size_ == BodyRoom::Size::large) // growing step by step would hold it twice at each step
        (inflate_ ? decoded_ : hop_.body).reserve(static_cast<std::size_t>(ask_.max_body));
    return true;
}

bool Transfer::consume(std::string_view bytes) {
    // The coded form is held to the same limit: gzip can be long and hold nothing.
    const std::uint64_t room = ask_.max_body - hop_.body.size();
    const auto kept = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, bytes.size())));
    hop_.body += kept;
    const bool bomb = inflate_ && inflate_->feed(kept, decoded_) == Inflate::State::too_large;
    body_too_large_ = bomb || kept.size() < bytes.size();
    return !body_too_large_;
}

void Transfer::on_sent_head(std::string_view bytes) {
    if (sent_head_.ends_with("\r\n\r\n"))
        sent_head_.clear(); // sent again on a new connection, or the proxy's CONNECT before
    sent_head_ += bytes;
}

bool Transfer::refuse(const std::string& ip) {
    forbidden_ip_ = ip;
    return false;
}

bool Transfer::permits(const sockaddr& address) {
    if (ask_.trusted || !ask_.proxy.empty())
        return true;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.sa_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &address, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
    } else if (address.sa_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &address, sizeof six);
        inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
    } else {
        return refuse("an address of an unknown kind");
    }
    const auto parsed = net::parse_address(text.data());
    return (parsed && ask_.policy.permits(*parsed)) || refuse(text.data());
}

bool Transfer::on_peer(const char* ip) {
    if (!ask_.proxy.empty())
        return true; // the proxy's address is not the server's
    hop_.ip = ip;
    if (ask_.trusted)
        return true;
    const auto parsed = net::parse_address(hop_.ip);
    return (parsed && ask_.policy.permits(*parsed)) || refuse(hop_.ip);
}

void Transfer::done(CURLcode code, const char* reason, base::Duration took) {
    code_ = code;
    took_ = took;
    if (code != CURLE_OK)
        reason_ = *reason != '\0' ? reason : curl_easy_strerror(code);
    hop_.request_head = without_secrets(sent_head_, ask_.hidden);
    if (body_too_large_)
        hop_.truncated = "length";
    else if (code == CURLE_OPERATION_TIMEDOUT)
        hop_.truncated = "time";
    else if (code != CURLE_OK || cancelled_)
        hop_.truncated = "disconnect";
}

base::Error Transfer::network_error() const {
    const auto& url = hop_.url;
    switch (code_) {
    case CURLE_OPERATION_TIMEDOUT:
        return {base::Errc::timeout, fmt::format("{}: no whole answer in time ({})", url, reason_)};
    case CURLE_URL_MALFORMAT:
        return {base::Errc::forbidden, fmt::format("{}: not an http or https address ({})", url, reason_)};
    case CURLE_UNSUPPORTED_PROTOCOL: // the address was http or https: the answer was not
        return {base::Errc::network,
                fmt::format("{}: what answers there does not speak HTTP ({})", url, reason_)};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
        return {base::Errc::network, fmt::format("{}: no secure connection: {}", url, reason_)};
    default:
        return {base::Errc::network, fmt::format("{}: {}", url, reason_)};
    }
}

std::optional<base::Error> Transfer::verdict() const {
    using base::Errc;
    if (parked_)
        std::rethrow_exception(parked_);
    const auto& url = hop_.url;
    if (cancelled_)
        return base::Error{Errc::cancelled, fmt::format("{}: stopped by us", url)};
    if (!forbidden_ip_.empty() && code_ != CURLE_OK)
        return base::Error{Errc::forbidden,
                           fmt::format("{}: its address {} is not public; if it shall be reached, "
                                       "add its network to allow_private in [http]",
                                       url, forbidden_ip_)};
    if (head_too_large_)
        return base::Error{Errc::too_large,
                           fmt::format("{}: the answer's head is over {} KiB", url, largest_head / 1024)};
    if (body_too_large_)
        return base::Error{Errc::too_large,
                           fmt::format("{}: the answer is over the limit of {} bytes (max_body), or a "
                                       "compression bomb: it was cut",
                                       url, ask_.max_body)};
    if (code_ != CURLE_OK)
        return network_error();
    if (inflate_ && !hop_.body.empty() && inflate_->state() == Inflate::State::broken)
        return base::Error{Errc::bad_data, fmt::format("{}: the gzip body is broken", url)};
    if (inflate_ && !hop_.body.empty() && inflate_->state() != Inflate::State::whole)
        return base::Error{Errc::bad_data, fmt::format("{}: the gzip body is cut off", url)};
    return std::nullopt;
}

std::optional<std::string> Transfer::take_decoded() {
    return inflate_ ? std::optional(std::move(decoded_)) : std::nullopt;
}

Hop Transfer::take_hop() {
    return std::move(hop_);
}

} // namespace cdtd::http
