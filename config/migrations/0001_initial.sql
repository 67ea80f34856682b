-- The state of cdtd. Times are microseconds since 1970 (UTC); lists and records that are only read whole are
-- JSON text; whatever is filtered or sorted by has a column or a row of its own.

-- Numbers that only grow: "change" counts every change of any article.
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('change', 0);

-- Counts by state, kept by the triggers below, so that `status` never reads whole tables.
CREATE TABLE tallies (
    kind  TEXT NOT NULL,
    key   TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE facts (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pauses (
    host   TEXT PRIMARY KEY,
    until  INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feeds (
    id                   INTEGER PRIMARY KEY,
    name                 TEXT NOT NULL UNIQUE,
    url                  TEXT NOT NULL,
    configured           INTEGER NOT NULL DEFAULT 1,
    enabled              INTEGER NOT NULL DEFAULT 1,
    state                TEXT NOT NULL DEFAULT 'new',
    title                TEXT NOT NULL DEFAULT '',
    last_poll_at         INTEGER,
    last_status          INTEGER,
    last_error           TEXT,
    consecutive_failures INTEGER NOT NULL DEFAULT 0,
    last_change_at       INTEGER,
    next_poll_at         INTEGER,
    allowed_at           INTEGER,
    bounds               TEXT NOT NULL DEFAULT '[]',
    etag                 TEXT,
    last_modified        TEXT,
    entries              INTEGER NOT NULL DEFAULT 0,
    last_entry_count     INTEGER NOT NULL DEFAULT 0,
    polled               INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What is fetched: the bytes lie in warc_files at (offset, length).
CREATE TABLE warc_files (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    end  INTEGER NOT NULL -- everything before it is ours; what lies behind is an unfinished tail
) STRICT;

CREATE TABLE captures (
    id           INTEGER PRIMARY KEY,
    url          TEXT NOT NULL,
    key          TEXT NOT NULL, -- canonical form of url
    at           INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    status       INTEGER NOT NULL,
    type         TEXT NOT NULL,
    bytes        INTEGER NOT NULL,
    sha256       TEXT NOT NULL,
    payload_sha1 TEXT NOT NULL,
    warc         INTEGER NOT NULL REFERENCES warc_files (id),
    offset       INTEGER NOT NULL,
    length       INTEGER NOT NULL
) STRICT;
CREATE INDEX captures_by_key ON captures (key, at);

-- Rows stay small: what an article says lies in revisions.
CREATE TABLE articles (
    id               INTEGER PRIMARY KEY,
    sort_at          INTEGER NOT NULL, -- published_at, else first_seen_at; never changes
    change           INTEGER NOT NULL,
    revision         INTEGER NOT NULL DEFAULT 0,
    state            TEXT NOT NULL,
    silent           INTEGER NOT NULL,
    url              TEXT NOT NULL,
    guid             TEXT NOT NULL,
    site             TEXT,
    post_id          INTEGER,
    title            TEXT NOT NULL,
    columns          TEXT NOT NULL DEFAULT '[]',
    outlet           TEXT,
    headline         TEXT NOT NULL,
    author           TEXT,
    editor           TEXT,
    language         TEXT,
    published_at     INTEGER,
    first_seen_at    INTEGER NOT NULL,
    changed_at       INTEGER NOT NULL,
    page_state       TEXT NOT NULL,
    page_reason      TEXT,
    page_next_try_at INTEGER,
    censored_at      INTEGER,
    characters       INTEGER NOT NULL DEFAULT 0,
    content_sha256   TEXT,
    categories       TEXT NOT NULL DEFAULT '[]',
    excerpt          TEXT NOT NULL DEFAULT '',
    card             TEXT
) STRICT;
CREATE INDEX articles_by_time ON articles (sort_at, id);
CREATE UNIQUE INDEX articles_by_change ON articles (change);

CREATE TABLE article_keys (
    kind    TEXT NOT NULL, -- post, guid, link
    value   TEXT NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE article_feeds (
    article       INTEGER NOT NULL REFERENCES articles (id),
    feed          INTEGER NOT NULL REFERENCES feeds (id),
    first_seen_at INTEGER NOT NULL,
    PRIMARY KEY (article, feed)
) STRICT, WITHOUT ROWID;

-- What lists are filtered by: feed, outlet, topic, column, state, liveness, wayback. The primary key gives
-- the articles of one term in the order of the list.
CREATE TABLE terms (
    id    INTEGER PRIMARY KEY,
    kind  TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (kind, value)
) STRICT;
CREATE TABLE article_terms (
    term    INTEGER NOT NULL REFERENCES terms (id),
    sort_at INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (term, sort_at, article)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX article_terms_by_article ON article_terms (article, term);

-- Big texts last: reading the small columns of a row then never touches its overflow pages.
CREATE TABLE revisions (
    id            INTEGER PRIMARY KEY,
    article       INTEGER NOT NULL REFERENCES articles (id),
    number        INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    capture       INTEGER REFERENCES captures (id),
    changed       TEXT NOT NULL DEFAULT '[]',
    title         TEXT NOT NULL,
    columns       TEXT NOT NULL DEFAULT '[]',
    outlet        TEXT,
    headline      TEXT NOT NULL,
    url           TEXT NOT NULL,
    language      TEXT NOT NULL,
    characters    INTEGER NOT NULL,
    sha256        TEXT NOT NULL, -- fingerprint of the content
    excerpt       TEXT NOT NULL,
    card          TEXT,
    text          TEXT NOT NULL,
    html          TEXT NOT NULL,
    original_html TEXT NOT NULL,
    UNIQUE (article, number)
) STRICT;

-- One row an original, shared by the articles that cite it. key: its canonical URL; "link:<link>" where the
-- original can't be known; "name:<article>:<name>" for one that is only named.
CREATE TABLE sources (
    id                     INTEGER PRIMARY KEY,
    key                    TEXT NOT NULL UNIQUE,
    url                    TEXT,
    platform               TEXT NOT NULL,
    wayback                TEXT NOT NULL DEFAULT 'unchecked',
    wayback_reason         TEXT,
    snapshot_url           TEXT,
    snapshot_at            INTEGER,
    snapshots              INTEGER,
    wayback_checked_at     INTEGER,
    wayback_next_check_at  INTEGER,
    liveness               TEXT NOT NULL DEFAULT 'unchecked',
    liveness_reason        TEXT,
    liveness_since         INTEGER,
    liveness_checked_at    INTEGER,
    liveness_next_check_at INTEGER
) STRICT;

CREATE TABLE article_sources (
    article  INTEGER NOT NULL REFERENCES articles (id),
    source   INTEGER NOT NULL REFERENCES sources (id),
    position INTEGER NOT NULL,
    name     TEXT,
    link     TEXT,
    PRIMARY KEY (article, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_sources_by_source ON article_sources (source, article);

CREATE TABLE images (
    id       INTEGER PRIMARY KEY,
    article  INTEGER NOT NULL REFERENCES articles (id),
    position INTEGER NOT NULL,
    url      TEXT NOT NULL,
    key      TEXT NOT NULL, -- canonical form of url
    capture  INTEGER REFERENCES captures (id),
    error    TEXT,
    UNIQUE (article, url)
) STRICT;
CREATE INDEX images_by_key ON images (key, article);
CREATE INDEX images_by_url ON images (url, article);

CREATE TABLE article_captures (
    article INTEGER NOT NULL REFERENCES articles (id),
    capture INTEGER NOT NULL REFERENCES captures (id),
    PRIMARY KEY (article, capture)
) STRICT, WITHOUT ROWID;

-- The queue. article 0: the job is about no article.
CREATE TABLE jobs (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    article    INTEGER NOT NULL,
    url        TEXT NOT NULL,
    role       TEXT NOT NULL,
    due_at     INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    UNIQUE (kind, article, url)
) STRICT;
CREATE INDEX jobs_by_due ON jobs (kind, due_at);

CREATE TABLE events (
    seq       INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    type      TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    article   INTEGER,
    data      TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_time ON events (timestamp);

CREATE TABLE endpoints (
    name            TEXT PRIMARY KEY,
    configured      INTEGER NOT NULL DEFAULT 1,
    state           TEXT NOT NULL DEFAULT 'ok',
    failing_since   INTEGER,
    last_success_at INTEGER,
    last_error      TEXT,
    disabled_at     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    id               INTEGER PRIMARY KEY,
    event            INTEGER NOT NULL REFERENCES events (seq),
    endpoint         TEXT NOT NULL,
    state            TEXT NOT NULL DEFAULT 'pending',
    attempts         INTEGER NOT NULL DEFAULT 0,
    first_attempt_at INTEGER,
    due_at           INTEGER -- null once it is final
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries (endpoint, id, due_at, attempts, first_attempt_at)
    WHERE state = 'pending';
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint, state, id, event);
CREATE INDEX deliveries_by_state ON deliveries (state, id, event);

CREATE TABLE delivery_attempts (
    delivery INTEGER NOT NULL REFERENCES deliveries (id),
    number   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    status   INTEGER,
    ms       INTEGER NOT NULL,
    error    TEXT,
    answer   TEXT,
    PRIMARY KEY (delivery, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER feed_entries AFTER INSERT ON article_feeds BEGIN
    UPDATE feeds SET entries = entries + 1 WHERE id = new.feed;
END;

CREATE TRIGGER tally_new_article AFTER INSERT ON articles BEGIN
    INSERT INTO tallies VALUES ('article', new.state, 1)
        ON CONFLICT DO UPDATE SET value = value + 1;
    INSERT INTO tallies VALUES ('censored', '', new.censored_at IS NOT NULL)
        ON CONFLICT DO UPDATE SET value = value + excluded.value;
END;
CREATE TRIGGER tally_article_state AFTER UPDATE OF state ON articles WHEN old.state <> new.state BEGIN
    UPDATE tallies SET value = value - 1 WHERE kind = 'article' AND key = old.state;
    INSERT INTO tallies VALUES ('article', new.state, 1)
        ON CONFLICT DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER tally_censored AFTER UPDATE OF censored_at ON articles
    WHEN (old.censored_at IS NULL) <> (new.censored_at IS NULL) BEGIN
    UPDATE tallies SET value = value + (new.censored_at IS NOT NULL) - (old.censored_at IS NOT NULL)
        WHERE kind = 'censored';
END;

CREATE TRIGGER tally_new_source AFTER INSERT ON sources BEGIN
    INSERT INTO tallies VALUES ('wayback', new.wayback, 1) ON CONFLICT DO UPDATE SET value = value + 1;
    INSERT INTO tallies VALUES ('liveness', new.liveness, 1) ON CONFLICT DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER tally_wayback AFTER UPDATE OF wayback ON sources WHEN old.wayback <> new.wayback BEGIN
    UPDATE tallies SET value = value - 1 WHERE kind = 'wayback' AND key = old.wayback;
    INSERT INTO tallies VALUES ('wayback', new.wayback, 1) ON CONFLICT DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER tally_liveness AFTER UPDATE OF liveness ON sources WHEN old.liveness <> new.liveness BEGIN
    UPDATE tallies SET value = value - 1 WHERE kind = 'liveness' AND key = old.liveness;
    INSERT INTO tallies VALUES ('liveness', new.liveness, 1) ON CONFLICT DO UPDATE SET value = value + 1;
END;

CREATE TRIGGER tally_capture AFTER INSERT ON captures BEGIN
    INSERT INTO tallies VALUES ('captures', '', 1) ON CONFLICT DO UPDATE SET value = value + 1;
    INSERT INTO tallies VALUES ('capture_bytes', '', new.bytes)
        ON CONFLICT DO UPDATE SET value = value + excluded.value;
END;
CREATE TRIGGER tally_event AFTER INSERT ON events BEGIN
    INSERT INTO tallies VALUES ('events', '', 1) ON CONFLICT DO UPDATE SET value = value + 1;
END;
