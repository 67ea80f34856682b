#include <cdtd/store/markdown.hpp>

namespace cdtd::store {

namespace {

/// The content that came last: a revision that brought only another title has none of its own.
std::string content_up_to(Connection& db, std::int64_t article, std::int64_t revision) {
    auto row = db.prepare("SELECT original_html FROM revisions WHERE article = ? AND number <= ? "
                          "AND original_html <> '' ORDER BY number DESC LIMIT 1");
    row << article << revision;
    return row.step() ? row.text(0) : std::string();
}

} // namespace

std::optional<MarkdownSource> markdown_source(Connection& db, std::int64_t article, int revision) {
    MarkdownSource source;
    std::int64_t newest = 0;
    {
        auto row = db.prepare("SELECT id, coalesce(post_id, id), sort_at, published_at, title, url, revision "
                              "FROM articles WHERE id = ?");
        row << article;
        if (!row.step())
            return std::nullopt;
        source.article = row.integer(0);
        source.number = row.integer(1);
        source.filed_at = row.time(2);
        source.published_at = row.optional_time(3);
        source.title = row.text(4);
        source.url = row.text(5);
        newest = row.integer(6);
    }
    if (revision > 0) {
        auto row = db.prepare("SELECT title, url FROM revisions WHERE article = ? AND number = ?");
        row << article << revision;
        if (!row.step())
            return std::nullopt;
        source.title = row.text(0);
        source.url = row.text(1);
    }
    source.html = content_up_to(db, article, revision > 0 ? revision : newest);
    return source;
}

MarkdownState markdown_state(Connection& db) {
    MarkdownState state;
    bool kept = false;
    {
        auto row = db.prepare("SELECT folder, kept, change, error FROM markdown_state");
        if (!row.step())
            return state;
        state.folder = row.text(0);
        kept = row.integer(1) != 0;
        state.change = row.integer(2);
        state.error = row.optional_text(3);
    }
    if (!kept) {
        state.folder.clear();
        return state;
    }
    auto row = db.prepare("SELECT count(*) FROM articles WHERE change > ?");
    row << state.change;
    state.waiting = row.step() ? row.integer(0) : 0;
    return state;
}

std::int64_t markdown_change(Connection& db) {
    auto row = db.prepare("SELECT change FROM markdown_state");
    return row.step() ? row.integer(0) : 0;
}

void keep_markdown(Connection& db, const std::string& folder) {
    std::string before;
    {
        auto row = db.prepare("SELECT folder FROM markdown_state");
        before = row.step() ? row.text(0) : "";
    }
    if (!folder.empty() && folder != before)
        db.exec("DELETE FROM markdown_files; UPDATE markdown_state SET change = 0");
    (db.prepare("UPDATE markdown_state SET folder = CASE ?1 WHEN '' THEN folder ELSE ?1 END, "
                "kept = ?1 <> '', error = NULL")
     << folder)
        .run();
}

void set_markdown_error(Connection& db, const std::optional<std::string>& error) {
    (db.prepare("UPDATE markdown_state SET error = ?") << error).run();
}

std::vector<Changed> changed_after(Connection& db, std::int64_t change, int limit) {
    std::vector<Changed> changed;
    auto row = db.prepare("SELECT id, change FROM articles WHERE change > ? ORDER BY change LIMIT ?");
    row << change << limit;
    while (row.step())
        changed.push_back({row.integer(0), row.integer(1)});
    return changed;
}

std::optional<std::string> markdown_path(Connection& db, std::int64_t article) {
    auto row = db.prepare("SELECT path FROM markdown_files WHERE article = ?");
    row << article;
    return row.step() ? row.optional_text(0) : std::nullopt;
}

std::optional<std::int64_t> markdown_owner(Connection& db, const std::string& path) {
    auto row = db.prepare("SELECT article FROM markdown_files WHERE path = ?");
    row << path;
    return row.step() ? row.optional_integer(0) : std::nullopt;
}

std::vector<MarkdownFile> markdown_files(Connection& db, std::int64_t article, int limit) {
    std::vector<MarkdownFile> files;
    auto row =
        db.prepare("SELECT article, path FROM markdown_files WHERE article > ? ORDER BY article LIMIT ?");
    row << article << limit;
    while (row.step())
        files.push_back({row.integer(0), row.text(1)});
    return files;
}

void note_markdown(Connection& db, const std::vector<MarkdownFile>& files,
                   std::optional<std::int64_t> change) {
    for (const MarkdownFile& file : files)
        (db.prepare("INSERT INTO markdown_files (article, path) VALUES (?, ?) "
                    "ON CONFLICT (article) DO UPDATE SET path = excluded.path")
         << file.article << file.path)
            .run();
    if (change)
        (db.prepare("UPDATE markdown_state SET change = max(change, ?)") << *change).run();
}

} // namespace cdtd::store
