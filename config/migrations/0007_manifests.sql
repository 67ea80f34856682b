-- What makes a later change or removal show: checksums of each gzip member as written ("length:crc32" of each,
-- daemon/warc/member.cpp), and a chain of daily manifests over everything that was added.
ALTER TABLE captures ADD COLUMN members TEXT NOT NULL DEFAULT '';    -- from group_offset to the response
ALTER TABLE warc_files ADD COLUMN warcinfo TEXT NOT NULL DEFAULT ''; -- the file's first member
ALTER TABLE warc_files ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0; -- up to here manifests cover it

-- The text lies in a WARC resource record too. stamp: what became of the RFC 3161 time stamp over sha256:
-- 'off' (none was configured), 'waiting' (asked for at stamp_due_at), 'stamped'.
CREATE TABLE manifests (
    seq            INTEGER PRIMARY KEY,
    day            TEXT NOT NULL,
    made_at        INTEGER NOT NULL,
    sha256         TEXT NOT NULL,
    text           TEXT NOT NULL,
    warc           INTEGER NOT NULL REFERENCES warc_files (id),
    offset         INTEGER NOT NULL,
    length         INTEGER NOT NULL,
    record_id      TEXT NOT NULL,
    members        TEXT NOT NULL,
    stamp          TEXT NOT NULL,
    stamp_due_at   INTEGER,
    stamp_attempts INTEGER NOT NULL DEFAULT 0,
    stamp_error    TEXT,
    stamped_at     INTEGER, -- as the token says
    token          BLOB,    -- TimeStampToken, DER
    token_sha256   TEXT
) STRICT;
CREATE INDEX manifests_waiting ON manifests (stamp_due_at) WHERE stamp = 'waiting';
