"""Whatever a server sends: an error in words of that feed (or the entries, where it can be read), memory within bounds, and
the other feeds polled on time."""
import gzip
import pathlib
import time
import unittest

from scripted import Case, Document, item
from support import feed, peak_memory, sanitized

MEBIBYTE = 1 << 20
MOST_MEMORY = 128 * MEBIBYTE
ON_TIME = 15  # seconds for an interval of one: a busy machine may be late, a feed that waits for another is later
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'


class Hostile(Case):
    def setUp(self):
        self.bad, self.good = self.site(), self.site("127.0.0.2")
        self.good.pages["/feed/"] = Document(feed([item(self.good.url, 1)]), '"good"')

    def poll(self, page, seconds=30):
        """What is told of the bad feed after its first poll with an end; the good one must have gone on meanwhile."""
        self.bad.pages["/feed/"] = page
        state = self.state({"bad": self.bad.url + "/feed/", "good": self.good.url + "/feed/"},
                           http_extra='timeout = "4s"\nconnect_timeout = "2s"\n')
        text = state.config.read_text().replace('["127.0.0.1/32"]', '["127.0.0.1/32", "127.0.0.2/32"]')
        state.config.write_text(text.replace('interval = "1s"', 'interval = "1h"', 1))
        daemon = self.start(state)
        self.wait(lambda: self.feed(state, "bad")["last_poll_at"], seconds, "the poll came to no end")
        polled = len(self.good.asked)
        self.wait(lambda: len(self.good.asked) >= polled + 2, 40, "the good feed is polled on")
        times = [asked.at for asked in self.good.asked]
        on_time = ON_TIME * (4 if sanitized(daemon.pid) else 1)
        self.assertLess(max(later - earlier for earlier, later in zip(times, times[1:])), on_time, "and on time")
        self.assertIsNone(self.feed(state, "good")["last_error"])
        if not sanitized(daemon.pid):
            self.assertLess(peak_memory(daemon.pid), MOST_MEMORY)
        self.assertEqual(state.get("/readyz")[0], 200)
        told = self.feed(state, "bad")
        took, code, _ = state.stop(daemon)
        self.assertEqual(code, 0)
        self.assertLess(took, 10)
        told["articles"] = [a for a in self.articles(state) if "bad" in a["feeds"]]
        return told

    def assert_error(self, told, words="."):
        self.assertTrue(told["last_error"], told)
        self.assertRegex(told["last_error"].lower(), words)
        self.assertNotIn("\n", told["last_error"])
        self.assertLessEqual(len(told["last_error"].encode()), 600)
        self.assertEqual(told["articles"], [])
        self.assertEqual((told["etag"], told["last_modified"]), (None, None))

    def assert_error_or_read(self, told, numbers):
        if told["last_error"]:
            self.assert_error(told)
        else:
            self.assertEqual(sorted(a["post_id"] for a in told["articles"]), sorted(numbers))

    def trickle(self, chunks, pause):
        """A 200 without a length that goes on until the client hangs up."""
        def page(request):
            request.send_response(200)
            request.send_header("Content-Type", "application/rss+xml")
            request.send_header("Connection", "close")
            request.end_headers()
            for chunk in chunks:
                request.wfile.write(chunk)
                request.wfile.flush()
                if pause:
                    time.sleep(pause)
            request.close_connection = True
        return page

    def test_a_million_nested_elements(self):
        deep = HEAD + b"<rss version='2.0'><channel>" + b"<a>" * 1_000_000 + b"</a>" * 1_000_000 + b"</channel></rss>"
        self.assert_error(self.poll(deep))

    def test_a_million_nested_elements_in_an_entrys_html(self):
        deep = "<div>" * 1_000_000
        self.assert_error_or_read(self.poll(feed([item(self.bad.url, 1, text=deep)])), [1])

    def test_an_entity_bomb(self):
        entities = b'<!ENTITY a0 "ha">' + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 20))
        body = feed([item(self.bad.url, 1, title="&a19;")])
        self.assert_error_or_read(self.poll(body.replace(b"<rss", b"<!DOCTYPE rss [" + entities + b"]><rss", 1)), [1])

    def test_an_external_entity_is_never_fetched(self):
        secret = self.site()
        files = b'<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY h SYSTEM "%s/secret">' % secret.url.encode()
        files += b'<!ENTITY %% p SYSTEM "%s/parameter">%%p;' % secret.url.encode()
        body = feed([item(self.bad.url, 1, title="名：&f;&h;")])
        told = self.poll(body.replace(b"<rss", b"<!DOCTYPE rss [" + files + b"]><rss", 1))
        self.assert_error_or_read(told, [1])
        self.assertEqual(secret.asked, [])
        hostname = pathlib.Path("/etc/hostname").read_text().strip() if pathlib.Path("/etc/hostname").exists() else "\0"
        self.assertFalse([a for a in told["articles"] if hostname in a["title"]])

    def test_a_body_without_end(self):
        start = HEAD + b"<rss version='2.0'><channel><title>"
        chunks = (start if n == 0 else b"x" * 65536 for n in range(1 << 20))
        self.assert_error(self.poll(self.trickle(chunks, 0)), "16|big|large|limit|long")

    def test_a_byte_a_second(self):
        body = feed([item(self.bad.url, 1)])
        self.assert_error(self.poll(self.trickle((body[n:n + 1] for n in range(len(body))), 1)), "time|slow|seconds")

    def test_a_head_a_byte_a_second(self):
        def page(request):
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 60:
                request.wfile.write(bytes([byte]))
                request.wfile.flush()
                time.sleep(1)
        self.assert_error(self.poll(page), "time|slow|seconds")

    def test_a_compression_bomb(self):
        bomb = gzip.compress(HEAD + b"<rss><channel>" + b" " * (1 << 30 >> 2), 9)
        self.assert_error(self.poll(lambda _: (200, {"Content-Encoding": "gzip"}, bomb)), "16|big|large|limit|bomb|ratio")

    def test_a_gzip_in_a_gzip_and_an_unknown_coding(self):
        body = feed([item(self.bad.url, 1)])
        for coding, coded in (("gzip, gzip", gzip.compress(gzip.compress(body))), ("x-own", body)):
            with self.subTest(coding):
                told = self.poll(lambda _, coding=coding, coded=coded: (200, {"Content-Encoding": coding}, coded))
                self.assert_error_or_read(told, [1])

    def test_a_flood_of_headers(self):
        def page(request):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for n in range(1 << 20):
                request.wfile.write(b"X-%d: %s\r\n" % (n, b"z" * 1000))
        self.assert_error(self.poll(page), "head")

    def assert_none_is_followed(self, targets):
        feeds = {}
        for n, target in enumerate(targets):
            self.bad.pages[f"/{n}/"] = lambda _, target=target: (301, {"Location": target}, b"")
            feeds[f"feed-{n}"] = f"{self.bad.url}/{n}/"
        state = self.state(feeds)
        state.once(expect=1)
        for n, target in enumerate(targets):
            with self.subTest(target):
                told = self.feed(state, f"feed-{n}")
                self.assertTrue(told["last_error"])
                self.assertEqual(told["url"], feeds[f"feed-{n}"])
        self.assertEqual(self.articles(state), [])

    def test_redirects_to_private_addresses(self):
        secret = self.site("127.0.0.3")
        secret.pages["/feed/"] = feed([item(secret.url, 9)])
        port = secret.server.server_port
        self.assert_none_is_followed([secret.url + "/feed/", "http://10.0.0.1/feed/", "http://169.254.169.254/latest/meta-data/",
                                      "http://[::1]/feed/", f"http://0x7f000003:{port}/feed/", f"http://2130706435:{port}/feed/",
                                      f"http://[::ffff:127.0.0.3]:{port}/feed/", f"http://127.3:{port}/feed/"])
        self.assertEqual(secret.asked, [])

    def test_redirects_to_other_schemes(self):
        self.assert_none_is_followed(["file:///etc/passwd", "gopher://127.0.0.1:1/", "ftp://127.0.0.1/feed", "javascript:alert(1)",
                                      "data:text/xml,<rss/>", "dict://127.0.0.1:1/"])

    def test_redirects_in_a_circle_and_without_end(self):
        self.bad.pages["/b/"] = lambda _: (302, {"Location": "/feed/"}, b"")
        self.assert_error(self.poll(lambda _: (302, {"Location": "/b/"}, b"")), "redirect|loop|circle")
        asked = len(self.bad.asked)
        self.assertLessEqual(asked, 6)
        self.bad.other = lambda request: (302, {"Location": request.path + "x"}, b"")
        self.assert_error(self.poll(lambda _: (302, {"Location": "/x"}, b"")), "redirect")
        self.assertLessEqual(len(self.bad.asked) - asked, 6)

    def test_answers_that_are_no_http(self):
        body = feed([item(self.bad.url, 1)])
        answers = [b"", b"\r\n\r\n", b"\0" * 1000, b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + body, b"HTTP/9.9 200 OK\r\n\r\n" + body,
                   b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + body,
                   b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + body[:16] + b"\r\n",
                   b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 301 Moved\r\nLocation: \r\nContent-Length: 0\r\n\r\n",
                   b"HTTP/1.1 204 No Content\r\nETag: \"none\"\r\n\r\n", b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
                   b"HTTP/1.1 100 Continue\r\n\r\n" * 5000]

        def writes(answer):
            def page(request):
                request.wfile.write(answer)
                request.close_connection = True
            return page

        feeds = {}
        for n, answer in enumerate(answers):
            self.bad.pages[f"/{n}/"] = writes(answer)
            feeds[f"feed-{n}"] = f"{self.bad.url}/{n}/"
        state = self.state(feeds, http_extra='timeout = "4s"')
        state.once(expect=1)
        for n, answer in enumerate(answers):
            with self.subTest(answer[:40]):
                told = self.feed(state, f"feed-{n}")
                self.assertTrue(told["last_error"])
                self.assertIsNone(told["etag"])
        self.assertEqual(self.articles(state), [])

    def test_many_big_bodies_at_once(self):
        sites = [self.site(f"127.0.0.{n}") for n in range(3, 15)]
        for n, site in enumerate(sites):
            site.pages["/feed/"] = feed([item(site.url, n + 1)]) + b"<!--" + b"x" * (15 * MEBIBYTE) + b"-->"
        state = self.state({f"feed-{n}": site.url + "/feed/" for n, site in enumerate(sites)})
        state.config.write_text(state.config.read_text().replace("127.0.0.1/32", "127.0.0.0/8").replace('"1s"', '"1h"'))
        daemon = self.start(state)
        self.wait(lambda: all(f["last_poll_at"] for f in state.json("feeds")["items"]), 60)
        self.assertEqual([f["last_error"] for f in state.json("feeds")["items"]], [None] * 12)
        if not sanitized(daemon.pid):
            self.assertLess(peak_memory(daemon.pid), MOST_MEMORY)

    def test_half_a_million_items(self):
        body = HEAD + b"<rss version='2.0'><channel>" + b"<item></item>" * 500_000 + b"</channel></rss>"
        told = self.poll(body, 60)
        self.assertLess(len(told["articles"]), 500)

    def test_half_a_million_items_with_something_in_them(self):
        items = b"".join(b"<item><title>t%d</title></item>" % n for n in range(450_000))
        told = self.poll(HEAD + b"<rss version='2.0'><channel>" + items + b"</channel></rss>", 60)
        self.assertTrue(told["last_error"] or told["repairs"] or told["entries"] == 450_000, "nothing is left out without a word")

    def test_a_title_of_five_megabytes(self):
        told = self.poll(feed([item(self.bad.url, 1, title="长" * (5 * MEBIBYTE // 3)), item(self.bad.url, 2)]))
        self.assert_error_or_read(told, [1, 2])


if __name__ == "__main__":
    unittest.main(verbosity=2)
