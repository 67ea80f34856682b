// Articles as Markdown files: what such a file is made of, and where the daemon has put it. Functions run
// inside a transaction of the caller.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::store {

struct MarkdownSource {
    std::int64_t article = 0;
    std::int64_t number = 0; ///< in the file's name: the post id, else the article's
    base::Time filed_at;     ///< publication, else first sight; never changes
    std::optional<base::Time> published_at;
    std::string title, url;
    std::string html; ///< as the feed or the page gave it; "" = none is held
};
/// revision 0 = as the article stands. nullopt: there is no such article, or no such revision of it.
std::optional<MarkdownSource> markdown_source(Connection& db, std::int64_t article, int revision = 0);

struct MarkdownState {
    std::string folder; ///< "" = nothing is kept as Markdown
    std::int64_t change = 0;
    std::int64_t waiting = 0; ///< articles that changed since
    std::optional<std::string> error;
};
MarkdownState markdown_state(Connection& db);
std::int64_t markdown_change(Connection& db); ///< that of the state alone
/// Articles are kept in this folder from now on ("" = no more). Another one than before is begun anew.
void keep_markdown(Connection& db, const std::string& folder);
void set_markdown_error(Connection& db, const std::optional<std::string>& error);

struct Changed {
    std::int64_t article;
    std::int64_t change;
};
/// Upwards from behind `change`.
std::vector<Changed> changed_after(Connection& db, std::int64_t change, int limit);

struct MarkdownFile {
    std::int64_t article;
    std::string path; ///< below the folder
};
std::optional<std::string> markdown_path(Connection& db, std::int64_t article);
std::optional<std::int64_t> markdown_owner(Connection& db, const std::string& path);
/// By article, from behind `article`.
std::vector<MarkdownFile> markdown_files(Connection& db, std::int64_t article, int limit);
/// They are written; up to `change` all are, where that is said.
void note_markdown(Connection& db, const std::vector<MarkdownFile>& files,
                   std::optional<std::int64_t> change = std::nullopt);

} // namespace cdtd::store
