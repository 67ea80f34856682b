-- What endpoints are by the configuration, so that lists can show it.
ALTER TABLE endpoints ADD COLUMN format TEXT NOT NULL DEFAULT 'standard';
ALTER TABLE endpoints ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
ALTER TABLE endpoints ADD COLUMN max_per_hour INTEGER NOT NULL DEFAULT 0; -- 0 = no limit
-- It asked us to slow down: nothing is sent to it before.
ALTER TABLE endpoints ADD COLUMN paused_until INTEGER;
ALTER TABLE endpoints ADD COLUMN last_digest_at INTEGER;

-- Why it is made: event, replay, test, digest.
ALTER TABLE deliveries ADD COLUMN kind TEXT NOT NULL DEFAULT 'event';
-- When a message went out; null for what a digest told in its place.
ALTER TABLE deliveries ADD COLUMN told_at INTEGER;
-- The delivery that tells this one in its place: what becomes of that becomes of this.
ALTER TABLE deliveries ADD COLUMN digest INTEGER REFERENCES deliveries (id);

DROP INDEX deliveries_waiting;
CREATE INDEX deliveries_waiting ON deliveries (endpoint, id, due_at, attempts, first_attempt_at, kind)
    WHERE state = 'pending' AND digest IS NULL;
CREATE INDEX deliveries_tests ON deliveries (endpoint, id) WHERE state = 'pending' AND kind = 'test';
CREATE INDEX deliveries_told ON deliveries (endpoint, told_at) WHERE told_at IS NOT NULL;
CREATE INDEX deliveries_in_digest ON deliveries (digest) WHERE digest IS NOT NULL;
