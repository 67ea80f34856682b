-- The articles that the daemon also keeps as Markdown files (archive.markdown_dir). What is to be written is what
-- changed after `change`: the articles are the queue.
CREATE TABLE markdown_state (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    folder TEXT NOT NULL,    -- that was written to last; '' = none ever
    kept   INTEGER NOT NULL, -- 1: it is configured by now
    change INTEGER NOT NULL, -- every change up to this one is in the files
    error  TEXT              -- why writing stands still, for people
) STRICT;
INSERT INTO markdown_state VALUES (1, '', 0, 0, NULL);
CREATE TABLE markdown_files (
    article INTEGER PRIMARY KEY REFERENCES articles (id),
    path    TEXT NOT NULL UNIQUE -- below the folder: "2025/715285_….md"
) STRICT;
