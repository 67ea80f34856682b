-- What a later capture of the same bytes refers to, instead of holding them again.
ALTER TABLE captures ADD COLUMN record_id TEXT NOT NULL DEFAULT ''; -- "<urn:uuid:…>"; '' = written before this column was
ALTER TABLE captures ADD COLUMN original INTEGER REFERENCES captures (id); -- a revisit: the capture that holds the payload
-- Where the records of this exchange begin (request, metadata, response); NULL = only the response is known.
ALTER TABLE captures ADD COLUMN group_offset INTEGER;
ALTER TABLE captures ADD COLUMN truncated TEXT NOT NULL DEFAULT '';
CREATE INDEX captures_by_payload ON captures (payload_sha1) WHERE original IS NULL AND bytes > 0;
CREATE INDEX captures_by_place ON captures (warc, offset);

-- Hosts that refuse our captures: after several refusals in a row nothing is asked there until open_until.
CREATE TABLE circuits (
    origin     TEXT NOT NULL,
    role       TEXT NOT NULL, -- page, image
    refusals   INTEGER NOT NULL,
    open_until INTEGER,
    reason     TEXT NOT NULL,
    PRIMARY KEY (origin, role)
) STRICT, WITHOUT ROWID;
-- robots.txt of the hosts whose pages we fetch (RFC 9309); kept for a day, used for a month where it can't be had.
CREATE TABLE robots (
    origin     TEXT PRIMARY KEY,
    fetched_at INTEGER NOT NULL,
    text       TEXT NOT NULL
) STRICT;
