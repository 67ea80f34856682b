// Links to archives unwrapped into what they archive; platforms by host. Pure; any thread.
// Forms: https://web.archive.org/web/[*|digits[flags]/]URL,
// archive.(ph|is|today|vn|md|li|fo)/(?url=|o/…/|digits/|newest/|*/)URL, and pages that only lead on, as
// link.zhihu.com/?target=URL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::article {

enum class Wrapper { none, wayback, archive_today };

struct Link {
    Wrapper wrapper = Wrapper::none;
    std::optional<std::string>
        original; ///< absolute http(s), not canonicalised; absent: a short id, or no link at all
    std::optional<std::string> timestamp; ///< the digits of a dated Wayback link
};

/// Nested wrappers, and pages that lead on, are unwrapped to the innermost; "https:/x" and percent-encoded
/// inner URLs are mended.
Link unwrap(std::string_view url);

/// One of the names of archive.today; without "www.", in lower case.
bool is_archive_today(std::string_view host);

/// A picture's path as it is in any of the sizes that WordPress makes of it: name-300x200.jpg is name.jpg.
std::string without_picture_size(std::string path);

/// "weixin", "weibo", "zhihu", "douban", "bilibili", "xiaohongshu", "twitter", "telegram", "youtube",
/// "reddit", "matters", …, "web", of an absolute URL.
std::string platform_of(std::string_view url);

} // namespace cdtd::article
