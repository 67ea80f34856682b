"""Reading the archive back: captures and articles over the API, fit to be opened in a browser."""
import gzip
import hashlib
import json
import os
import re
import socket
import sqlite3
import time
import unittest
import urllib.request

from evidence import members
from support import Site, State, entry, feed, peak_memory, sanitized

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
        return daemon

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

    def test_what_is_over_the_limit_is_kept_as_far_as_it_came_and_not_asked_for_again(self):
        self.state.write({"sample": self.site.url + "/feed/"}, '[archive]\nretry = ["1s"]\n', http_extra='max_body = "100KB"\n')
        big = bytes(range(256)) * 2000
        self.site.pages["/files/1-1.png"] = lambda _: (200, {"Content-Type": "image/png"}, big)
        self.site.pages["/chinese/1.html"] = lambda _: (200, {"Content-Type": "text/html"}, big)
        for _ in range(2):
            self.state.once()
            time.sleep(1.5)
        self.state.once()
        self.assertEqual([one.path for one in self.site.asked].count("/files/1-1.png"), 1)
        self.assertEqual([one.path for one in self.site.asked].count("/chinese/1.html"), 1)
        shown = self.state.json("show", "1")
        self.assertEqual(shown["state"], "archived")
        missing = {"/" + one["url"].split("/", 3)[3]: one for one in shown["missing"]}
        for path in ("/files/1-1.png", "/chinese/1.html"):
            one = missing[path]
            self.assertIn("100", one["reason"])
            self.assertIsNone(one["next_try_at"])
            capture = self.captures()[self.site.url + path]
            self.assertEqual(capture["bytes"], 100_000)
        self.assertEqual(self.state.sql("SELECT DISTINCT truncated FROM captures WHERE bytes = 100000"), [("length",)])
        self.assertEqual(self.state.run("verify").returncode, 0)
        self.start()
        self.assertNotIn("/captures/" + str(capture["id"]), self.open("/api/v1/articles/1/content")[2].decode())

    def test_slow_readers_of_big_captures_take_no_memory(self):
        big = os.urandom(12_000_000)
        self.site.pages["/files/1-1.png"] = lambda _: (200, {"Content-Type": "image/png"}, big)
        self.state.once()
        capture = self.captures()[self.site.url + "/files/1-1.png"]["id"]
        daemon = self.start()
        self.assertEqual(self.open(f"/api/v1/captures/{capture}")[2], big)
        readers = []
        for _ in range(40):
            reader = socket.create_connection(("127.0.0.1", self.state.port))
            self.addCleanup(reader.close)
            reader.sendall(f"GET /api/v1/captures/{capture} HTTP/1.1\r\nHost: 127.0.0.1:{self.state.port}\r\n\r\n".encode())
            readers.append(reader)
        for reader in readers:
            self.assertIn(b"200 OK", reader.recv(100))
        if not sanitized(daemon.pid):
            self.assertLess(peak_memory(daemon.pid), 128 << 20)

    def test_what_a_browser_does_not_show_is_just_bytes(self):
        self.state.once()
        capture = self.captures()[self.site.url + "/files/1-0.png"]
        with sqlite3.connect(self.state.dir / "cdtd.db") as db:
            db.execute("UPDATE captures SET type = 'application/x-msdownload' WHERE id = ?", (capture["id"],))
        db.close()
        self.start()
        self.assertEqual(self.open(f"/api/v1/captures/{capture['id']}")[1]["Content-Type"], "application/octet-stream")
        for form in ("", ".txt", ".md"):
            self.assertIn("sandbox", self.open("/api/v1/articles/1/content" + form)[1]["Content-Security-Policy"])

    def test_what_the_operator_configured_is_in_no_record(self):
        self.state.write({"sample": self.site.url + "/feed/"}, feed_extra='headers = {X-Ours = "s3cret", Cookie = "s3cret"}')
        self.state.once()
        for warc in (self.state.dir / "warc").iterdir():
            text = b"".join(gzip.decompress(warc.read_bytes()[at:at + length]) for at, length in members(warc))
            self.assertNotIn(b"s3cret", text)
            self.assertNotIn(b"X-Ours", text)
            self.assertIn(b"GET /feed/ HTTP/1.1", text)

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
