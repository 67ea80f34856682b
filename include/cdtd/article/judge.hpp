// Does an original still stand? Judged by what came when it was asked for: live, or as the Wayback Machine
// holds it. Pure; any thread. gumbo behind it.
//
// A notice counts by where it stands in the page (its platform's own element, the title), never by words
// somewhere in it: articles quote notices. What refuses us (captcha, login, 429) says something about us and
// nothing about the page. The rules are data: daemon/article/judge_rules.cpp.
#pragma once

#include <string>
#include <string_view>

namespace cdtd::article {

/// What came at the end of all redirects.
struct Answer {
    std::string_view url; ///< what was asked for
    int status = 0;
    std::string_view final_url; ///< where it ended; "" = the same
    std::string_view type;      ///< Content-Type; "" = not said
    std::string_view body;      ///< decoded, UTF-8; any bytes do
};

struct Judgement {
    std::string state;  ///< alive | deleted | censored | challenged | unreachable | unknown
    std::string reason; ///< deleted_by_author, violation, captcha, …; "" where it is alive
    std::string words;  ///< what shows it: the notice, the status, the redirect; one line, at most 300 bytes

    friend bool operator==(const Judgement&, const Judgement&) = default;
};

Judgement judge(const Answer& answer);

} // namespace cdtd::article
