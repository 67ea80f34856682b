// Keeping the index: what an article was indexed with goes out, what it says now comes in.
#include "store/json_text.hpp"
#include "store/search_document.hpp"

#include <cdtd/base/search_text.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/search.hpp>

#include <algorithm>

namespace cdtd::store {
namespace {

/// A line each, so that no phrase reaches from one value into the next unseen.
void add(std::string& column, const std::string& value) {
    if (value.empty())
        return;
    if (!column.empty())
        column += '\n';
    column += value;
}
void add(std::string& column, const std::optional<std::string>& value) {
    add(column, value.value_or(""));
}
void add(std::string& column, const std::vector<std::string>& values) {
    for (const auto& value : values)
        add(column, value);
}

std::string body_of(Connection& db, std::int64_t article, std::int64_t revision) {
    auto row = db.prepare("SELECT text FROM revisions WHERE article = ? AND number = ?");
    row << article << revision;
    return row.step() ? row.text(0) : std::string();
}

void write(Connection& db, std::int64_t article, const Document& document, const char* command) {
    auto row = db.prepare(command ? "INSERT INTO search (search, rowid, body, title, author, outlet, topic, "
                                    "source, feed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                  : "INSERT INTO search (rowid, body, title, author, outlet, topic, source, "
                                    "feed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (command)
        row << command;
    row << article;
    for (const auto& column : document.columns)
        row << column;
    row.run();
}

void note(Connection& db, std::int64_t article, const Document& document) {
    auto row =
        db.prepare("INSERT OR REPLACE INTO search_documents (article, revision, title, author, outlet, "
                   "topic, source, feed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    row << article << document.revision;
    for (std::size_t i = body_field + 1; i < document.columns.size(); ++i)
        row << document.columns[i];
    row.run();
}

std::int64_t pending(Connection& db) {
    auto row = db.prepare("SELECT pending FROM search_state");
    return row.step() ? row.integer(0) : 0;
}

} // namespace

std::optional<Document> document_of(Connection& db, std::int64_t id) {
    const auto article = get_article(db, id, false);
    if (!article)
        return std::nullopt;
    Document document;
    auto& [text, title, author, outlet, topic, source, feed] = document.columns;
    add(title, article->title.text);
    add(author, article->author);
    add(author, article->editor);
    add(outlet, article->title.outlet);
    if (const auto& card = article->card) {
        add(title, card->title);
        add(author, card->submitter);
        add(topic, card->topics);
        add(topic, card->collections);
    }
    add(topic, article->categories);
    for (const auto& cited : article->sources) {
        add(source, cited.name);
        add(source, cited.url);
        add(source, cited.link);
    }
    add(feed, article->feeds);
    document.revision = article->revision;
    text = body_of(db, id, document.revision);
    return document;
}

bool is_indexed(Connection& db, std::int64_t article) {
    auto row = db.prepare("SELECT 1 FROM search_documents WHERE article = ?");
    row << article;
    return row.step();
}

std::optional<Document> indexed_document(Connection& db, std::int64_t article) {
    auto row = db.prepare("SELECT revision, title, author, outlet, topic, source, feed FROM search_documents "
                          "WHERE article = ?");
    row << article;
    if (!row.step())
        return std::nullopt;
    Document document;
    document.revision = row.integer(0);
    for (std::size_t i = body_field + 1; i < document.columns.size(); ++i)
        document.columns[i] = row.text(static_cast<int>(i));
    document.columns[body_field] = body_of(db, article, document.revision);
    return document;
}

void index_article(Connection& db, std::int64_t article) {
    const auto before = indexed_document(db, article);
    const auto now = document_of(db, article);
    if (!now || before == now)
        return;
    if (!before || before->columns != now->columns) {
        if (before)
            write(db, article, *before, "delete");
        write(db, article, *now, nullptr);
    }
    note(db, article, *now);
}

std::int64_t unindexed(Connection& db) {
    return pending(db);
}

std::int64_t index_more(Connection& db, int limit) {
    const auto last = pending(db);
    if (last == 0)
        return 0;
    std::vector<std::int64_t> ids;
    {
        auto row =
            db.prepare("SELECT id FROM articles a WHERE id <= ? AND NOT EXISTS "
                       "(SELECT 1 FROM search_documents WHERE article = a.id) ORDER BY id DESC LIMIT ?");
        row << last << limit;
        while (row.step())
            ids.push_back(row.integer(0));
    }
    for (const auto id : ids)
        index_article(db, id);
    const std::int64_t left = ids.empty() ? 0 : ids.back() - 1;
    (db.prepare("UPDATE search_state SET pending = ?") << left).run();
    return left;
}

void check_search_version(Connection& db) {
    const auto now = base::search_fold_version();
    Transaction transaction(db);
    std::string before;
    {
        auto row = db.prepare("SELECT folding FROM search_state");
        before = row.step() ? row.text(0) : now;
    }
    if (before != now && !before.empty())
        db.exec("INSERT INTO search (search) VALUES ('delete-all'); DELETE FROM search_documents;"
                "UPDATE search_state SET pending = (SELECT coalesce(max(id), 0) FROM articles)");
    if (before != now)
        (db.prepare("UPDATE search_state SET folding = ?") << now).run();
    transaction.commit();
}

} // namespace cdtd::store
