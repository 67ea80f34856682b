-- What polling remembers beyond the last answer: the publisher's cadence, redirects and addresses, the feed's
-- rhythm, and the ways through its older pages.
ALTER TABLE feeds ADD COLUMN configured_url TEXT NOT NULL DEFAULT '';
UPDATE feeds SET configured_url = url;
ALTER TABLE feeds ADD COLUMN cadence TEXT NOT NULL DEFAULT '{}';
ALTER TABLE feeds ADD COLUMN move TEXT;
ALTER TABLE feeds ADD COLUMN former_urls TEXT NOT NULL DEFAULT '[]';
ALTER TABLE feeds ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN rhythm INTEGER;
ALTER TABLE feeds ADD COLUMN released INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN repairs TEXT NOT NULL DEFAULT '[]';
ALTER TABLE feeds ADD COLUMN error_class TEXT;
ALTER TABLE feeds ADD COLUMN older_url TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN document_sha256 TEXT NOT NULL DEFAULT '';
-- Of what the feed says of the article, as it was taken in last: what is the same is not read again.
ALTER TABLE article_feeds ADD COLUMN digest TEXT NOT NULL DEFAULT '';
-- 1: found by a backfill. It says nothing about what polls have seen, so it is not known to them unless it is old.
ALTER TABLE article_feeds ADD COLUMN backfilled INTEGER NOT NULL DEFAULT 0;
-- 0: asking for ?paged= was seen to lead nowhere.
ALTER TABLE feeds ADD COLUMN paged INTEGER NOT NULL DEFAULT 1;

CREATE TABLE walks (
    feed                INTEGER NOT NULL REFERENCES feeds (id),
    kind                TEXT NOT NULL, -- gap, backfill
    state               TEXT NOT NULL, -- walking, done, failed
    started_at          INTEGER NOT NULL,
    page                INTEGER NOT NULL,
    next_url            TEXT NOT NULL,
    last_url            TEXT NOT NULL,
    last_etag           TEXT,
    last_last_modified  TEXT,
    again_url           TEXT NOT NULL,
    again_etag          TEXT,
    again_last_modified TEXT,
    ended               INTEGER NOT NULL,
    last_page           INTEGER,
    until               INTEGER,
    found               INTEGER NOT NULL,
    seen                TEXT NOT NULL,
    due_at              INTEGER NOT NULL,
    attempts            INTEGER NOT NULL,
    last_error          TEXT,
    PRIMARY KEY (feed, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX walks_by_due ON walks (due_at) WHERE state = 'walking';

-- The same text under another guid and link is the same article.
CREATE INDEX articles_by_content ON articles (content_sha256) WHERE content_sha256 IS NOT NULL;
