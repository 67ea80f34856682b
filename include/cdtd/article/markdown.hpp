// An article as a Markdown file, as archives of CDT on GitHub keep it, and the name of that file. Pure; any
// thread.
//
//     <!--1737546740000-->      publication, Unix milliseconds; without a date the line is missing
//     [title](URL)
//     ------
//                               an empty line
//     <the content as HTML, as it came>
//
// In the title [ ] and, where it would be misread, \ and & stand behind a backslash; a line end is &#10; or
// &#13;. A URL that would end early stands in <>, with \ < > ] behind a backslash (CommonMark 6.3). One line
// end is written behind the content and taken off again.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cdtd::article {

struct Markdown {
    std::optional<base::Time> published_at; ///< whole milliseconds
    std::string title;                      ///< text: no entities
    std::string url;                        ///< "" = none
    std::string html;
    bool operator==(const Markdown&) const = default;
};

/// Of valid UTF-8; the same bytes for the same article always. A date outside of the years 1 to 9999 is left
/// out.
std::string write_markdown(const Markdown& file);

/// What write_markdown wrote, exactly; and the older forms: without the first line, "日期：<RFC 822>" after
/// the rule, brackets as they are, entities in the title, CRLF, a byte order mark. Errc::bad_data says what
/// is missing.
base::Result<Markdown> parse_markdown(std::string_view bytes);

/// "2025": the folder, by the year (UTC) of publication, else of first sight.
std::string markdown_folder(base::Time filed_at);
/// "715285_标题.md", "715285.md" without a usable title: NFC, what file systems and shells stumble over
/// replaced by its full-width form or left out, at most 255 bytes, cut between characters. `apart` makes
/// another name of it where that one is taken by another article: "715285-17_标题.md".
std::string markdown_name(std::int64_t number, std::string_view title,
                          std::optional<std::int64_t> apart = std::nullopt);

} // namespace cdtd::article
