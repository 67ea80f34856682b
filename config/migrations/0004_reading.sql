-- What is shown from elsewhere: a list of {url, target, platform}.
ALTER TABLE articles ADD COLUMN embeds TEXT NOT NULL DEFAULT '[]';
-- Where the feed gives a summary only and the content is the page's: the fingerprint of what the feed gave last
-- ('' = nothing), against which the feed's next word is compared. NULL: the content is the feed's own.
ALTER TABLE articles ADD COLUMN feed_sha256 TEXT;
CREATE INDEX articles_by_feed_content ON articles (feed_sha256) WHERE feed_sha256 IS NOT NULL;
-- The reader that made the fingerprint (article::kReader): another one may read the same bytes otherwise.
ALTER TABLE revisions ADD COLUMN reader INTEGER NOT NULL DEFAULT 0;

-- Articles with much the same text (article::likeness_of): signatures, and for each the bands in which alike texts
-- meet.
CREATE TABLE likenesses (
    article   INTEGER PRIMARY KEY REFERENCES articles (id),
    signature BLOB NOT NULL
) STRICT;
CREATE TABLE likeness_bands (
    band    INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (band, article)
) STRICT, WITHOUT ROWID;
-- Articles up to this id have none yet; the daemon makes them in the background, newest ids first.
INSERT INTO facts SELECT 'likenesses_pending', CAST(max(id) AS TEXT) FROM articles HAVING max(id) IS NOT NULL;
