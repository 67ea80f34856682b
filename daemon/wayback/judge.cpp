#include <cdtd/article/judge.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/wayback/judge.hpp>

#include <fmt/format.h>

namespace cdtd::wayback {

using Kind = Judgement::Kind;

Judgement judge_page(const Page& page) {
    if (page.status >= 300 && page.status < 400)
        return {Kind::notice, fmt::format("a redirect ({})", page.status)};
    if (base::trim(page.body).empty())
        return {Kind::notice, "an empty page"};
    const auto found = article::judge({page.url, page.status, "", page.content_type, page.body});
    if (found.state == "alive")
        return {Kind::content, ""};
    if (found.state == "unknown")
        return {Kind::unclear, ""};
    return {Kind::notice, found.words.empty() ? found.reason : found.words};
}

} // namespace cdtd::wayback
