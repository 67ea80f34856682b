"""The commands around feeds, as a user types them: explain, discover, OPML both ways, check, orders to the daemon."""
import json
import subprocess
import unittest

from support import CDTD, Site, State, entry, feed

OFFERS = """<!DOCTYPE html><html><head><title>样本</title>
<link rel="alternate" type="application/rss+xml" title="样本 &raquo; 评论Feed" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml" title="样本 &raquo; Feed\x9b31m&#x202e;" href="feed/">
</head><body><a href="/other/feed/">x</a></body></html>"""


class Commands(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.site.pages["/feed/"] = feed([entry(self.site.url, n, f"街角记事｜第{n}篇", "正文。") for n in (1, 2)])
        self.site.pages["/"] = OFFERS.encode()
        self.site.pages["/bare/page.html"] = b"<html><body>nothing here</body></html>"

    def state(self, feeds, feed_extra="fetch_articles = false", extra=""):
        state = State({name: self.site.url + path for name, path in feeds.items()}, extra, feed_extra)
        self.addCleanup(state.remove)
        return state

    def asked(self):
        paths = [path for path, _ in self.site.hits]
        self.site.hits.clear()
        return paths

    # explain

    def test_explain_says_which_bound_won_and_json_is_the_apis(self):
        state = self.state({"sample": "/feed/", "page": "/"})
        state.once(expect=1)
        done = state.run("feeds", "explain", "sample")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sample: ok, “样本”", done.stdout)
        self.assertRegex(done.stdout, r"(interval|floor) +1h +(configuration|politeness) +\S+ \S+ +decided")
        self.assertIn("ETag", done.stdout)
        page = state.run("feeds", "explain", "page").stdout
        self.assertIn("HTML page", page)
        self.assertIn("1 in a row", page)
        told = state.run("feeds", "explain", "sample", "--json").stdout
        daemon = state.start()
        self.addCleanup(daemon.kill)
        body = state.get("/api/v1/feeds/sample")[1]
        state.stop(daemon)
        self.assertEqual(json.loads(told)["bounds"], json.loads(body)["bounds"])
        self.assertEqual(json.loads(told).keys(), json.loads(body).keys())
        nobody = state.run("feeds", "explain", "nobody")
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("no feed of this name", nobody.stderr)

    # discover

    def discover(self, path, expect=0, *words):
        state = self.state({"sample": "/feed/"})
        done = state.run("feeds", "discover", self.site.url + path, *words)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        self.assertFalse(state.dir.exists(), "nothing is made")
        return done

    def test_discover_lists_what_a_page_offers_without_fetching_it(self):
        done = self.discover("/")
        self.assertEqual(self.asked(), ["/"])
        lines = done.stdout.splitlines()
        self.assertIn(self.site.url + "/feed/", lines[1])
        self.assertIn("样本 » Feed", lines[1])
        self.assertIn("/comments/feed/", lines[2])
        self.assertNotIn("/other/feed/", done.stdout)
        for unsafe in ("\x9b", "\u202e", "\x1b"):
            self.assertNotIn(unsafe, done.stdout)
        found = json.loads(self.discover("/", 0, "--json").stdout)
        self.assertEqual(found["found"], "offered")
        self.assertEqual([f["url"] for f in found["feeds"]], [self.site.url + p for p in ("/feed/", "/comments/feed/")])

    def test_discover_knows_a_feed_and_follows_redirects_to_it(self):
        self.site.pages["/old"] = lambda _: (301, {"Location": "/feed/"}, b"")
        for path in ("/feed/", "/old"):
            done = self.discover(path)
            self.assertIn(f"{self.site.url}/feed/ is a feed: rss 2.0, “样本”, 2 entries", done.stdout)

    def test_discover_reads_link_headers(self):
        link = '</feed/>; rel="alternate"; type="application/rss+xml"; title="by header"'
        self.site.pages["/headed"] = lambda _: (200, {"Link": link, "Content-Type": "text/html"}, b"<html></html>")
        self.assertIn("by header", self.discover("/headed").stdout)

    def test_discover_tries_the_usual_places_one_by_one_and_stops_at_the_first(self):
        self.site.pages["/rss.xml"] = self.site.pages.pop("/feed/")
        self.site.pages["/atom.xml"] = self.site.pages["/rss.xml"]
        done = self.discover("/bare/page.html")
        self.assertIn(self.site.url + "/rss.xml is a feed", done.stdout)
        self.assertEqual(self.asked(), ["/bare/page.html", "/bare/feed/", "/feed/", "/bare/rss.xml", "/rss.xml"])

    def test_discover_looks_around_a_page_that_is_refused(self):
        self.site.pages["/closed/"] = lambda _: (403, {}, b"<title>Just a moment...</title>")
        done = self.discover("/closed/")
        self.assertIn("403", done.stderr)
        self.assertIn(self.site.url + "/feed/ is a feed", done.stdout)

    def test_discover_that_finds_nothing_asks_eight_times_at_most_and_says_so(self):
        del self.site.pages["/feed/"]
        done = self.discover("/bare/page.html", 1)
        self.assertEqual(len(self.asked()), 8)
        self.assertIn("no feed found", done.stderr)
        self.assertEqual(json.loads(self.discover("/bare/page.html", 1, "--json").stdout)["feeds"], [])

    def test_discover_leaves_a_server_alone_that_says_so(self):
        self.site.pages["/busy/"] = lambda _: (429, {"Retry-After": "600"}, b"")
        done = self.discover("/busy/", 1)
        self.assertIn("429", done.stderr)
        self.assertEqual(self.asked(), ["/busy/"])

    def test_discover_keeps_the_address_policy_and_needs_no_configuration(self):
        def run(*words):
            return subprocess.run([CDTD, "-c", "/nonexistent/cdtd.toml", *words], capture_output=True, text=True, timeout=60)

        done = run("feeds", "discover", self.site.url + "/")
        self.assertEqual(done.returncode, 1)
        self.assertIn("allow_private", done.stderr)
        self.assertEqual(self.site.hits, [])
        self.assertEqual(run("feeds", "discover", "ftp://a.example/").returncode, 2)
        self.assertEqual(run("feeds", "discover").returncode, 2)
        faulty = self.state({"sample": "/feed/"}, extra="nonsense = 1\n")
        self.assertEqual(faulty.run("feeds", "discover", self.site.url).returncode, 78)

    # OPML

    def test_our_list_comes_back_from_opml_as_it_was(self):
        off = f'[[feed]]\nname = "off"\nurl = "{self.site.url}/off"\nenabled = false\n'
        state = self.state({"sample": "/feed/", "second": "/second/?a=1&b=2"}, 'interval = "15m"', off)
        without = state.run("feeds", "--opml")
        self.assertEqual(without.returncode, 0, "no database is needed")
        self.assertFalse(state.dir.exists())
        state.once(expect=1)
        opml = state.run("feeds", "--opml").stdout
        self.assertIn('text="样本"', opml, "titles are the database's")
        path = state.folder / "list.opml"
        path.write_text(opml, encoding="utf-8")
        fresh = State({})
        self.addCleanup(fresh.remove)
        missing = str(state.folder / "none.toml")
        blocks = subprocess.run([CDTD, "-c", missing, "feeds", "from-opml", str(path)], capture_output=True, text=True)
        self.assertEqual(blocks.returncode, 0, blocks.stderr)
        self.assertIn("# 样本\n", blocks.stdout)
        fresh.config.write_text(fresh.config.read_text() + blocks.stdout, encoding="utf-8")
        again = fresh.run("feeds", "--opml")
        self.assertEqual(again.returncode, 0, again.stderr)

        def entries(text):
            return [line.split("xmlUrl=")[1] for line in text.splitlines() if "xmlUrl=" in line]

        self.assertEqual(entries(again.stdout), entries(opml))
        self.assertEqual(len(entries(opml)), 3)
        self.assertIn('cdtd:interval="15m"', again.stdout)
        self.assertEqual(again.stdout.count('cdtd:enabled="false"'), 1)

    def test_from_opml_leaves_out_what_is_no_feed_and_renames_what_is_taken(self):
        state = self.state({"sample": "/feed/"})
        text = f"""<opml version="1.0"><body><outline text="f">
<outline text="Sample" xmlUrl="https://a.example/feed"/><outline text="样本" xmlUrl="https://b.example/x/rss"/>
<outline text="twice" xmlUrl="https://a.example/feed"/><outline text="bad" xmlUrl="javascript:x"/><outline text="note&#27;"/>
<outline text="here" xmlUrl="{self.site.url}/feed/"/></outline></body></opml>"""
        done = subprocess.run([CDTD, "-c", str(state.config), "feeds", "from-opml", "-"], input=text, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        names = [line for line in done.stdout.splitlines() if line.startswith("name")]
        self.assertEqual(names, ['name = "sample-2"', 'name = "b-example-x"', 'name = "here"'])
        for word in ("twice", "bad", "note", "configured already, as sample"):
            self.assertIn(word, done.stderr)
        self.assertNotIn("\x1b", done.stderr)
        for bad in ("", "<html/>", "<opml version='2.0'><body/></opml>"):
            done = subprocess.run([CDTD, "-c", str(state.config), "feeds", "from-opml", "-"], input=bad, capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (1, ""), bad)
            self.assertTrue(done.stderr.startswith("cdtd: "), done.stderr)

    # check

    def test_check_asks_nobody_and_names_the_way_out_of_an_html_page(self):
        state = self.state({"page": "/"})
        state.once(expect=1)
        self.site.hits.clear()
        done = state.run("check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"cdtd feeds discover {self.site.url}/", done.stdout)
        self.assertEqual(self.site.hits, [])

    def test_check_looks_at_a_new_feed_that_has_the_address_of_a_page(self):
        state = self.state({"sample": "/feed/", "page": "/"})
        done = state.run("check")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"feed page: .*{self.site.url}/feed/")
        self.assertEqual([path for path, _ in self.site.hits], ["/"], "nobody else was asked")

    def test_check_online_names_the_feeds_of_a_page(self):
        self.site.pages["/closed/"] = lambda _: (403, {}, b"no")
        state = self.state({"sample": "/feed/", "page": "/", "absent": "/absent", "closed": "/closed/"})
        done = state.run("check", "--online")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"feed page: .*{self.site.url}/feed/ .*{self.site.url}/comments/feed/")
        self.assertRegex(done.stderr, r"feed absent: .*404")
        self.assertNotIn("closed", done.stderr, "a refusal says nothing about the feed")
        self.assertIn("feed closed: could not be looked at", done.stdout)
        self.assertIn("feed sample: rss 2.0, 2 entries", done.stdout)
        for unsafe in ("\x9b", "\u202e"):
            self.assertNotIn(unsafe, done.stderr)
        self.assertFalse(state.dir.exists(), "nothing is made")
        good = self.state({"sample": "/feed/"})
        self.assertEqual(good.run("check", "--online").returncode, 0)

    # orders

    def test_orders_reach_the_daemon_or_say_that_there_is_none(self):
        state = self.state({"sample": "/feed/"})
        orders = (["feeds", "release", "sample"], ["feeds", "enable", "sample"], ["backfill", "sample", "--pages", "2"])
        for order in orders:
            done = state.run(*order)
            self.assertEqual(done.returncode, 1)
            self.assertIn("no daemon answers", done.stderr)
        daemon = state.start()
        self.addCleanup(daemon.kill)
        for order in orders:
            done = state.run(*order)
            self.assertRegex(done.stdout, r"^sample: .+\n$")
            self.assertEqual(done.returncode == 0, "accepted" in done.stdout)
        self.assertEqual(state.run("backfill", "sample", "--until", "soon").returncode, 2)
        self.assertEqual(state.run("backfill", "sample", "--pages", "0").returncode, 2)
        self.assertEqual(state.run("backfill").returncode, 2)
        state.stop(daemon)


if __name__ == "__main__":
    unittest.main(verbosity=2)
