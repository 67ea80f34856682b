#include <cdtd/base/text.hpp>
#include <cdtd/pipeline/refusal.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cdtd::pipeline {

namespace {

/// Marks of the pages that ask whether we are human; looked for at the beginning only, where they stand.
constexpr std::array challenge_marks = {
    "<title>Just a moment...</title>",         "_cf_chl_opt", "cdn-cgi/challenge-platform",
    "<title>Attention Required! | Cloudflare", "g-recaptcha", "h-captcha"};
constexpr std::size_t looked_at = 16 * 1024;
/// A real page may load a captcha for its comment form; a challenge is a small page.
constexpr std::size_t challenge_page_at_most = 64 * 1024;

bool is_page(std::string_view body) {
    body = base::trim(body.starts_with("\xEF\xBB\xBF") ? body.substr(3) : body);
    const std::string start = base::ascii_lower(body.substr(0, 15));
    return std::ranges::any_of(std::array{"<!doctype html", "<html", "<head", "<title", "<body", "<script"},
                               [&start](std::string_view tag) { return start.starts_with(tag); });
}

bool is_challenge(const http::Response& response) {
    if (response.header("cf-mitigated").value_or("") == "challenge")
        return true;
    if (response.body().size() > challenge_page_at_most)
        return false;
    const std::string_view head = response.body().substr(0, looked_at);
    if (!is_page(head))
        return false; // a feed may well speak of captchas
    return std::ranges::any_of(challenge_marks,
                               [head](std::string_view mark) { return head.find(mark) != head.npos; });
}

/// By the first bytes, as browsers sniff them (https://mimesniff.spec.whatwg.org/, 6.1), and a few more.
bool begins_as_image(std::string_view body) {
    constexpr auto marks = std::to_array<std::string_view>(
        {"\xFF\xD8\xFF", "\x89PNG", "GIF87a", "GIF89a", "BM", std::string_view("II*\0", 4),
         std::string_view("MM\0*", 4), std::string_view("\0\0\1\0", 4)});
    if (std::ranges::any_of(marks, [body](std::string_view mark) { return body.starts_with(mark); }))
        return true;
    const std::string_view fourth = body.substr(std::min<std::size_t>(body.size(), 4));
    return (body.starts_with("RIFF") && body.substr(0, 12).ends_with("WEBP")) ||
           fourth.starts_with("ftypavi") || fourth.starts_with("ftyphei") || fourth.starts_with("ftypmif");
}

base::Errc kind_of(int status) {
    switch (status) {
    case 401:
    case 403:
    case 407:
    case 429:
    case 451:
        return base::Errc::refused;
    case 404:
    case 410:
        return base::Errc::not_found;
    default:
        return base::Errc::network;
    }
}

} // namespace

std::optional<base::Error> refusal_of(const http::Response& response) {
    if (is_challenge(response))
        return base::Error{
            base::Errc::challenge,
            fmt::format("{}: a challenge page (are you human?) in place of the content", response.status)};
    if (response.status >= 200 && response.status < 300)
        return std::nullopt;
    return base::Error{kind_of(response.status), fmt::format("the server answered {}", response.status)};
}

std::optional<base::Error> no_image(const http::Response& response) {
    const std::string_view body = response.body();
    const std::string type = base::ascii_lower(response.header("content-type").value_or(""));
    if (body.empty())
        return base::Error{base::Errc::bad_data, "an empty answer in place of the image"};
    if (begins_as_image(body) || (type.starts_with("image/") && !is_page(body)))
        return std::nullopt;
    return base::Error{base::Errc::bad_data,
                       is_page(body) ? "a page in place of the image"
                                     : fmt::format("no image: its type is {}",
                                                   type.empty() ? "not said" : base::cut_bytes(type, 60))};
}

} // namespace cdtd::pipeline
