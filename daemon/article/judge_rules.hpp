// What platforms say in place of a page, as data: a new notice is a line of judge_rules.cpp and one of
// tests/unit/article/judge_test.cpp. Private.
//
// `platform`: as article::platform_of names it; "" = any.
#pragma once

#include <span>
#include <string_view>

namespace cdtd::article {

enum class Where {
    warning, ///< WeChat's interstitial: its warning sign and this message
    message, ///< the same without the sign
    element, ///< an element of this class (".h5-4con") or id ("#error")
    title,   ///< the page's title, or its part before the site's name, is this
};

struct NoticeRule {
    std::string_view platform;
    Where where;
    std::string_view element; ///< for Where::element
    std::string_view
        text; ///< held by the message, but for titles; white space, punctuation, case don't count
    std::string_view state;
    std::string_view reason;
};

/// Where redirects lead to instead of the page. Every part must hold; "" = any.
struct PlaceRule {
    std::string_view platform; ///< of what was asked for
    std::string_view host;     ///< it, or a domain above it
    std::string_view path;     ///< its beginning
    std::string_view query;    ///< its beginning
    std::string_view state;
    std::string_view reason;
};

struct StatusRule {
    std::string_view platform;
    int status;
    std::string_view state;
    std::string_view reason;
};

/// Where a platform shows its content: an element, or (with "$") a name that its scripts define.
struct ContentMark {
    std::string_view platform;
    std::string_view element;
};

std::span<const NoticeRule> notice_rules();
std::span<const PlaceRule> place_rules();
std::span<const StatusRule> status_rules(); ///< the platform's own stand before the general ones
std::span<const ContentMark> content_marks();

/// Pages of these platforms are alive only where their content is seen: what is neither it nor a notice is
/// something that we do not know yet.
bool needs_content_mark(std::string_view platform);

} // namespace cdtd::article
