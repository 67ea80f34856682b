// Is what we see of a known article the same, edited, or marked as censored? Pure; any thread.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/article.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cdtd::change {

/// What is held of an article, as far as comparing needs it.
struct Known {
    std::string title; ///< whole, tidied
    std::vector<std::string> columns;
    std::string url;            ///< canonical
    std::string content_sha256; ///< "" = no content held yet
    std::optional<base::Time> published;
};

struct Seen {
    std::string title;
    std::vector<std::string> columns;
    std::string url;                     ///< "" = the entry has no link: not compared
    std::string content_sha256;          ///< "" = this look gave no content: not compared
    std::optional<base::Time> published; ///< not compared: publishers redate at every build
};

struct Verdict {
    std::vector<std::string> changed; ///< of "title", "content", "link", in this order; empty = the same
    bool censored = false;            ///< a column that begins with 404 appeared
    bool title_only_marked = false;   ///< the title but for its 404 columns is the same
    bool only_censored = false;       ///< nothing else changed: told as article.censored only
};

Verdict compare(const Known& known, const Seen& seen);

/// The entry came under the known article's guid, but is another article: link, title and date all differ. (A
/// publisher gave the number of a removed article away again.)
bool is_another(const Known& known, const Seen& seen);

/// A column that says the original was deleted: 404文库, 404帖子, …
bool is_censored_column(const std::string& column);
bool has_censored_column(const std::vector<std::string>& columns);

} // namespace cdtd::change
