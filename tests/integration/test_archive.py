"""Reading the archive back: captures and articles over the API, fit to be opened in a browser."""
import gzip
import hashlib
import json
import re
import unittest
import urllib.request

from support import Site, State, entry, feed

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
                    "000000050001a5f645400000000049454e44ae426082")
PAGE = "<html><head><script>alert(1)</script></head><body><article><p>河边的桥，页面上的。</p></article></body></html>"


class Archive(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.state = State({"sample": self.site.url + "/feed/"})
        self.addCleanup(self.state.remove)
        self.put("河边的桥。")
        self.site.pages["/files/1-0.png"] = lambda _: (200, {"Content-Type": "image/png"}, PNG)
        self.site.pages["/chinese/1.html"] = lambda _: (
            200, {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"}, gzip.compress(PAGE.encode()))

    def put(self, text, images=2):
        self.site.pages["/feed/"] = feed([entry(self.site.url, 1, "【栏目】某报｜桥 &amp; 河", text, images)])

    def start(self):
        daemon = self.state.start()
        self.addCleanup(lambda: daemon.poll() is None and self.state.stop(daemon))

    def open(self, path):
        """Status, headers, bytes."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.state.port}{path}")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def captures(self):
        return {c["url"]: c for c in self.state.json("show", "1")["captures"]}

    def test_an_article_is_shown_with_the_images_that_we_hold(self):
        self.state.once()
        self.start()
        status, headers, body = self.open("/api/v1/articles/1/content")
        page = body.decode()
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "text/html; charset=utf-8")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox;", headers["Content-Security-Policy"])
        self.assertNotIn("script", headers["Content-Security-Policy"])
        self.assertIn("<h1>【栏目】某报｜桥 &amp; 河</h1>", page)
        self.assertIn("<p>河边的桥。</p>", page)
        images = re.findall(r'<img src="([^"]*)"', page)
        self.assertEqual(len(images), 1) # 1-1.png was not to be had
        status, headers, body = self.open(images[0])
        self.assertEqual((status, headers["Content-Type"], body), (200, "image/png", PNG))
        status, headers, body = self.open("/api/v1/articles/1/content.md")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/markdown; charset=utf-8"))
        self.assertEqual(body.decode(), self.state.run("show", "1", "--format", "markdown").stdout)
        self.assertEqual(self.open("/api/v1/articles/1/content.txt")[2].decode().splitlines()[3], "河边的桥。")

    def test_revisions_can_be_seen_one_by_one(self):
        self.state.once()
        self.put("河边的桥断了。")
        self.state.once()
        self.start()
        seen = lambda query: self.open("/api/v1/articles/1/content.txt" + query)[2].decode()
        self.assertIn("河边的桥断了。", seen(""))
        self.assertIn("河边的桥。", seen("?revision=1"))
        for query, status in (("?revision=3", 404), ("?revision=0", 404), ("?revision=x", 400), ("?x=1", 400)):
            self.assertEqual(self.open("/api/v1/articles/1/content" + query)[0], status, query)
        self.assertEqual(self.open("/api/v1/articles/7/content")[0], 404)

    def test_a_capture_is_what_was_sent_and_nothing_in_it_runs(self):
        self.state.once()
        capture = self.captures()[self.site.url + "/chinese/1.html"]
        self.start()
        status, headers, body = self.open(f"/api/v1/captures/{capture['id']}")
        self.assertEqual((status, body.decode()), (200, PAGE))
        self.assertEqual(headers["Content-Type"], "text/html; charset=utf-8")
        self.assertTrue(headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'"))
        self.assertEqual(headers["Link"], f'<{self.site.url}/chinese/1.html>; rel="original"')
        self.assertTrue(headers["Memento-Datetime"].endswith(" GMT"))
        for path in ("/api/v1/captures/999", "/api/v1/captures/x", "/api/v1/captures/01"):
            self.assertEqual(self.open(path)[0], 404)

    def test_the_same_bytes_under_another_url_are_a_revisit_that_reads_as_whole(self):
        self.site.pages["/files/1-1.png"] = self.site.pages["/files/1-0.png"]
        self.state.once()
        first, second = (self.captures()[f"{self.site.url}/files/1-{n}.png"] for n in (0, 1))
        self.assertEqual((first["original"], second["original"]), (None, first["id"]))
        self.assertEqual(second["sha256"], hashlib.sha256(PNG).hexdigest())
        self.start()
        self.assertEqual(self.open(f"/api/v1/captures/{second['id']}")[2], PNG)

    def test_damage_is_said_with_its_place(self):
        self.state.once()
        capture = self.captures()[self.site.url + "/files/1-0.png"]
        path = self.state.dir / "warc" / capture["warc"]
        damaged = bytearray(path.read_bytes())
        damaged[capture["offset"] + capture["length"] // 2] ^= 1
        path.write_bytes(damaged)
        self.start()
        status, _, body = self.open(f"/api/v1/captures/{capture['id']}")
        self.assertEqual(status, 503)
        self.assertIn(f"offset {capture['offset']}", json.loads(body)["detail"])


if __name__ == "__main__":
    unittest.main()
