"""The whole program on a scripted site: poll, compare, keep, tell, answer."""
import json
import random
import re
import signal
import subprocess
import time
import unittest

from receivers import Receiver
from support import CDTD, CORPUS, ROOT, Site, State, entry, feed

INTEGRATION = ROOT / "tests/integration"


def warcs_read_back(state):
    done = subprocess.run(["node", str(INTEGRATION / "warcio_check.mjs"), str(state.dir / "warc")],
                          capture_output=True, text=True, cwd=ROOT / "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


class MainJob(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)

    def state(self, extra="", feed_extra="", http_extra="", path="/feed/"):
        state = State({"sample": self.site.url + path}, extra, feed_extra, http_extra)
        self.addCleanup(state.remove)
        return state

    def put(self, count, first=1, images=0, page=True):
        entries = []
        for number in range(first, first + count):
            entries.append(entry(self.site.url, number, f"街角记事｜第{number}篇", f"第{number}篇的正文。", images))
            if page:
                self.site.pages[f"/chinese/{number}.html"] = f"<html><body>{number}</body></html>".encode()
            for i in range(images):
                self.site.pages[f"/files/{number}-{i}.png"] = b"\x89PNG" + bytes([number % 251, i]) * 50
        return entries

    def test_three_new_entries_are_three_events_and_three_verified_deliveries(self):
        old = self.put(2)
        self.site.pages["/feed/"] = feed(old)
        state = self.state()
        receiver = Receiver(state.folder)
        self.addCleanup(receiver.close)
        state.write({"sample": self.site.url + "/feed/"}, receiver.config(["article.new"]))
        state.once()
        self.assertEqual(receiver.received(), [], "the first poll is silent")
        self.site.pages["/feed/"] = feed(self.put(3, first=11) + old)
        state.once()
        received = receiver.received()
        self.assertEqual(len(received), 3)
        self.assertTrue(all(r["ok"] and r["type"] == "article.new" for r in received), received)
        new = [e for e in state.json("articles")["items"] if not e["silent"]]
        self.assertEqual(len(new), 3)
        events = [e for e in self.events(state) if e["type"] == "article.new"]
        self.assertEqual([e["id"] for e in events], [r["id"] for r in received])

    def events(self, state):
        daemon = state.start()
        status, body = state.get("/api/v1/events?limit=500")
        state.stop(daemon)
        self.assertEqual(status, 200)
        return json.loads(body)["items"]

    def test_a_failed_delivery_is_made_again_under_the_same_id(self):
        self.site.pages["/feed/"] = feed(self.put(1))
        state = self.state()
        receiver = Receiver(state.folder, [500, 200])
        self.addCleanup(receiver.close)
        state.write({"sample": self.site.url + "/feed/"},
                    '[delivery]\nretry = ["1s"]\n' + receiver.config(["article.new"]), "announce = 1")
        state.once()
        time.sleep(1.3)
        state.once()
        received = receiver.received()
        self.assertEqual([r["status"] for r in received], [500, 200])
        self.assertEqual(len({r["id"] for r in received}), 1)
        self.assertTrue(all(r["ok"] for r in received), "signed anew at each attempt")

    def test_a_second_round_is_all_304_and_stores_nothing(self):
        self.site.pages["/feed/"] = feed(self.put(4, images=2))
        state = self.state()
        state.once()
        before = state.json("status")
        self.assertEqual(before["articles"]["archived"], 4)
        self.assertEqual(before["captures"]["total"], 1 + 4 + 8)
        self.site.hits.clear()
        done = state.once()
        self.assertIn("1 unchanged", done.stdout)
        after = state.json("status")
        for what in ("articles", "captures", "events", "sources"):
            self.assertEqual(before[what], after[what])
        self.assertEqual([path for path, _ in self.site.hits], ["/feed/"])
        self.assertIn("If-None-Match", self.site.hits[0][1])
        self.assertTrue(warcs_read_back(state))

    def test_the_same_document_again_from_a_server_without_validators_is_not_kept_again(self):
        document = feed(self.put(3, page=False))
        self.site.pages["/feed/"] = lambda _: (200, {}, document)
        state = self.state(feed_extra="fetch_articles = false")
        state.once()
        done = state.once()
        self.assertIn("1 unchanged", done.stdout)
        self.assertEqual(state.json("status")["captures"]["total"], 1)

    def test_edits_are_revisions_and_a_404_column_is_censorship(self):
        entries = self.put(3)
        self.site.pages["/feed/"] = feed(entries)
        state = self.state('\n')
        state.once()
        censored = entry(self.site.url, 1, "【404文库】街角记事｜第1篇", "第1篇的正文。")
        edited = entry(self.site.url, 2, "街角记事｜第2篇", "第2篇改过的正文。")
        self.site.pages["/feed/"] = feed([censored, edited, entries[2]])
        state.once()
        by_post = {a["post_id"]: a for a in state.json("articles")["items"]}
        self.assertEqual([by_post[n]["revision"] for n in (1, 2, 3)], [2, 2, 1])
        self.assertIsNotNone(by_post[1]["censored_at"])
        self.assertIsNone(by_post[2]["censored_at"])
        kinds = sorted(e["type"] for e in self.events(state))
        self.assertEqual([k for k in kinds if k != "article.archived"], ["article.censored", "article.updated"])

    def test_a_refused_page_leaves_the_article_whole(self):
        self.site.pages["/feed/"] = feed(self.put(1, images=1))
        self.site.pages["/chinese/1.html"] = lambda _: (403, {"cf-mitigated": "challenge"}, b"<title>Just a moment...</title>")
        state = self.state()
        state.once()
        article = state.json("show", "1")
        self.assertEqual(article["state"], "archived")
        self.assertEqual(article["page"]["state"], "refused")
        self.assertEqual(len(article["missing"]), 1)
        self.assertIn("challenge", article["missing"][0]["reason"])
        self.assertGreater(article["characters"], 0)

    def test_a_host_that_says_429_is_left_alone_and_holds_nothing_up(self):
        self.site.pages["/feed/"] = feed(self.put(30))
        for number in range(1, 31):
            self.site.pages[f"/chinese/{number}.html"] = lambda _: (429, {"Retry-After": "3600"}, b"")
        state = self.state()
        state.once()
        pages = [path for path, _ in self.site.hits if path.startswith("/chinese/")]
        self.assertEqual(len(pages), 1, "one refusal is enough")
        status = state.json("status")
        self.assertEqual(len(status["paused"]), 1)
        self.assertEqual(status["articles"]["archived"], 30)
        self.site.hits.clear()
        again = state.once()
        self.assertIn("1 held back", again.stdout)
        self.assertEqual(self.site.hits, [], "not before Retry-After, over restarts")

    def test_what_is_no_feed_is_an_error_of_that_feed(self):
        good = feed(self.put(2))
        self.site.pages["/feed/"] = good
        state = self.state()
        state.once()
        for bad in (b"<html><title>Just a moment...</title></html>", b"no feed at all", feed([]), b"", good[: len(good) // 2]):
            self.site.pages["/feed/"] = bad
            state.once(expect=1)
            told = state.json("feeds")["items"][0]
            self.assertTrue(told["last_error"], bad)
            self.assertEqual(state.json("status")["articles"]["total"], 2)
        self.site.pages["/feed/"] = good
        state.once()
        self.assertIsNone(state.json("feeds")["items"][0]["last_error"])

    def test_a_body_over_the_limit_is_an_error(self):
        self.site.pages["/feed/"] = feed(self.put(1)) + b" " * 3_000_000
        state = self.state(http_extra='max_body = "1MiB"')
        state.once(expect=1)
        self.assertIn("1", state.json("feeds")["items"][0]["last_error"])
        self.assertEqual(state.json("status")["articles"]["total"], 0)

    def test_private_addresses_are_refused_by_default(self):
        self.site.pages["/feed/"] = feed(self.put(1))
        state = self.state()
        state.config.write_text(state.config.read_text().replace('allow_private = ["127.0.0.1/32"]', ""))
        state.once(expect=1)
        self.assertEqual(self.site.hits, [])

    def test_a_wrong_configuration_names_every_fault_and_touches_nothing(self):
        state = self.state('[nonsense]\na = 1\n', 'interval = "soon"')
        done = state.run("run", "--once")
        self.assertEqual(done.returncode, 78)
        self.assertIn("nonsense", done.stderr)
        self.assertIn("interval", done.stderr)
        self.assertRegex(done.stderr, r"cdtd\.toml:\d+:\d+:")
        self.assertFalse(state.dir.exists())

    def test_a_newer_database_and_a_second_daemon_are_refused(self):
        self.site.pages["/feed/"] = feed(self.put(1))
        state = self.state()
        daemon = state.start()
        second = state.run("run", "--once")
        self.assertEqual(second.returncode, 1)
        self.assertIn(str(daemon.pid), second.stderr)
        took, code, _ = state.stop(daemon)
        self.assertEqual(code, 0)
        self.assertLess(took, 10)
        import sqlite3
        with sqlite3.connect(state.dir / "cdtd.db") as db:
            db.execute("PRAGMA user_version = 999")
        newer = state.run("run", "--once")
        self.assertEqual(newer.returncode, 1)
        self.assertIn("999", newer.stderr)

    def test_the_daemon_polls_by_hand_and_reads_its_configuration_again(self):
        self.site.pages["/feed/"] = feed(self.put(1))
        self.site.pages["/second/"] = feed(self.put(1, first=77))
        state = self.state()
        daemon = state.start()
        self.wait(lambda: state.json("status")["articles"]["total"] == 1)
        self.site.pages["/feed/"] = feed(self.put(2))
        self.assertEqual(state.run("poll", "sample", "--force").returncode, 0)
        self.wait(lambda: state.json("status")["articles"]["total"] == 2)
        state.write({"sample": self.site.url + "/feed/", "second": self.site.url + "/second/"})
        daemon.send_signal(signal.SIGHUP)
        self.wait(lambda: state.json("status")["articles"]["total"] == 3)
        state.config.write_text("nonsense = 1\n")
        daemon.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertEqual(state.get("/readyz")[0], 200, "a faulty file leaves the running one in force")
        _, code, output = state.stop(daemon)
        self.assertEqual(code, 0)
        self.assertIn("nonsense", output)

    def wait(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.05)
        self.fail("it did not come to pass")

    def test_a_term_signal_in_the_middle_of_slow_fetches_ends_at_once(self):
        self.site.pages["/feed/"] = feed(self.put(20, images=3))
        self.site.delay = 3
        state = self.state()
        daemon = state.start()
        time.sleep(4)
        took, code, output = state.stop(daemon)
        self.assertEqual(code, 0, output)
        self.assertLess(took, 10)

    def test_kill_at_random_moments_loses_nothing_and_tells_nothing_twice(self):
        state = self.state()
        receiver = Receiver(state.folder)
        self.addCleanup(receiver.close)
        state.write({"sample": self.site.url + "/feed/"}, receiver.config(["article.new"]), "announce = 1000")
        dice = random.Random(20261124)
        total = 0
        entries = []
        for _ in range(20):
            entries = self.put(5, first=total + 1, images=2) + entries
            total += 5
            self.site.pages["/feed/"] = feed(entries)
            process = subprocess.Popen([CDTD, "-c", str(state.config), "run", "--once"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.01, 0.6))
            process.kill()
            process.wait()
        state.once()
        self.assertEqual(state.json("status")["articles"]["total"], total)
        received = receiver.received()
        self.assertTrue(all(r["ok"] for r in received))
        ids = {r["id"] for r in received}
        self.assertEqual(len(ids), total, "every article told, none under two ids")
        self.assertEqual(state.sql("SELECT count(*) FROM events WHERE type = 'article.new'")[0][0], total)
        records = warcs_read_back(state)
        places = {(r["file"], r["offset"]) for r in records}
        for warc, offset in state.sql("SELECT w.name, c.offset FROM captures c JOIN warc_files w ON w.id = c.warc"):
            self.assertIn((warc, offset), places)


@unittest.skipUnless(CORPUS.exists(), "the corpus of real articles is not there")
class RealArticles(unittest.TestCase):
    def test_the_chinese_page_is_polled_kept_looked_up_and_its_edits_are_revisions(self):
        site = Site()
        self.addCleanup(site.close)
        page = (CORPUS / "cdt-feeds/zh_page1.synthetic.xml").read_bytes()
        after = (CORPUS / "cdt-feeds/zh_page1.after_edit.synthetic.xml").read_bytes()
        site.pages["/feed/"] = page
        state = State({"zh": site.url + "/feed/"}, feed_extra="fetch_articles = false")
        self.addCleanup(state.remove)
        state.once()
        articles = state.json("articles")["items"]
        self.assertEqual(len(articles), 15)
        for article in articles:
            found = state.json("lookup", article["url"])
            self.assertEqual(found["kind"], "article", article["url"])
            self.assertEqual(state.run("show", article["url"]).returncode, 0)
            for source in article["sources"]:
                if source["url"]:
                    self.assertEqual(state.json("lookup", source["link"])["kind"], "source", source["link"])
        self.assertEqual(state.json("lookup", "https://mp.weixin.qq.com/s/NSPYO3ELls9CrnJg_Lf5sA")["kind"], "source")
        site.pages["/feed/"] = after
        state.once()
        edited = {a["post_id"]: a for a in state.json("articles")["items"] if a["revision"] == 2}

        def items(text):
            found = re.findall(r"<item>.*?</item>", text.decode(), re.S)
            return {int(re.search(r"\?p=(\d+)", item)[1]): item for item in found}

        old, new = items(page), items(after)
        self.assertEqual(set(edited), {n for n in new if old[n] != new[n]})
        self.assertTrue(all(a["revision"] <= 2 for a in edited.values()))
        self.assertTrue(any(a["censored_at"] for a in edited.values()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
