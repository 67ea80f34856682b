#include "wayback/json.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/wayback/save.hpp>
#include <cdtd/wayback/timestamp.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cdtd::wayback {
namespace {

using namespace std::string_view_literals;

constexpr std::array transient = {"bad-gateway"sv,
                                  "browsing-timeout"sv,
                                  "cannot-fetch"sv,
                                  "capture-location-error"sv,
                                  "celery"sv,
                                  "gateway-timeout"sv,
                                  "internal-server-error"sv,
                                  "invalid-server-response"sv,
                                  "job-failed"sv,
                                  "no-browsers-available"sv,
                                  "protocol-error"sv,
                                  "proxy-error"sv,
                                  "read-timeout"sv,
                                  "service-unavailable"sv,
                                  "soft-time-limit-exceeded"sv,
                                  "too-many-requests"sv,
                                  "user-session-limit"sv};
constexpr std::array of_the_source = {"not-found"sv, "no-access"sv, "unauthorized"sv, "blocked"sv,
                                      "invalid-host-resolution"sv};
/// Answers without a status_ext that say the same in words.
constexpr std::array busy_words = {"already reached the limit"sv, "Cannot start capture"sv,
                                   "internal error and was unable"sv, "Crawling this host is paused"sv};
constexpr std::array day_words = {"daily not-logged-in captures limit"sv, "captures per day"sv};
constexpr std::size_t longest_id = 200;

bool contains_any(std::string_view text, const auto& words) {
    return std::ranges::any_of(words, [text](std::string_view word) { return text.contains(word); });
}

std::string words_of(const boost::json::value& value) {
    const auto message = detail::text_of(detail::member(value, "message"));
    const auto code = detail::text_of(detail::member(value, "status_ext"));
    return first_words(message.empty() ? code
                       : code.empty()  ? message
                                       : fmt::format("{} ({})", message, code));
}

SaveError error_of(const boost::json::value& value) {
    const auto code = detail::text_of(detail::member(value, "status_ext"));
    const auto message = detail::text_of(detail::member(value, "message"));
    SaveError error{class_of(code), words_of(value)};
    if (code.empty() && contains_any(message, busy_words))
        error.kind = SaveClass::transient;
    if (code.empty() && contains_any(message, day_words))
        error.kind = SaveClass::tomorrow;
    return error;
}

/// An object of theirs, past what is true of every answer.
Heard<boost::json::value> read_object(const Reply& reply) {
    constexpr std::string_view what = "Save Page Now";
    if (auto problem = common_problem(reply, what))
        return std::unexpected(std::move(*problem));
    if (reply.status == 401)
        return std::unexpected(Problem{Trouble::failed,
                                       "Save Page Now does not know our keys (401): see access_key_file and "
                                       "secret_key_file in [wayback]"});
    auto value = detail::read_json(reply.body);
    if (reply.status >= 400 || !value || !value->is_object())
        return std::unexpected(Problem{
            Trouble::failed, fmt::format("{} answered {}: {}", what, reply.status, first_words(reply.body))});
    return std::move(*value);
}

std::int64_t number_of(const boost::json::value& value, const char* name) {
    const auto* member = detail::member(value, name);
    const auto* number = member != nullptr ? member->if_int64() : nullptr;
    return number != nullptr ? std::clamp<std::int64_t>(*number, 0, 1'000'000'000) : -1;
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id && std::ranges::all_of(text, [](unsigned char c) {
        return c > 0x20 && c < 0x7f && c != '/' && c != '?' && c != '#' && c != '%';
    });
}

} // namespace

SaveClass class_of(std::string_view status_ext) {
    if (status_ext.starts_with("error:"))
        status_ext.remove_prefix(6);
    if (std::ranges::find(transient, status_ext) != transient.end())
        return SaveClass::transient;
    if (status_ext == "too-many-daily-captures" || status_ext.starts_with("max-daily-bandwidth"))
        return SaveClass::tomorrow;
    if (std::ranges::find(of_the_source, status_ext) != of_the_source.end())
        return SaveClass::source;
    return SaveClass::permanent;
}

std::string submission_form(std::string_view url, base::Duration if_not_archived_within) {
    return fmt::format("url={}&if_not_archived_within={}", base::percent_encode(url),
                       std::chrono::duration_cast<std::chrono::seconds>(if_not_archived_within).count());
}

Heard<Submission> read_submission(const Reply& reply) {
    const auto value = read_object(reply);
    if (!value)
        return std::unexpected(value.error());
    if (detail::text_of(detail::member(*value, "status")) == "error")
        return Submission(error_of(*value));
    const auto* id = detail::member(*value, "job_id");
    if (id != nullptr && id->is_null())
        return Submission(AlreadyThere{words_of(*value)});
    auto job_id = detail::text_of(id);
    if (is_id(job_id))
        return Submission(Accepted{std::move(job_id)});
    if (detail::member(*value, "message") != nullptr)
        return Submission(error_of(*value));
    return std::unexpected(Problem{Trouble::failed, "Save Page Now's answer names no job"});
}

Heard<JobAnswer> read_job(const Reply& reply) {
    const auto value = read_object(reply);
    if (!value)
        return std::unexpected(value.error());
    const auto status = detail::text_of(detail::member(*value, "status"));
    if (status == "pending")
        return JobAnswer(Pending{});
    if (status == "error")
        return JobAnswer(error_of(*value));
    Saved saved{detail::text_of(detail::member(*value, "timestamp")),
                base::to_valid_utf8(detail::text_of(detail::member(*value, "original_url")))};
    if (status == "success" && saved.timestamp.size() == 14 && time_of(saved.timestamp))
        return JobAnswer(std::move(saved));
    return std::unexpected(
        Problem{Trouble::failed, fmt::format("Save Page Now said of the job: {}", first_words(reply.body))});
}

Heard<Quota> read_quota(const Reply& reply) {
    const auto value = read_object(reply);
    if (!value)
        return std::unexpected(value.error());
    const Quota quota{static_cast<int>(number_of(*value, "available")),
                      static_cast<int>(number_of(*value, "processing")), number_of(*value, "daily_captures"),
                      number_of(*value, "daily_captures_limit")};
    if (quota.available < 0 || quota.captures_today < 0 || quota.captures_limit < 0)
        return std::unexpected(Problem{Trouble::failed, "Save Page Now did not say what our quota is"});
    return quota;
}

} // namespace cdtd::wayback
