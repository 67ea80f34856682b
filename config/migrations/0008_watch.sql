-- Does the original still stand? Every look at it, and what they say together (change::Standing).
CREATE TABLE looks (
    id      INTEGER PRIMARY KEY,
    source  INTEGER NOT NULL REFERENCES sources (id),
    at      INTEGER NOT NULL,
    state   TEXT NOT NULL,
    reason  TEXT,
    words   TEXT NOT NULL,
    status  INTEGER,
    capture INTEGER REFERENCES captures (id)
) STRICT;
CREATE INDEX looks_by_source ON looks (source, id);

ALTER TABLE sources ADD COLUMN liveness_confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN candidate TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN candidate_since INTEGER;
ALTER TABLE sources ADD COLUMN agreed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN troubles INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN believed TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN alive_until INTEGER;
ALTER TABLE sources ADD COLUMN gone_at INTEGER;
-- What is asked for: as published, where that is known (the canonical URL is for comparing); NULL = not watched yet.
ALTER TABLE sources ADD COLUMN watched_url TEXT;
-- Validators of the newest answer that showed it alive, and where that answer is kept.
ALTER TABLE sources ADD COLUMN etag TEXT;
ALTER TABLE sources ADD COLUMN last_modified TEXT;
ALTER TABLE sources ADD COLUMN alive_capture INTEGER REFERENCES captures (id);
CREATE INDEX sources_by_watched ON sources (watched_url) WHERE watched_url IS NOT NULL;
CREATE INDEX sources_gone ON sources (gone_at) WHERE gone_at IS NOT NULL;
-- What lists of sources are filtered by.
CREATE INDEX sources_by_liveness ON sources (liveness, id);
CREATE INDEX sources_by_wayback ON sources (wayback, id);
CREATE INDEX sources_by_platform ON sources (platform, id);
