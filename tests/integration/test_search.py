"""Search through the whole program: what a feed brings is found, edits keep the index right, over a kill too."""
import json
import signal
import sqlite3
import time
import unittest
import urllib.parse

from support import Site, State, entry, feed

SECRET = "whsec_c2FtcGxlLXNlY3JldC1mb3ItdGhlLXRlc3RzLTAwMQ=="


class Search(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)

    def state(self, extra="", feed_extra=""):
        state = State({"sample": self.site.url + "/feed/"}, extra, "fetch_articles = false\n" + feed_extra)
        self.addCleanup(state.remove)
        return state

    def put(self, *texts):
        """(number, title, text) each."""
        self.site.pages["/feed/"] = feed([entry(self.site.url, *words) for words in texts])

    def found(self, state, *words):
        return [item["post_id"] for item in state.json("search", *words)["items"]]

    def test_what_a_feed_brings_is_found_and_edits_keep_the_index_right(self):
        self.put((1, "某报｜長江水位", "河邊的人說水退了。"), (2, "某报｜桥", "河边的桥，Café 开着门。"))
        state = self.state()
        state.once()
        self.assertEqual(sorted(self.found(state, "河边")), [1, 2])
        self.assertEqual(self.found(state, "长江"), [1])
        self.assertEqual(self.found(state, "title:桥 cafe -水退"), [2])
        self.assertEqual(self.found(state, "feed:sample outlet:某报 退"), [1])
        listed = state.json("articles", "--query", "河边 NOT 长江", "--feed", "sample")
        self.assertEqual([item["post_id"] for item in listed["items"]], [2])
        self.put((1, "【404文库】某报｜長江水位", "河邊的人說水退了。"), (2, "某报｜桥", "河边的店关着门。"))
        state.once()
        self.assertEqual(self.found(state, "404文库"), [1])
        self.assertEqual(self.found(state, "cafe"), [])
        self.assertEqual(self.found(state, "店关着"), [2])
        self.assertEqual(self.found(state, "title:404文库 河边"), [1])

    def test_the_command_is_for_people_and_a_fault_has_its_place(self):
        self.put((1, "某报｜桥", "河边的桥\u202e，&lt;b&gt;\u001b[31m人们在等。".replace("\u001b", "")))
        state = self.state()
        state.once()
        done = state.run("search", "在等")
        self.assertEqual(done.returncode, 0)
        self.assertIn("人们在等。", done.stdout)
        self.assertNotIn("\u202e", done.stdout)
        self.assertNotIn("\x1b", done.stdout)
        self.assertIn("Nothing found", state.run("search", "没有").stdout)
        for words in (("search", "桥 (河"), ("articles", "--query", "桥 (河")):
            done = state.run(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn('column 3: a "(" without ")"', done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertIn("人们在等", state.run("search", "桥", "-死", "--limit", "5").stdout)
        self.assertIn("Nothing found", state.run("search", "-桥", "在等").stdout)
        self.assertEqual(state.run("search", "--limi", "5").returncode, 2)
        self.assertEqual(state.run("search").returncode, 2)

    def test_the_command_prints_what_the_api_gives(self):
        self.put((1, "桥", "河边的桥。"), (2, "店", "河边的店。"))
        state = self.state()
        state.once()
        printed = state.json("search", "河边", "--limit", "1")
        daemon = state.start()
        status, body = state.get("/api/v1/search?limit=1&q=" + urllib.parse.quote("河边"))
        state.stop(daemon)
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(body), printed)
        self.assertIsNotNone(printed["next"])
        self.assertEqual(printed["items"][0]["passage"]["field"], "body")
        self.assertIn({"text": "河边", "match": True}, printed["items"][0]["passage"]["parts"])

    def test_after_a_kill_the_index_says_what_the_articles_say(self):
        self.put(*[(n, f"第{n}篇", f"第{n}篇的正文，甲{n}乙。") for n in range(1, 31)])
        state = self.state()
        daemon = state.start()
        deadline = time.monotonic() + 30
        while state.sql("SELECT count(*) FROM articles")[0][0] == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        state.stop(daemon, signal.SIGKILL)
        self.put(*[(n, f"第{n}篇", f"第{n}篇的正文，丙{n}丁。") for n in range(1, 31)])
        state.once()
        for n in range(1, 31):
            self.assertEqual(self.found(state, f"丙{n}丁"), [n])
            self.assertEqual(self.found(state, f"甲{n}乙"), [])

    def test_an_archive_from_before_the_index_is_indexed_by_the_daemon(self):
        self.put(*[(n, f"第{n}篇", f"河边的第{n}篇。") for n in range(1, 8)])
        state = self.state()
        state.once()
        with sqlite3.connect(state.dir / "cdtd.db") as db:
            db.execute("UPDATE search_state SET folding = 'another'")
            db.execute("UPDATE search_state SET pending = 3")
        self.assertIn("3 articles are not in the search index", state.run("search", "河边").stderr)
        daemon = state.start()
        deadline = time.monotonic() + 30
        while state.sql("SELECT pending FROM search_state")[0][0] != 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        output = state.stop(daemon)[2]
        self.assertIn("the search index is whole", output)
        self.assertEqual(len(self.found(state, "河边")), 7)

    def test_match_narrows_what_an_endpoint_is_told(self):
        got = []
        for path in ("/a", "/b"):
            def take(request, path=path):
                body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
                got.append((path, body["data"]["article"]["post_id"]))
                return 200, {}, b""
            self.site.pages[path] = take
        hooks = "".join(f'[[webhook]]\nname = "{name}"\nurl = "{self.site.url}/{name}"\nsecret = "{SECRET}"\n'
                        f"match = '{match}'\n" for name, match in (("a", "title:桥 -店"), ("b", "-桥")))
        self.put((1, "桥", "河边的桥。"), (2, "店", "河边的店。"), (3, "桥", "桥头的店。"))
        self.state(hooks, "announce = 3").once()
        self.assertEqual(sorted(got), [("/a", 1), ("/b", 2)])
        bad = self.state(hooks.replace("-桥", "桥 OR"))
        done = bad.run("check")
        self.assertEqual(done.returncode, 78)
        self.assertIn("match", done.stderr + done.stdout)
        self.assertIn("column 3: nothing behind OR", done.stderr + done.stdout)


if __name__ == "__main__":
    unittest.main()
