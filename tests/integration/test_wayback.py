"""Is a source in the Wayback Machine? archive.org is a stand-in that misbehaves as the real one was seen to."""
import json
import random
import signal
import sqlite3
import time
import unittest
import urllib.parse
import urllib.request

from originals import Originals, article, html
from support import Site, State, assert_pace, feed
from test_watch import SOURCE, TEXT, VIOLATION, entry, notice
from wayback import ANSWERS, ArchiveOrg, Spoiled, cut_rows, double_gzip, false_empty

NEWS = "https://news.example.org/2026/bridge-"
PAGE = f"<!doctype html><html><head><title>桥</title></head><body><p>{TEXT}</p></body></html>".encode()


class Case(unittest.TestCase):
    def setUp(self):
        self.site, self.archive = Site(), ArchiveOrg()
        self.addCleanup(self.site.close)
        self.addCleanup(self.archive.close)
        self.state, self.daemons = None, []

    def begin(self, *sources, announce=500, wayback="", rate=6000, extra="", http_extra='timeout = "20s"', **named):
        """A state whose feed's articles cite these; the newest `announce` of them are told."""
        self.put(*sources)
        config = self.archive.config(f"cdx_per_minute = {rate}\n" + wayback, **named)
        self.state = State({"sample": self.site.url + "/feed/"}, config + extra,
                           f'proxy = ""\nfetch_articles = false\nannounce = {announce}', http_extra)
        self.addCleanup(self.state.remove)
        self.addCleanup(self.state.verified)

    def put(self, *sources):
        self.site.pages["/feed/"] = feed([entry(self.site.url, n + 1, source) for n, source in enumerate(sources)])

    def start(self):
        daemon = self.state.start()
        self.daemons.append(daemon)
        self.addCleanup(self.end, daemon)
        return daemon

    @staticmethod
    def end(daemon):
        if daemon.poll() is None:
            daemon.kill()
        daemon.communicate()

    def wait(self, condition, seconds=30, words="it did not come to pass"):
        deadline = time.monotonic() + 4 * seconds  # under sanitizers, beside other tests
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.05)
        self.fail(words() if callable(words) else words)

    def forget_pauses(self):
        with sqlite3.connect(self.state.dir / "cdtd.db") as db:
            db.execute("DELETE FROM pauses")
            db.execute("DELETE FROM wayback_hosts")

    def again(self, times=1):
        """Every look-up is due."""
        for _ in range(times):
            with sqlite3.connect(self.state.dir / "cdtd.db") as db:
                db.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'resolve_source'")
            self.state.once()

    def known(self, url=SOURCE):
        return self.state.json("lookup", url)["wayback"]

    def states(self):
        return dict(self.state.sql("SELECT url, wayback FROM sources WHERE url IS NOT NULL"))

    def told(self):
        return [json.loads(data) for data, in
                self.state.sql("SELECT data FROM events WHERE type = 'source.archived' ORDER BY seq")]

    def assert_pace(self, lane, per_minute):
        """No minute over the limit, however long it runs."""
        assert_pace([asked.at for asked in self.archive.asked(lane)], 61.2 / per_minute, late=1.2)

    def assert_no_request_in_a_pause(self, first=2.0, doubled=True):
        """After a 429 nothing is asked of that host for so long, after a second one in a row for twice as long. (Of an
        answer that a kill swallowed we can't know how many there were.)"""
        row, until = 0, 0.0
        for asked in self.archive.asked():
            if asked.lane == "availability":
                continue
            self.assertGreaterEqual(asked.at, until - 0.02, self.archive.log)
            row = row + 1 if asked.answered == 429 else 0 if 0 < asked.answered < 500 else row
            if asked.answered == 429:
                until = asked.at + first * (2 ** (row - 1) if doubled else 1)


class Wayback(Case):
    def test_archived_is_said_of_a_capture_that_was_read(self):
        self.begin(SOURCE, "https://web.archive.org/web/*/" + SOURCE, announce=1)
        self.archive.put(SOURCE, "20261116000000", notice(VIOLATION))
        self.archive.put(SOURCE, "20261117080000", article(TEXT))
        self.archive.put(SOURCE, "20261120000000", article(TEXT + "二"))
        done = self.state.once()
        self.assertIn("1 sources looked up in the Wayback Machine", done.stdout)
        known = self.known()
        self.assertEqual((known["state"], known["snapshot_at"], known["newest_at"], known["first_at"], known["snapshots"]),
                         ("archived", "2026-11-17T08:00:00.000Z", "2026-11-20T00:00:00.000Z", "2026-11-16T00:00:00.000Z", 3))
        self.assertTrue(known["snapshot_url"].endswith("/web/20261117080000/" + SOURCE))
        self.assertTrue(known["newest_url"].endswith("/web/20261120000000/" + SOURCE))
        self.assertEqual(known["digest"], self.archive.captures[1].digest)
        self.assertIsNone(known["next_check_at"])
        # Our copy of the capture is held, and shows it.
        kind, url = self.state.sql(f"SELECT kind, url FROM captures WHERE id = {known['capture']}")[0]
        self.assertEqual((kind, url.split("/web/")[1]), ("wayback", "20261117080000id_/" + SOURCE))
        # Of the article that was stored silently it is not told.
        told = self.told()
        self.assertEqual(len(told), 1)
        self.assertEqual((told[0]["source"]["url"], told[0]["source"]["wayback"]["state"]), (SOURCE, "archived"))
        self.assertTrue(told[0]["article"]["url"].endswith("/chinese/2.html"))
        # Nobody is asked again, and a new article that cites it is told at once.
        asked = len(self.archive.log)
        self.put(SOURCE, SOURCE, SOURCE)
        with sqlite3.connect(self.state.dir / "cdtd.db") as db:
            db.execute("UPDATE feeds SET next_poll_at = 0, allowed_at = 0")
        self.state.once()
        self.assertEqual(len(self.archive.log), asked)
        self.assertEqual([data["article"]["url"].split("/")[-1] for data in self.told()], ["2.html", "3.html"])


    def test_not_archived_needs_the_index_and_the_404_of_replay(self):
        gone, redirected, errors = NEWS + "1", NEWS + "2", SOURCE
        self.begin(gone, redirected, errors)
        self.archive.put(redirected, "20261117080000", b"", 302)
        self.archive.put(errors, "20261117080000", b"<html><title>404</title></html>", 404)
        self.archive.put(errors, "20261118080000", notice(VIOLATION))
        self.state.once()
        self.assertEqual(self.states(), {gone: "not_archived", redirected: "unknown", errors: "not_archived"})
        self.assertEqual([a.lane for a in self.archive.asked(part=gone.split("://")[1])], ["cdx", "availability", "replay"])
        self.assertEqual((self.known(gone)["reason"], self.known(gone)["snapshots"]), (None, 0))
        self.assertIn("captured is only: a redirect (302)", self.known(redirected)["reason"])
        reason = self.known(errors)["reason"]
        self.assertIn("an error page (404)", reason)
        self.assertIn(VIOLATION, reason)
        self.assertIsNone(self.known(errors)["snapshot_url"])
        self.assertEqual(self.told(), [])
        # It turns up: told, and not asked for any more.
        self.archive.put(gone, "20261121080000", PAGE)
        before = len(self.archive.asked("replay", errors))
        self.again()
        self.assertEqual(self.states()[gone], "archived")
        self.assertEqual([data["source"]["url"] for data in self.told()], [gone])
        self.assertEqual(len(self.archive.asked("replay", errors)), before) # what was read is not read again
        self.assertEqual(self.state.sql("SELECT count(*) FROM jobs WHERE kind = 'resolve_source'"), [(2,)])

    def test_no_misbehaviour_makes_an_archived_source_not_archived(self):
        faults = {("cdx", "503"), ("cdx", "504"), ("cdx", "page"), ("cdx", "cut"), ("cdx", "reset"), ("cdx", "silence"),
                  ("cdx", "nothing"), ("cdx", "excluded"), ("cdx", "robots"), ("replay", "503"), ("replay", "504"),
                  ("replay", "page"), ("replay", "reset"), ("replay", "excluded in words"), ("replay", "excluded")}
        # Where only the index fails, replay has it all the same.
        told_apart = {"excluded", "robots"}
        cases = [(f"{NEWS}{n}/", lane, what, "unknown" if lane == "replay" or what in told_apart else "archived")
                 for n, (lane, what) in enumerate(sorted(faults))]
        cases += [(f"{NEWS}{n + 50}/", lane, what, "archived") for n, (lane, what) in
                  enumerate([("cdx", cut_rows), ("availability", false_empty), ("replay", double_gzip)])]
        self.begin(*(url for url, *_ in cases), http_extra='timeout = "3s"')
        for url, lane, what, _ in cases:
            self.archive.put(url, "20261117080000", PAGE)
            self.archive.misbehave[lane, url.split("://")[1]] = what
        self.state.once()
        for _ in range(2):
            for url, lane, what, state in cases:
                known = self.known(url)
                with self.subTest(lane=lane, fault=what):
                    self.assertEqual(known["state"], state)
                    if state == "unknown":
                        self.assertTrue(known["reason"])
                        self.assertIsNotNone(known["next_check_at"])
            self.again()
        # Excluded sites are named so.
        for url, lane, what, _ in cases:
            if what in ("excluded", "robots", "excluded in words"):
                self.assertIn("excluded from the Wayback Machine", self.known(url)["reason"])
        # As soon as it behaves it is known.
        self.archive.misbehave.clear()
        self.again()
        self.assertEqual(set(self.states().values()), {"archived"})
        self.assertEqual(len(self.told()), len(cases))
        # What it said is kept, whatever it was.
        kept = self.state.sql("SELECT count(*), min(status), max(status) FROM captures WHERE kind = 'wayback'")[0]
        self.assertGreater(kept[0], len(cases))
        self.assertEqual(kept[1:], (200, 504))

    def test_nor_do_all_of_them_together(self):
        sources = [f"{NEWS}{n}" for n in range(3)]
        self.begin(*sources, wayback='pause = "1s"\ncircuit = "1s"', http_extra='timeout = "1s"')
        for url in sources:
            self.archive.put(url, "20261117080000", PAGE)
        dice = random.Random(11)
        faults = ["503", "504", "page", "nothing", "cut", "reset", "silence", "stall", "429", "429 for 3 s", "robots"]

        def at_random(handler, usual):
            fault = dice.choice(faults)
            return ANSWERS[fault]() if fault in ANSWERS else Spoiled(fault)

        self.archive.misbehave = {"cdx": at_random, "availability": at_random, "replay": at_random}
        for _ in range(8):
            self.again() if self.archive.log else self.state.once()
            self.assertLessEqual(set(self.states().values()), {"unchecked", "unknown"})
            self.forget_pauses()
        self.archive.misbehave.clear()
        self.again()
        self.assertEqual(set(self.states().values()), {"archived"})

    def test_a_capture_longer_than_any_page_is_there(self):
        self.begin(NEWS + "film")
        self.archive.put(NEWS + "film", "20261117080000", b"\x00\x00\x00\x18ftypmp42" + b"\x07" * (5 << 20), kind="video/mp4")
        self.state.once()
        self.assertEqual(self.known(NEWS + "film")["state"], "archived")

    def test_it_stalls(self):
        self.begin(SOURCE, http_extra='timeout = "1s"')
        self.archive.put(SOURCE, "20261117080000", article(TEXT))
        self.archive.misbehave["cdx"] = ["stall"]
        self.archive.misbehave["replay"] = ["stall"]
        self.state.once()
        self.assertEqual(self.known()["state"], "unknown")
        self.again(2)
        self.assertEqual(self.known()["state"], "archived")

    def test_every_lane_has_its_own_pace(self):
        self.begin(*(f"{NEWS}{n}" for n in range(6)), rate=60)
        self.state.once()
        self.assertEqual(set(self.states().values()), {"not_archived"})
        self.assert_pace("cdx", 60)
        self.assert_pace("availability", 20)
        self.assert_pace("replay", 60)

    def test_a_429_pauses_the_host_and_twice_is_longer(self):
        self.begin(*(f"{NEWS}{n}" for n in range(3)), wayback='pause = "2s"')
        for n in range(3):
            self.archive.put(f"{NEWS}{n}", "20261117080000", PAGE)
        self.archive.misbehave["cdx"] = ["429", "429", None, "429"]
        self.archive.misbehave["replay"] = [None, "429 for 3 s", "429 until"]
        daemon = self.start()
        self.wait(lambda: any(a.answered == 429 for a in self.archive.log))
        self.wait(lambda: self.state.json("status")["paused"])
        paused = self.state.json("status")["paused"]
        self.assertEqual(paused[0]["host"], f"http://127.0.0.1:{self.archive.web.port}")
        self.assertIn("429", paused[0]["reason"])
        self.assertIn("429", self.state.run("status").stdout)
        self.wait(lambda: set(self.states().values()) == {"archived"}, 60, lambda: f"{self.states()} {self.archive.log}")
        self.assert_no_request_in_a_pause()
        for asked, after in zip(self.archive.log, self.archive.log[1:]):
            if asked.answered == 429 and asked.lane == "replay": # it said how long: 3 s, and until 4 s later
                self.assertGreaterEqual(after.at - asked.at, 2.9)
        self.state.stop(daemon)
        self.assertEqual(len(self.told()), 3)

    def test_a_refused_connection_opens_the_circuit(self):
        self.begin(NEWS + "0", NEWS + "1", wayback='pause = "1s"\ncircuit = "3s"')
        for n in range(2):
            self.archive.put(f"{NEWS}{n}", "20261117080000", PAGE)
        self.archive.web.close()
        daemon = self.start()
        began = time.monotonic()
        self.wait(lambda: self.state.json("status")["paused"])
        self.assertIn("refuses connections", self.state.json("status")["paused"][0]["reason"])
        self.archive.web.open()
        self.wait(lambda: self.archive.asked("cdx"))
        self.assertGreaterEqual(self.archive.asked("cdx")[0].at - began, 2.5)
        self.wait(lambda: set(self.states().values()) == {"archived"})
        self.state.stop(daemon)

    def test_nobody_goes_on_waiting_for_a_host_that_gives_no_answer(self):
        self.begin(*(f"{NEWS}{n}" for n in range(6)), wayback='pause = "5s"\nrecheck = ["1s"]', http_extra='timeout = "3s"')
        for n in range(6):
            self.archive.put(f"{NEWS}{n}", "20261117080000", PAGE)
        self.archive.misbehave["cdx"] = self.archive.misbehave["replay"] = "silence"
        self.state.once()
        self.assertEqual(len(self.archive.asked("cdx")) + len(self.archive.asked("replay")), 3)
        self.assertIn("no answer 3 times", self.state.json("status")["paused"][0]["reason"])
        self.assertLessEqual(set(self.states().values()), {"unchecked", "unknown"})
        self.archive.misbehave.clear()
        daemon = self.start()
        self.wait(lambda: set(self.states().values()) == {"archived"}, 40, lambda: str(self.states()))
        self.state.stop(daemon)

    def test_who_ignores_a_429_is_shut_out_and_we_are_not(self):
        self.begin(*(f"{NEWS}{n}" for n in range(8)), wayback='pause = "1s"')
        self.archive.patience, self.archive.pause = 1, 0.95
        self.archive.misbehave["cdx"] = [None, "429", None, "429"]
        self.archive.misbehave["replay"] = [None, "429"]
        daemon = self.start()
        self.wait(lambda: set(self.states().values()) == {"not_archived"}, 60, lambda: f"{self.states()} {self.archive.log}")
        self.state.stop(daemon)
        self.assertEqual(self.archive.ignored, 0)
        self.assertNotIn(0, [a.answered for a in self.archive.log])

    def test_the_pace_is_kept_over_restarts_and_kills(self):
        sources = [f"{NEWS}{n}" for n in range(14)]
        self.begin(*sources, rate=60, wayback='pause = "2s"')
        for n, url in enumerate(sources):
            if n % 2:
                self.archive.put(url, "20261117080000", PAGE)
        dice = random.Random(7)

        def now_and_then(_, usual):
            return (429, {}, b"") if dice.random() < 0.15 else usual()

        self.archive.misbehave["cdx"] = self.archive.misbehave["replay"] = now_and_then
        for n in range(9):
            daemon = self.start()
            asked = len(self.archive.log)
            if n % 3 == 0: # in the middle of an answer
                self.wait(lambda: len(self.archive.log) > asked, 40)
            else:
                time.sleep(dice.random() * 2)
            daemon.send_signal(signal.SIGTERM if n % 3 == 1 else signal.SIGKILL)
            daemon.communicate(timeout=30)
        self.assert_no_request_in_a_pause(doubled=False)
        self.assert_pace("cdx", 60)
        self.assert_pace("replay", 60)
        self.archive.misbehave.clear()
        daemon = self.start()
        wanted = {url: "archived" if n % 2 else "not_archived" for n, url in enumerate(sources)}
        self.wait(lambda: self.states() == wanted, 90, lambda: str(self.states()))
        self.state.stop(daemon)
        self.assert_no_request_in_a_pause(doubled=False)
        self.assert_pace("cdx", 60)
        self.assertEqual(len(self.told()), 7)

    def test_an_answer_that_a_kill_swallowed_may_have_been_a_429(self):
        self.begin(SOURCE, wayback='pause = "3s"')

        def held(_, usual):
            time.sleep(1)
            return 429, {}, b""

        self.archive.misbehave["cdx"] = [held]
        daemon = self.start()
        self.wait(lambda: self.state.sql("SELECT 1 FROM wayback_hosts WHERE in_flight IS NOT NULL"))
        killed = time.monotonic()
        daemon.send_signal(signal.SIGKILL)
        daemon.communicate(timeout=30)
        daemon = self.start()
        self.wait(lambda: self.states()[SOURCE] == "not_archived", 20)
        self.state.stop(daemon)
        self.assertGreaterEqual(self.archive.asked("cdx")[1].at - killed, 2.5)

    def test_what_is_switched_off_asks_nobody_and_what_was_missed_is_caught_up(self):
        self.begin(SOURCE, wayback="enabled = false")
        self.archive.put(SOURCE, "20261117080000", article(TEXT))
        self.state.once()
        self.assertEqual((self.archive.log, self.known()["state"]), ([], "unchecked"))
        self.state.write({"sample": self.site.url + "/feed/"}, self.archive.config(), 'proxy = ""\nfetch_articles = false')
        self.state.once()
        self.assertEqual(self.known()["state"], "archived")
        # The article was told before; that its source is archived is news.
        self.assertEqual(len(self.told()), 1)

    def test_it_is_switched_on_while_the_daemon_runs(self):
        self.begin(SOURCE, wayback="enabled = false")
        self.archive.put(SOURCE, "20261117080000", article(TEXT))
        self.state.once()
        daemon = self.start()
        self.state.write({"sample": self.site.url + "/feed/"}, self.archive.config("cdx_per_minute = 6000"),
                         'proxy = ""\nfetch_articles = false')
        daemon.send_signal(signal.SIGHUP)
        self.wait(lambda: self.states() == {SOURCE: "archived"})
        self.state.stop(daemon)

    def test_claims_and_forms(self):
        claimed, long = "https://news.example.org/2026/claimed", "https://mp.weixin.qq.com/s?__biz=MzI1&mid=22&idx=1&sn=a1b2"
        published = long + "&chksm=fe01&scene=27"
        self.begin("https://web.archive.org/web/20261118093000/" + claimed, published,
                   "https://web.archive.org/web/2026*/" + NEWS)
        self.archive.put(claimed, "20261118093000", PAGE)
        self.archive.misbehave["cdx", "claimed"] = cut_rows
        self.archive.put(published, "20261117080000", article(TEXT))
        self.state.once()
        self.assertEqual(self.states(), {claimed: "archived", long: "archived", NEWS.rstrip("/"): "not_archived"})
        self.assertTrue(self.known(long)["snapshot_url"].endswith(published))
        # A claim that can't be checked leaves it open.
        self.archive.captures.clear()
        other = "https://news.example.org/2026/other"
        self.archive.misbehave = {("replay", "20261119"): "503"}
        self.put("https://web.archive.org/web/20261119093000/" + other)
        with sqlite3.connect(self.state.dir / "cdtd.db") as db:
            db.execute("UPDATE feeds SET next_poll_at = 0, allowed_at = 0")
        self.state.once()
        self.assertIn(self.states().get(other), (None, "unknown"))

    def test_under_their_real_names(self):
        originals = Originals()
        self.addCleanup(originals.close)
        originals.forward = {"https://web.archive.org": self.archive.web.port, "https://archive.org": self.archive.main.port}
        self.begin(SOURCE, NEWS + "1", web="https://web.archive.org", main="https://archive.org",
                   http_extra=originals.config(), extra="[watch]\nenabled = true\n")
        originals.pages[SOURCE] = html(article(TEXT))
        self.archive.put(SOURCE, "20261117080000", article(TEXT))
        self.state.once()
        self.assertEqual(self.states(), {SOURCE: "archived", NEWS + "1": "not_archived"})
        self.assertEqual(self.known()["snapshot_url"], "https://web.archive.org/web/20261117080000/" + SOURCE)


    def test_lookup_of_whatever_one_has(self):
        link, other = "https://web.archive.org/web/*/" + SOURCE, NEWS + "1"
        self.begin(link, other, extra="[watch]\nenabled = false\n")
        copy = f"https://archive.ph/2026.11.17-080000/{SOURCE}"
        card = self.site.pages["/feed/"].decode().replace(f"<p>{TEXT}</p>", f'<p>{TEXT}<a href="{copy}">備份</a>'
                                                          '<a href="https://ghostarchive.org/archive/x1">二</a></p>', 1)
        self.site.pages["/feed/"] = card.encode()
        self.archive.put(SOURCE, "20261117080000", article(TEXT))
        self.archive.put(SOURCE, "20261120000000", article(TEXT + "二"))
        self.state.once()
        urls = {"article": self.site.url + "/chinese/1.html", "source": SOURCE, "link": link,
                "image": self.site.url + "/files/1.png", "other": other}
        kinds = {name: self.state.json("lookup", url)["kind"] for name, url in urls.items()}
        self.assertEqual(kinds, {"article": "article", "source": "source", "link": "source", "image": "image",
                                 "other": "source"})
        snapshot = f"http://127.0.0.1:{self.archive.web.port}/web/20261117080000/{SOURCE}"
        for name, url in urls.items():
            text = self.state.run("lookup", url).stdout
            self.assertLess(len(text.splitlines()), 24, text)
            if name in ("article", "source", "link"):
                self.assertIn(snapshot, text)
                self.assertIn("2 snapshots", text)
                self.assertIn(copy, text)
            if name == "other":
                self.assertIn("holds no usable snapshot, looked up", text)
        unknown = self.state.run("lookup", "https://example.org/nothing")
        self.assertEqual((unknown.returncode, self.state.json("lookup", link)["wayback"]["snapshot_url"]), (1, snapshot))
        source = self.state.json("lookup", link)["source"]
        self.assertEqual(sorted(a["archive"] for a in source["alternates"]), ["archive_today", "ghostarchive"])
        self.assertEqual(self.state.json("show", urls["article"])["sources"][0]["wayback"]["state"],
                         "archived")
        self.assertEqual([a["id"] for a in self.state.json("articles", "--wayback", "archived")["items"]],
                         [self.state.json("lookup", urls["article"])["article"]["id"]])
        daemon = self.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.state.port}/api/v1/lookup?url=" +
                                    urllib.parse.quote(link, safe="")) as answer:
            links = answer.headers["Link"]
        replay = f"http://127.0.0.1:{self.archive.web.port}/web/"
        for one in (f'<{SOURCE}>; rel="original"', f'<{replay}{SOURCE}>; rel="timegate"',
                    f'<{snapshot}>; rel="memento"; datetime="Tue, 17 Nov 2026 08:00:00 GMT"',
                    f'<{replay}20261120000000/{SOURCE}>; rel="memento"; datetime="Fri, 20 Nov 2026 00:00:00 GMT"'):
            self.assertIn(one, links)
        listed = json.loads(self.state.get("/api/v1/sources?wayback=archived")[1])["items"]
        self.assertEqual([item["url"] for item in listed], [SOURCE])
        self.state.stop(daemon)


if __name__ == "__main__":
    unittest.main()
