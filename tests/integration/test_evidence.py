"""Captures that stand up as evidence: everything is read again, a change of a byte or a row shows and is named, days are
chained and stamped, crashes and full disks leave a valid archive."""
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import time
import unittest

from evidence import DAY, Archive, StampService, days_on, members, record
from support import CDTD


def rows_digest(state, query):
    """The canonical form of rows, as include/cdtd/store/manifests.hpp gives it."""
    digest = hashlib.sha256()
    count = 0
    for row in state.sql(query):
        for value in row:
            text = b"" if value is None else str(value).encode()
            digest.update(b"-," if value is None else b"%d:%s," % (len(text), text))
        digest.update(b"\n")
        count += 1
    return count, digest.hexdigest()


def change(archive, sql, *values):
    """Behind the program's back."""
    with sqlite3.connect(archive.state.dir / "cdtd.db") as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for statement in sql.split(";"):
            db.execute(statement, values)
    db.close()


class Verify(unittest.TestCase):
    def archive(self, **settings):
        return Archive(self, **settings)

    def days(self, count, **settings):
        """An archive to which something was added on so many days, the last of them yesterday."""
        archive = self.archive(**settings)
        for day in range(-count, 0):
            archive.day = day
            archive.publish(2)
            archive.once()
        archive.day = 0
        archive.once()
        return archive

    def test_a_whole_archive_is_whole_and_the_daemon_may_run_meanwhile(self):
        archive = self.days(2)
        found = archive.verify()
        self.assertTrue(found["ok"], found)
        [warc] = archive.warcs()
        self.assertEqual(found["records"], len(members(warc)))
        self.assertEqual(found["bytes"], warc.stat().st_size)
        self.assertEqual(found["captures"], archive.state.sql("SELECT count(*) FROM captures")[0][0])
        self.assertEqual(found["manifests"]["total"], 2)
        said = archive.run("verify").stdout
        self.assertIn(found["manifests"]["head"]["sha256"], said)
        self.assertIn("all as it was written", said)
        self.assertEqual(archive.state.json("status")["manifests"]["head"]["sha256"], found["manifests"]["head"]["sha256"])
        archive.publish(30, images=2)
        daemon = archive.state.start()
        for _ in range(10):
            found = archive.verify()
            self.assertTrue(found["ok"], found)
        archive.state.stop(daemon)
        self.assertTrue(archive.verify()["ok"])

    def test_an_unfinished_tail_is_no_fault_and_the_start_cuts_it_and_nothing_else(self):
        archive = self.archive()
        archive.publish(3)
        archive.once()
        [warc] = archive.warcs()
        whole = warc.read_bytes()
        warc.write_bytes(whole + whole[:700])
        found = archive.verify()
        self.assertTrue(found["ok"], found)
        self.assertIn("700 bytes", found["notes"][0])
        archive.once()
        self.assertEqual(warc.read_bytes(), whole)
        self.assertEqual(archive.verify()["notes"], [])

    def test_a_database_older_than_its_archive_takes_in_what_it_does_not_know(self):
        archive = self.archive(extra='[archive]\nwarc_size = "3KB"\n')
        archive.publish(1)
        archive.once()
        backup = archive.state.folder / "backup.db"
        with sqlite3.connect(archive.state.dir / "cdtd.db") as db, sqlite3.connect(backup) as copy:
            db.backup(copy)
        db.close()
        copy.close()
        for _ in range(3):
            archive.publish(2)
            archive.once()
        before = {warc.name: warc.read_bytes() for warc in archive.warcs()}
        self.assertGreater(len(before), 3)
        captured = archive.state.sql("SELECT url, sha256, record_id FROM captures ORDER BY url, record_id")
        for file in archive.state.dir.glob("cdtd.db*"):
            file.unlink()
        shutil.copy(backup, archive.state.dir / "cdtd.db")
        said = archive.run("check")
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn(sorted(before)[-1], said.stdout)
        self.assertIn("older than its archive", said.stdout)
        archive.site.pages["/feed/"] = lambda _: (503, {}, b"")
        done = archive.run("run", "--once")
        self.assertIn("were taken in", done.stderr)
        after = {warc.name: warc.read_bytes() for warc in archive.warcs()}
        self.assertEqual({name: after[name][:len(data)] for name, data in before.items()}, before)
        held = archive.state.sql("SELECT url, sha256, record_id FROM captures ORDER BY url, record_id")
        self.assertTrue(set(captured) <= set(held))
        found = archive.verify()
        self.assertTrue(found["ok"], found)
        self.assertNotIn("older than", archive.run("check").stdout)
        archive.warcs()[0].unlink()
        said = archive.run("check")
        self.assertEqual(said.returncode, 1)
        self.assertIn("put it back from a backup", said.stderr)

    def test_what_others_append_to_the_open_file_is_not_built_upon(self):
        archive = self.archive(feed_extra='interval = "1s"\nfetch_articles = false')
        archive.publish(1, images=0)
        daemon = archive.state.start()
        deadline = time.monotonic() + 30
        while not archive.state.sql("SELECT 1 FROM captures") and time.monotonic() < deadline:
            time.sleep(0.1)
        [warc] = archive.warcs()
        whole = warc.read_bytes()
        warc.write_bytes(whole + b"of another program")
        archive.publish(1, images=0)
        archive.state.run("poll", "sample", "--force")
        while len(archive.warcs()) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(0.5)
        found = archive.verify()
        self.assertTrue(found["ok"], found)
        _, _, output = archive.state.stop(daemon)
        self.assertIn("a new one is begun", output)
        self.assertEqual(len(archive.warcs()), 2)
        self.assertIn(".orphan", archive.once().stderr)
        self.assertEqual(warc.read_bytes(), whole)
        found = archive.verify()
        self.assertTrue(found["ok"], found)

    def test_any_flipped_byte_of_a_file_is_found_and_its_record_named(self):
        archive = self.days(2)
        archive.publish(2)
        archive.once()
        [warc] = archive.warcs()
        whole, places = warc.read_bytes(), members(warc)
        dice = random.Random(20261128)
        spots = [(start + i, 1 << dice.randrange(8)) for start, _ in places[:12] for i in range(10)]  # gzip's headers
        spots += [(start + length - 1 - i, 1 << dice.randrange(8)) for start, length in places for i in range(9)]
        spots += [(dice.randrange(len(whole)), dice.randrange(1, 256)) for _ in range(120)]
        for at, bits in spots:
            broken = bytearray(whole)
            broken[at] ^= bits
            warc.write_bytes(broken)
            found = archive.verify()
            self.assertFalse(found["ok"], at)
            [start] = [start for start, length in places if start <= at < start + length]
            self.assertEqual((found["first"]["file"], found["first"]["offset"]), (warc.name, start), (at, bits, found))
            self.assertLessEqual(found["faults"], 2, (at, found["listed"]))  # the record, and a manifest whose record it is
        warc.write_bytes(whole)
        self.assertTrue(archive.verify()["ok"])

    def test_any_flipped_byte_of_a_manifest_is_found_and_it_is_named(self):
        archive = self.days(2)
        dice = random.Random(20261201)
        columns = ["text"] * 30 + ["sha256", "day", "record_id", "members", "made_at", "offset", "length"] * 4
        for column in columns:
            seq = dice.choice([1, 2])
            [(value, day)] = archive.state.sql(f"SELECT {column}, day FROM manifests WHERE seq = {seq}")
            if isinstance(value, int):
                flipped = value ^ 1 << dice.randrange(16)
            else:
                at = dice.randrange(len(value))
                flipped = value[:at] + chr(ord(value[at]) ^ 1 << dice.randrange(5)) + value[at + 1:]
            change(archive, f"UPDATE manifests SET {column} = ? WHERE seq = {seq}", flipped)
            found = archive.verify()
            self.assertFalse(found["ok"], (column, value, flipped))
            said = json.dumps(found["listed"])
            self.assertTrue("manifest of" in said or "urn:cdtd:manifest" in said, (column, found))
            change(archive, f"UPDATE manifests SET {column} = ? WHERE seq = {seq}", value)
        self.assertTrue(archive.verify()["ok"])
        change(archive, "UPDATE warc_files SET sealed = sealed + ?", 1)
        self.assertIn("cover", archive.verify()["first"]["message"])

    def test_all_faults_are_counted_not_only_the_first(self):
        archive = self.archive()
        archive.publish(10)
        archive.once()
        [warc] = archive.warcs()
        places = members(warc)
        broken = bytearray(warc.read_bytes())
        damaged = [places[i][0] for i in (0, 4, 5, 6, 17, 30)]
        for start in damaged:
            broken[start:start + 40] = bytes(40)
        warc.write_bytes(broken)
        found = archive.verify()
        self.assertEqual(sorted(f["offset"] for f in found["listed"]), damaged, found)
        self.assertEqual(found["faults"], len(damaged))
        self.assertIn("request", found["listed"][1]["record"] + found["listed"][2]["record"] + found["listed"][3]["record"])
        said = archive.run("verify")
        self.assertEqual(said.returncode, 1)
        self.assertIn(f"first bad record: {warc.name} at offset 0", said.stdout)

    def test_a_changed_or_missing_row_is_found(self):
        archive = self.days(2)
        archive.publish(2)
        archive.once()
        newest = "(SELECT max(id) FROM captures)"
        source = "INSERT INTO sources (key, platform, {}) VALUES ('x', 'web', {})"
        cases = [
            (f"UPDATE captures SET url = url || 'x' WHERE id = {newest}", "URL"),
            (f"UPDATE captures SET at = at + 1 WHERE id = {newest}", "date"),
            (f"UPDATE captures SET sha256 = 'x' || substr(sha256, 2) WHERE id = {newest}", "sha256"),
            (f"UPDATE captures SET status = 404 WHERE id = {newest}", "status"),
            (f"UPDATE captures SET offset = offset + 1 WHERE id = {newest}", "none begins"),
            (f"UPDATE images SET capture = NULL; DELETE FROM article_captures WHERE capture = {newest};"
             f"DELETE FROM captures WHERE id = {newest}", "knows nothing of it"),
            ("UPDATE revisions SET capture = 999999 WHERE id = 1", "refers to a row of captures"),
            ("UPDATE revisions SET title = title || 'x' WHERE id = 1", "revisions"),
            ("UPDATE revisions SET text = text || 'x' WHERE id = 1", "revisions"),
            ("UPDATE revisions SET html = '<p>x</p>' WHERE id = 1", "revisions"),
            ("UPDATE revisions SET card = '{}' WHERE id = 1", "revisions"),
            ("UPDATE revisions SET outlet = 'x' WHERE id = 1", "revisions"),
            ("UPDATE revisions SET sha256 = '00' WHERE id = 1", "fingerprint"),
            ("UPDATE articles SET title = title || 'x' WHERE id = 1", "title of article 1"),
            ("UPDATE articles SET url = 'https://x.example/' WHERE id = 1", "URL of article 1"),
            ("UPDATE articles SET excerpt = 'x' WHERE id = 1", "excerpt"),
            ("UPDATE articles SET card = '{\"title\": \"x\"}' WHERE id = 1", "archive card of article 1"),
            ("UPDATE articles SET published_at = 0 WHERE id = 1", "articles"),
            ("UPDATE articles SET censored_at = 1 WHERE id = 1", "counts as censored"),
            ("UPDATE articles SET revision = 0 WHERE id = 1", "newest revision"),
            ("UPDATE images SET capture = (SELECT max(capture) FROM images) WHERE id = 1", "is shown as"),
            ("UPDATE images SET capture = NULL WHERE id = 1", "is shown as not held"),
            (source.format("wayback", "'not_archived'"), "counts as not_archived"),
            (source.format("wayback, snapshot_url, wayback_capture", f"'archived', 'https://x.example/', {newest}"),
             "counts as archived"),
            (source.format("liveness", "'deleted'"), "no look at it found that"),
            ("DELETE FROM article_captures", "no capture is its page"),
            ("UPDATE article_captures SET article = 2 WHERE article = 1", "shown as the page of article 2"),
            ("UPDATE captures SET key = 'x' WHERE id = 1", "can't be looked up"),
            ("UPDATE events SET data = data || ' ' WHERE seq = 1", "events"),
            ("DELETE FROM events WHERE seq = 1", "events"),
            ("UPDATE captures SET type = 'text/plain' WHERE id = 1", "captures"),
            (f"UPDATE captures SET members = '' WHERE id = {newest}", "do not lead"),
            ("UPDATE warc_files SET warcinfo = ''", "does not tell its length"),
            ("UPDATE manifests SET text = replace(text, '1', '2') WHERE seq = 1", "manifest"),
            ("UPDATE manifests SET sha256 = 'x' || substr(sha256, 2) WHERE seq = 1", "sha256"),
            ("UPDATE manifests SET day = '2020-01-01' WHERE seq = 1", "not of one manifest"),
            ("DELETE FROM manifests WHERE seq = 1", "missing before it"),
        ]
        whole, config = archive.state.dir, archive.state.config.read_text()
        for number, (sql, words) in enumerate(cases):
            archive.state.dir = whole.with_name(f"case{number}")
            shutil.copytree(whole, archive.state.dir)
            archive.state.config.write_text(config.replace(str(whole), str(archive.state.dir)))
            change(archive, sql)
            found = archive.verify()
            self.assertFalse(found["ok"], sql)
            self.assertTrue(any(words in f["message"] or words in (f["record"] or "") for f in found["listed"]),
                            (sql, found["listed"]))

    def test_a_removed_file_shows_though_its_rows_are_gone_too(self):
        archive = self.archive(extra='[archive]\nwarc_size = "3KB"\n')
        for day in (-2, -1, 0):
            archive.day = day
            archive.publish(2)
            archive.once()
        self.assertGreater(len(archive.warcs()), 3)
        self.assertTrue(archive.verify()["ok"])
        second = archive.warcs()[1]
        second.unlink()
        found = archive.verify()
        self.assertEqual(found["first"]["file"], second.name)
        [(file,)] = archive.state.sql(f"SELECT id FROM warc_files WHERE name = '{second.name}'")
        gone = f"(SELECT id FROM captures WHERE warc = {file})"
        change(archive, f"UPDATE revisions SET capture = NULL WHERE capture IN {gone};"
               f"UPDATE images SET capture = NULL WHERE capture IN {gone};"
               f"DELETE FROM article_captures WHERE capture IN {gone};"
               f"DELETE FROM captures WHERE warc = {file}; DELETE FROM warc_files WHERE id = {file}")
        found = archive.verify()
        self.assertFalse(found["ok"])
        self.assertIn(second.name, json.dumps(found["listed"]))

    def test_files_and_days_can_be_asked_for_alone(self):
        archive = self.archive(extra='[archive]\nwarc_size = "3KB"\n')
        for day in (-3, -2, -1):
            archive.day = day
            archive.publish(2)
            archive.once()
        names = [warc.name for warc in archive.warcs()]
        first = archive.warcs()[0]
        broken = bytearray(first.read_bytes())
        broken[members(first)[1][0] + 20] ^= 1
        first.write_bytes(broken)
        self.assertFalse(archive.verify()["ok"])
        self.assertFalse(archive.verify("--file", names[0])["ok"])
        found = archive.verify("--file", names[1], "--file", names[2])
        self.assertTrue(found["ok"], found)
        self.assertEqual(found["files"], 2)
        # A day back lies in the middle day or at its start, whatever the hour: the broken one is before it.
        self.assertTrue(archive.verify("--since", "24h")["ok"])
        self.assertFalse(archive.verify("--until", "24h")["ok"])
        self.assertEqual(archive.run("verify", "--since", "nonsense").returncode, 2)
        self.assertEqual(archive.run("verify", "--file", "nothing.warc.gz").returncode, 1)


class Chain(unittest.TestCase):
    def test_each_day_has_a_manifest_over_what_was_added_in_both_copies(self):
        archive = Archive(self)
        for day in (-4, -3, -1):  # on the second day before today nothing happens
            archive.day = day
            archive.publish(2)
            archive.once()
        archive.day = 0
        archive.once()
        manifests = archive.state.sql("SELECT day, sha256, text, m.offset, name FROM manifests m JOIN warc_files w "
                                      "ON w.id = m.warc ORDER BY seq")
        days = [time.strftime("%Y-%m-%d", time.gmtime(time.time() + d * DAY)) for d in (-4, -3, -1)]
        self.assertEqual([m[0] for m in manifests], days)
        before, ends = None, {}
        for day, sha256, text, offset, name in manifests:
            said = json.loads(text)
            self.assertEqual(hashlib.sha256(text.encode()).hexdigest(), sha256)
            self.assertEqual((said["version"], said["day"], said["previous"]), (2, day, before))
            headers, block = record(archive.state.dir / "warc" / name, offset)
            self.assertEqual(block.decode(), text)
            self.assertEqual((headers["WARC-Type"], headers["WARC-Target-URI"]), ("resource", f"urn:cdtd:manifest:{day}"))
            for part in said["files"]:
                self.assertEqual(part["from"], ends.get(part["name"], 0))
                data = (archive.state.dir / "warc" / part["name"]).read_bytes()[part["from"]:part["to"]]
                self.assertEqual(hashlib.sha256(data).hexdigest(), part["sha256"])
                ends[part["name"]] = part["to"]
            self.assertEqual(
                rows_digest(archive.state, f"SELECT c.id, url, at, kind, status, type, bytes, sha256, payload_sha1, name, offset, "
                            f"length, record_id, original, group_offset, truncated, members FROM captures c JOIN warc_files w "
                            f"ON w.id = c.warc WHERE c.id > {said['captures']['after']} AND c.id <= {said['captures']['upto']} "
                            "ORDER BY c.id"), (said["captures"]["count"], said["captures"]["sha256"]))
            self.assertEqual(
                rows_digest(archive.state, "SELECT id, article, number, seen_at, title, url, original_html, capture, changed, "
                            "columns, outlet, headline, language, characters, excerpt, card, text, html FROM revisions "
                            f"WHERE id > {said['revisions']['after']} AND id <= {said['revisions']['upto']} ORDER BY id"),
                (said["revisions"]["count"], said["revisions"]["sha256"]))
            for table, columns in {"articles": "id, guid, first_seen_at, published_at, silent",
                                   "looks": "id, source, at, state, reason, words, status, capture"}.items():
                self.assertEqual(
                    rows_digest(archive.state, f"SELECT {columns} FROM {table} WHERE id > {said[table]['after']} AND "
                                f"id <= {said[table]['upto']} ORDER BY id"), (said[table]["count"], said[table]["sha256"]))
            before = sha256
        again = archive.once()
        self.assertEqual(len(archive.state.sql("SELECT 1 FROM manifests")), 3, again.stderr)

    def test_the_running_daemon_makes_it_at_start_and_says_the_head(self):
        archive = Archive(self)
        archive.day = -1
        archive.publish(1)
        archive.once()
        daemon = archive.state.start()
        deadline = time.monotonic() + 30
        while not archive.state.sql("SELECT 1 FROM manifests") and time.monotonic() < deadline:
            time.sleep(0.05)
        _, code, output = archive.state.stop(daemon)
        self.assertEqual(code, 0)
        [(sha256,)] = archive.state.sql("SELECT sha256 FROM manifests")
        self.assertIn(sha256, output)
        self.assertIn(sha256, archive.run("status").stdout)
        archive.day = 0
        self.assertTrue(archive.verify()["ok"])

    def test_a_stamp_is_asked_for_again_until_the_service_answers_and_verified(self):
        archive = Archive(self)
        service = StampService(archive.state.folder / "tsa", answers=[503])
        self.addCleanup(service.close)
        feeds = {"sample": archive.site.url + "/feed/"}
        stamped = f'[archive]\ntimestamp_url = "{service.url}"\n'
        archive.state.write(feeds, stamped)
        archive.day = -2
        archive.publish(1)
        archive.once()
        self.assertEqual(service.asked, 0)
        archive.day = -1
        archive.publish(1)
        archive.once()
        status = archive.state.json("status")["manifests"]
        self.assertEqual((status["stamps_waiting"], status["head"]["stamped_at"]), (1, None))
        self.assertIn("503", status["stamp_error"])
        self.assertEqual(archive.verify()["manifests"]["stamps"]["waiting"], 1)
        archive.day = 0
        archive.once()
        self.assertEqual(service.asked, 3, "the one that waits and the new day's")
        found = archive.verify()
        self.assertTrue(found["ok"], found)
        stamps = found["manifests"]["stamps"]
        self.assertEqual((stamps["stamped"], stamps["waiting"]), (2, 0))
        self.assertIn("Sample Time Stamps", stamps["newest"]["signer"])
        self.assertFalse(stamps["newest"]["anchored"])
        self.assertIn("not checked against a root", archive.run("verify").stdout)
        token = archive.state.sql("SELECT token FROM manifests ORDER BY seq DESC LIMIT 1")[0][0]
        text = archive.state.sql("SELECT text FROM manifests ORDER BY seq DESC LIMIT 1")[0][0]
        (service.folder / "token").write_bytes(token)
        (service.folder / "manifest").write_bytes(text.encode())
        service.openssl("ts", "-verify", "-data", "manifest", "-in", "token", "-token_in", "-CAfile", "ca.pem", "-untrusted",
                        "tsa.pem")
        archive.state.write(feeds, stamped, http_extra=f'ca_file = "{service.folder}/ca.pem"')
        self.assertTrue(archive.verify()["manifests"]["stamps"]["newest"]["anchored"])
        other = StampService(archive.state.folder / "other")
        self.addCleanup(other.close)
        archive.state.write(feeds, stamped, http_extra=f'ca_file = "{other.folder}/ca.pem"')
        found = archive.verify()
        self.assertIn("signature does not hold", found["first"]["message"])
        archive.state.write(feeds, stamped)
        change(archive, "UPDATE manifests SET token = (SELECT token FROM manifests WHERE seq = 1), token_sha256 = "
               "(SELECT token_sha256 FROM manifests WHERE seq = 1) WHERE seq = 2")
        self.assertIn("another hash", archive.verify()["first"]["message"])

    def test_a_refusal_and_an_answer_to_another_question_are_no_stamps(self):
        archive = Archive(self)
        service = StampService(archive.state.folder / "tsa")
        self.addCleanup(service.close)
        archive.state.write({"sample": archive.site.url + "/feed/"}, f'[archive]\ntimestamp_url = "{service.url}"\n')
        real = service.stamp
        archive.day = -1
        archive.publish(1)
        archive.once()
        archive.day = 0
        service.openssl("ts", "-query", "-digest", "00" * 32, "-sha256", "-cert", "-out", "foreign")
        foreign = (service.folder / "foreign").read_bytes()
        service.stamp = lambda _: real(foreign)
        archive.once()
        self.assertIn("not for what was asked", archive.state.json("status")["manifests"]["stamp_error"])
        self.assertTrue(archive.verify()["ok"])


class Crashes(unittest.TestCase):
    def test_killed_at_random_moments_the_next_start_makes_it_whole(self):
        archive = Archive(self, http_extra="connections_per_host = 4\n")
        dice = random.Random(20261129)
        mended = 0
        for turn in range(30):
            archive.day = -30 + turn
            archive.publish(3, images=2)
            process = subprocess.Popen([CDTD, "-c", str(archive.state.config), "run", "--once"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env=days_on(archive.day))
            before_it = len(archive.site.asked) + dice.randrange(10)  # of ten requests: the feed, three pages, six images
            while len(archive.site.asked) <= before_it and process.poll() is None:
                time.sleep(0.002)
            time.sleep(dice.uniform(0, 0.06))
            process.kill()
            process.wait()
            before = {warc: warc.read_bytes() for warc in archive.warcs()} if (archive.state.dir / "warc").exists() else {}
            known = dict(archive.state.sql("SELECT name, end FROM warc_files")) if before else {}
            done = archive.once()
            mended += "was cut off" in done.stderr or "were taken in" in done.stderr
            for warc, data in before.items():
                end = known.get(warc.name, 0)
                self.assertTrue(end == 0 or warc.read_bytes()[:end] == data[:end], "a known byte was touched")
            found = archive.verify()
            self.assertTrue(found["ok"], (turn, found))
        self.assertGreater(mended, 0, "it was never killed in the middle of anything")

    @unittest.skipUnless(os.geteuid() == 0, "a small file system can be mounted by root only")
    def test_a_full_disk_leaves_a_valid_archive_and_work_goes_on_when_there_is_space(self):
        archive = Archive(self)
        archive.state.dir.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(archive.state.dir)], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("a small file system can't be mounted here: " + mounted.stderr.decode())
        self.addCleanup(subprocess.run, ["umount", "-l", str(archive.state.dir)])
        dice = random.Random(20261130)
        archive.publish(1)
        archive.once()
        filler = archive.state.dir / "filler"
        full = 0
        for turn in range(20):
            archive.publish(1, images=2, noise=40_000)
            free = os.statvfs(archive.state.dir)
            room = dice.choice([0, 8192, 20_000, 60_000, 100_000, 150_000, 200_000, 250_000, 300_000])
            filler.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room)))
            done = archive.run("run", "--once")
            if done.returncode != 0 or "No space" in done.stderr + done.stdout or "full" in done.stderr:
                full += 1
                self.assertRegex(done.stderr, "(?i)no space|full")
            self.assertGreaterEqual(done.returncode, 0, done.stderr)
            filler.unlink()
            archive.once()
            found = archive.verify()
            self.assertTrue(found["ok"], (turn, room, found, done.stderr))
        self.assertGreater(full, 5, "the disk was not full often enough to say anything")
        change(archive, "UPDATE jobs SET due_at = 0")
        archive.once()
        self.assertEqual(archive.state.json("status")["articles"]["archived"], 21)

    @unittest.skipUnless(os.geteuid() == 0, "a small file system can be mounted by root only")
    def test_the_running_daemon_says_that_the_disk_is_full_and_goes_on_later(self):
        archive = Archive(self, feed_extra='interval = "1s"', extra='[archive]\nretry = ["1s"]\n')
        archive.state.dir.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(archive.state.dir)], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("a small file system can't be mounted here: " + mounted.stderr.decode())
        self.addCleanup(subprocess.run, ["umount", "-l", str(archive.state.dir)])
        archive.publish(1)
        daemon = archive.state.start()
        self.wait(lambda: archive.state.json("status")["articles"]["archived"] == 1)
        filler = archive.state.dir / "filler"
        free = os.statvfs(archive.state.dir)
        filler.write_bytes(bytes(free.f_bavail * free.f_frsize))
        archive.publish(2, images=2, size=300)
        asked = len(archive.site.asked)
        archive.state.run("poll", "sample", "--force")
        self.wait(lambda: len(archive.site.asked) > asked)
        time.sleep(1)
        filler.unlink()
        archive.state.run("poll", "sample", "--force")
        self.wait(lambda: archive.state.json("status")["articles"]["archived"] == 3, archive)
        found = archive.verify()
        _, code, output = archive.state.stop(daemon)
        self.assertEqual(code, 0, output)
        self.assertTrue(found["ok"], found)
        self.assertRegex(output, "(?i)no space|disk is full")
        self.assertTrue(archive.verify()["ok"])

    def wait(self, condition, archive=None, seconds=90):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return
            if archive:
                archive.state.run("poll", "sample", "--force")
            time.sleep(0.3)
        self.fail("it did not come to pass")


if __name__ == "__main__":
    unittest.main(verbosity=2)
