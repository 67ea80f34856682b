-- The Wayback Machine. How each of archive.org's hosts wants to be asked (model::HostPace), and when each of its
-- interfaces was asked last: written before a request goes out, so that neither a restart nor a kill gives more
-- than the limit.
CREATE TABLE wayback_hosts (
    origin       TEXT PRIMARY KEY,
    closed_until INTEGER,
    reason       TEXT NOT NULL,
    throttled    INTEGER NOT NULL,
    refused      INTEGER NOT NULL,
    silent       INTEGER NOT NULL,
    in_flight    INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE wayback_lanes (
    origin     TEXT NOT NULL,
    lane       TEXT NOT NULL, -- cdx, availability, replay, save, status
    last_start INTEGER NOT NULL,
    PRIMARY KEY (origin, lane)
) STRICT, WITHOUT ROWID;

-- What was looked up of a source. What is asked for has a job 'resolve_source'; asked = 0: it never had one.
ALTER TABLE sources ADD COLUMN wayback_asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN newest_url TEXT;
ALTER TABLE sources ADD COLUMN newest_at INTEGER;
ALTER TABLE sources ADD COLUMN first_at INTEGER;
ALTER TABLE sources ADD COLUMN snapshot_digest TEXT;
ALTER TABLE sources ADD COLUMN wayback_capture INTEGER REFERENCES captures (id); -- our copy of what shows it
CREATE INDEX sources_unasked ON sources (id) WHERE wayback_asked = 0 AND url IS NOT NULL;
-- 1: source.archived was told of this article, or is not to be told any more.
ALTER TABLE article_sources ADD COLUMN archived_told INTEGER NOT NULL DEFAULT 0;

-- Captures of a source that were read: the same bytes are not asked for twice.
CREATE TABLE wayback_verdicts (
    source  INTEGER NOT NULL REFERENCES sources (id),
    key     TEXT NOT NULL, -- digest, else timestamp
    kind    TEXT NOT NULL, -- content, notice, unclear
    reason  TEXT NOT NULL,
    capture INTEGER REFERENCES captures (id),
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- Pages that are saved in the Wayback Machine (model::SaveJob): sources, and with save = "always" articles.
CREATE TABLE saves (
    id           INTEGER PRIMARY KEY,
    url          TEXT NOT NULL UNIQUE,
    source       INTEGER UNIQUE REFERENCES sources (id),
    article      INTEGER REFERENCES articles (id),
    known_at     INTEGER NOT NULL, -- what is younger than a day goes first
    state        TEXT NOT NULL,
    job_id       TEXT NOT NULL DEFAULT '',
    timestamp    TEXT NOT NULL DEFAULT '',
    error        TEXT NOT NULL DEFAULT '',
    attempts     INTEGER NOT NULL DEFAULT 0,
    looks        INTEGER NOT NULL DEFAULT 0,
    submitted_at INTEGER,
    captured_at  INTEGER,
    changed_at   INTEGER NOT NULL,
    due_at       INTEGER
) STRICT;
CREATE INDEX saves_by_due ON saves (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX saves_open ON saves (state) WHERE state IN ('submitting', 'submitted');
-- Until when nothing is submitted (a quota is used up): 0 = what is older than a day, 1 = anything.
CREATE TABLE save_holds (
    young  INTEGER PRIMARY KEY,
    until  INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;
-- Submissions of ours by day (UTC), and the most that others with the same keys were seen to have made: the
-- server's own count lags.
CREATE TABLE save_days (
    day         TEXT PRIMARY KEY,
    submissions INTEGER NOT NULL,
    others      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The same pages in other archives (archive.today, ghostarchive, …), as articles link to them.
CREATE TABLE source_alternates (
    source  INTEGER NOT NULL REFERENCES sources (id),
    url     TEXT NOT NULL,
    archive TEXT NOT NULL,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;
