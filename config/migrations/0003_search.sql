-- Full-text search: the terms alone (daemon/store/search_tokens.hpp), no second copy of the texts. What an
-- article was indexed with is kept in search_documents and, for the body, in its revision, because FTS5 takes
-- terms out again only by the very texts that put them in. The body is the first column because that is the one
-- for which an entry of the index needs no column number: a third of its size.
CREATE VIRTUAL TABLE search USING fts5(
    body, title, author, outlet, topic, source, feed,
    content = '', columnsize = 0, tokenize = 'cdtd'
);
CREATE TABLE search_documents (
    article  INTEGER PRIMARY KEY REFERENCES articles (id),
    revision INTEGER NOT NULL, -- whose text is the body; 0 = none
    title    TEXT NOT NULL,
    author   TEXT NOT NULL,
    outlet   TEXT NOT NULL,
    topic    TEXT NOT NULL,
    source   TEXT NOT NULL,
    feed     TEXT NOT NULL
) STRICT;
-- One row. pending: articles up to this id may not be indexed yet; the daemon does it in the background, newest ids
-- first. folding: how the indexed texts were folded ('' = none was yet).
CREATE TABLE search_state (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    pending INTEGER NOT NULL,
    folding TEXT NOT NULL
) STRICT;
INSERT INTO search_state SELECT 1, coalesce(max(id), 0), '' FROM articles;
-- Merging later makes an article a quarter cheaper; a search then looks into a few more segments.
INSERT INTO search (search, rank) VALUES ('automerge', 16);
