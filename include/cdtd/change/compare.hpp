// Is what we see of a known article the same, edited, or marked as censored? Pure; any thread.
#pragma once

#include <cdtd/model/article.hpp>

#include <string>
#include <vector>

namespace cdtd::change {

/// What is held of an article, as far as comparing needs it.
struct Known {
    std::string title; ///< whole, tidied
    std::vector<std::string> columns;
    std::string url;            ///< canonical
    std::string content_sha256; ///< "" = no content held yet
};

struct Seen {
    std::string title;
    std::vector<std::string> columns;
    std::string url;            ///< "" = the entry has no link: not compared
    std::string content_sha256; ///< "" = this look gave no content: not compared
};

struct Verdict {
    std::vector<std::string> changed; ///< of "title", "content", "link", in this order; empty = the same
    bool censored = false;            ///< a column that begins with 404 appeared
    bool only_censored = false;       ///< nothing else changed: told as article.censored only
};

Verdict compare(const Known& known, const Seen& seen);

/// A column that says the original was deleted: 404文库, 404帖子, …
bool is_censored_column(const std::string& column);
bool has_censored_column(const std::vector<std::string>& columns);

} // namespace cdtd::change
