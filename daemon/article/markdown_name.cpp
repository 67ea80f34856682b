#include <cdtd/article/markdown.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace cdtd::article {
namespace {

constexpr std::size_t longest_name = 255; // NAME_MAX of Linux, macOS and NTFS alike
constexpr std::string_view suffix = ".md";

/// Forbidden on some system that a git repository may be checked out on; people read the wide form as the
/// same sign.
constexpr std::array<std::pair<char, std::string_view>, 9> wide_forms{{{'/', "／"},
                                                                       {'\\', "＼"},
                                                                       {':', "："},
                                                                       {'*', "＊"},
                                                                       {'?', "？"},
                                                                       {'"', "＂"},
                                                                       {'<', "＜"},
                                                                       {'>', "＞"},
                                                                       {'|', "｜"}}};

std::string widen(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        std::string_view wide;
        for (const auto& [narrow, form] : wide_forms)
            if (c == narrow)
                wide = form;
        if (wide.empty())
            out += c;
        else
            out += wide;
    }
    return out;
}

/// Windows drops dots and spaces at the end; at the beginning they hide a file, or climb.
std::string_view without_edges(std::string_view text) {
    text = base::trim(text);
    while (text.starts_with('.'))
        text = base::trim(text.substr(1));
    while (text.ends_with('.'))
        text = base::trim(text.substr(0, text.size() - 1));
    return text;
}

} // namespace

std::string markdown_folder(base::Time filed_at) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(filed_at));
    return fmt::format("{:04}", static_cast<int>(day.year()));
}

std::string markdown_name(std::int64_t number, std::string_view title, std::optional<std::int64_t> apart) {
    // The number leads, so that no title makes a name that Windows reserves (CON, NUL, COM1).
    std::string name = apart ? fmt::format("{}-{}", number, *apart) : fmt::format("{}", number);
    const std::string settled = base::tidy(base::terminal_safe(base::to_nfc(title)));
    const std::string usable = base::to_nfc(widen(without_edges(settled)));
    const std::size_t room = longest_name - name.size() - 1 - suffix.size();
    const std::string_view kept = without_edges(base::cut_graphemes(usable, room));
    if (!kept.empty())
        name.append("_").append(kept);
    return name.append(suffix);
}

} // namespace cdtd::article
