#include <cdtd/base/text.hpp>
#include <cdtd/change/compare.hpp>

#include <algorithm>

namespace cdtd::change {
namespace {

constexpr std::string_view open = "【", close = "】";

// The title without its 404 columns; other columns and the rest stay.
std::string without_censored_columns(std::string_view title) {
    std::string kept;
    while ((title = base::trim(title)).starts_with(open)) {
        const std::size_t end = title.find(close);
        if (end == std::string_view::npos)
            break;
        const std::string column(title.substr(open.size(), end - open.size()));
        if (!is_censored_column(column))
            kept.append(title.substr(0, end + close.size()));
        title.remove_prefix(end + close.size());
    }
    return kept + std::string(title);
}

} // namespace

bool is_censored_column(const std::string& column) {
    // Folded: full-width digits and blanks are an editor's slip, not another column.
    return base::fold(base::trim(column)).starts_with("404");
}

bool has_censored_column(const std::vector<std::string>& columns) {
    return std::ranges::any_of(columns, is_censored_column);
}

Verdict compare(const Known& known, const Seen& seen) {
    Verdict verdict;
    if (known.title != seen.title)
        verdict.changed.emplace_back("title");
    if (!known.content_sha256.empty() && !seen.content_sha256.empty() &&
        known.content_sha256 != seen.content_sha256)
        verdict.changed.emplace_back("content");
    if (!seen.url.empty() && known.url != seen.url)
        verdict.changed.emplace_back("link");
    verdict.censored = !has_censored_column(known.columns) && has_censored_column(seen.columns);
    const bool title_alone = verdict.changed.size() == 1 && verdict.changed.front() == "title";
    verdict.title_only_marked =
        verdict.censored && without_censored_columns(known.title) == without_censored_columns(seen.title);
    verdict.only_censored = title_alone && verdict.title_only_marked;
    return verdict;
}

bool is_another(const Known& known, const Seen& seen) {
    return known.published && seen.published && *known.published != *seen.published && !seen.url.empty() &&
           known.url != seen.url &&
           without_censored_columns(known.title) != without_censored_columns(seen.title) &&
           known.content_sha256 != seen.content_sha256;
}

} // namespace cdtd::change
