"""What goes over the wire when a feed is polled: validators, headers, methods. The numbers are those of the checklist that
people who run feed servers ask for; test_polite_schedule.py has the ones about when."""
import gzip
import signal
import time
import unittest

from scripted import Case, Document, http_date, item
from support import feed

ODD_DATE = "Wed, 18 nov 2026  9:05:00 gmt+0"


class Wire(Case):
    def setUp(self):
        self.server = self.site()
        self.document = Document(feed([item(self.server.url, 1)]), '"first"', ODD_DATE)
        self.server.pages["/feed/"] = self.document

    def sample(self, path="/feed/", **how):
        return self.state({"sample": self.server.url + path}, **how)

    def last_asked(self, state):
        """What the next poll, after a restart, says of the document that is held."""
        state.once()
        return self.validators(self.server.asked[-1])

    @staticmethod
    def validators(asked):
        return asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since")

    def test_c01_the_first_request_alone_is_unconditional_over_reload_restart_and_kill(self):
        state = self.sample()
        daemon = self.start(state)
        self.wait(lambda: len(self.server.asked) >= 2)
        daemon.send_signal(signal.SIGHUP)
        seen = len(self.server.asked)
        self.wait(lambda: len(self.server.asked) > seen)
        daemon = self.restart(state, daemon)
        seen = len(self.server.asked)
        self.wait(lambda: len(self.server.asked) > seen + 1)
        state.stop(daemon)
        state.once()
        bare = [n for n, asked in enumerate(self.server.asked)
                if not {"If-None-Match", "If-Modified-Since"} & asked.headers.keys()]
        self.assertEqual(bare, [0])

    def test_c02_every_later_request_names_each_validator_that_was_given(self):
        for etag, modified in (('"both"', ODD_DATE), ('"etag only"', None), (None, ODD_DATE)):
            with self.subTest(etag=etag, modified=modified):
                self.document.etag, self.document.modified = etag, modified
                state = self.sample()
                state.once()
                for _ in range(3):
                    self.assertEqual(self.last_asked(state), (etag, modified))
                before = len(self.server.asked)
                daemon = self.restart(state, self.start(state))
                self.wait(lambda: len(self.server.asked) >= before + 2)
                self.kill(daemon) # or it asks on while the next is tried
                for asked in self.server.asked[before:]:
                    self.assertEqual(self.validators(asked), (etag, modified))

    def test_c03_validators_come_back_byte_for_byte(self):
        for etag, modified in (('W/"weak"', "Wed, 18 Nov 2026 09:05:00 GMT"), ("unquoted", "0"), ('"with space, comma"', ODD_DATE),
                               ('W/W/"odd"', "2026-11-18T09:05:00+08:00"), ('""', "Wednesday"), ('"\\"back\\""', "-1"),
                               ('"' + "e" * 900 + '"', "Sun, 06 Nov 1994 08:49:37 GMT")):
            with self.subTest(etag=etag, modified=modified):
                self.document.etag, self.document.modified = etag, modified
                state = self.sample()
                state.once()
                self.assertEqual(self.last_asked(state), (etag, modified))
                told = self.feed(state)
                self.assertEqual((told["etag"], told["last_modified"]), (etag, modified))

    def test_c03_validators_that_are_no_utf_8_come_back_too_and_break_no_json(self):
        for etag in ('"\xe9t\xe9"', '"\xff\xfe"', '"tab\there"', '"\xe4\xb8\xad"'):
            with self.subTest(etag=etag):
                self.document.etag = etag
                state = self.sample()
                state.once()
                self.assertEqual(self.last_asked(state)[0], etag)
                self.assertIsInstance(self.feed(state)["etag"], str)

    def test_c03_a_304_renews_what_it_names_and_keeps_what_it_does_not(self):
        state = self.sample()
        state.once()
        self.document.answer = (304, {"ETag": '"renewed"'}, b"")
        state.once()
        self.assertEqual(self.last_asked(state), ('"renewed"', ODD_DATE))
        self.document.answer = (304, {}, b"")
        state.once()
        self.assertEqual(self.last_asked(state), ('"renewed"', ODD_DATE))
        self.document.answer = (304, {"Last-Modified": "later"}, b"")
        state.once()
        self.assertEqual(self.last_asked(state), ('"renewed"', "later"))

    def test_c04_each_validator_is_renewed_though_the_other_stayed(self):
        state = self.sample()
        state.once()
        self.document.answer = (200, {"ETag": '"second"', "Last-Modified": ODD_DATE}, feed([item(self.server.url, 2)]))
        state.once()
        self.assertEqual(self.last_asked(state), ('"second"', ODD_DATE))
        self.document.answer = (200, {"ETag": '"second"', "Last-Modified": "newer"}, feed([item(self.server.url, 3)]))
        state.once()
        self.assertEqual(self.last_asked(state), ('"second"', "newer"))

    def test_c05_validators_of_the_same_bytes_are_stored_too(self):
        state = self.sample()
        state.once()
        self.document.answer = (200, {"ETag": '"touched"', "Last-Modified": "touched"}, self.document.body)
        state.once()
        self.assertEqual(self.last_asked(state), ('"touched"', "touched"))
        self.assertEqual(self.posts(state), [1])

    def test_c06_no_date_is_invented(self):
        for etag in (None, '"only this"'):
            with self.subTest(etag=etag):
                self.document.etag, self.document.modified = etag, None
                self.document.headers = {"Date": http_date(0), "Expires": "0"}
                state = self.sample()
                state.once()
                self.assertEqual(self.last_asked(state), (etag, None))
                self.assertEqual(self.last_asked(state), (etag, None))

    def test_c07_a_200_without_a_validator_forgets_it(self):
        state = self.sample()
        state.once()
        self.document.answer = (200, {"Last-Modified": "kept"}, feed([item(self.server.url, 2)]))
        state.once()
        self.assertEqual(self.last_asked(state), (None, "kept"))
        self.document.answer = (200, {}, self.document.body)
        state.once()
        self.assertEqual(self.last_asked(state), (None, None))

    def test_c07_no_failure_touches_the_validators(self):
        def breaks_off(request):
            request.send_response(200)
            for name, value in {"ETag": '"wrong"', "Last-Modified": "wrong", "Content-Length": "100000"}.items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(self.document.body)
            request.close_connection = True

        wrong = {"ETag": '"wrong"', "Last-Modified": "wrong"}
        page = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>"
        whole = self.document.body
        state = self.sample(http_extra='timeout = "1s"')
        state.once()
        for words, answer in (("404", (404, wrong, b"")), ("500", (500, wrong, whole)), ("503", (503, wrong, b"")),
                              ("challenge", (403, {**wrong, "cf-mitigated": "challenge"}, page)),
                              ("challenge with 200", (200, wrong, page)), ("html", (200, wrong, b"<html><p>nothing</p></html>")),
                              ("nothing", (200, wrong, b"")), ("empty feed", (200, wrong, feed([]))),
                              ("gzip cut off", (200, {**wrong, "Content-Encoding": "gzip"}, gzip.compress(whole)[:-6])),
                              ("broken off", breaks_off), ("time-out", lambda _: time.sleep(2))):
            with self.subTest(words):
                self.server.pages["/feed/"] = answer if callable(answer) else (lambda _, answer=answer: answer)
                state.once(expect=1)
                told = self.feed(state)
                self.assertTrue(told["last_error"])
                self.assertEqual((told["etag"], told["last_modified"]), ('"first"', ODD_DATE))
        self.server.pages["/feed/"] = self.document
        self.assertEqual(self.last_asked(state), ('"first"', ODD_DATE))
        self.assertIsNone(self.feed(state)["last_error"])
        self.assertEqual(self.posts(state), [1])

    def test_c13_gzip_is_asked_for_and_read(self):
        self.document.answer = (200, {"Content-Encoding": "gzip"}, gzip.compress(self.document.body))
        state = self.sample()
        state.once()
        state.once()
        for asked in self.server.asked:
            self.assertIn("gzip", asked.headers["Accept-Encoding"])
        self.assertEqual(self.posts(state), [1])

    def test_c14_a_gzip_variants_validator_comes_back_unchanged_with_the_date(self):
        self.document.answer = (200, {"Content-Encoding": "gzip", "ETag": '"5e0-62a1-gzip"', "Last-Modified": ODD_DATE},
                                gzip.compress(self.document.body))
        state = self.sample()
        state.once()
        self.assertEqual(self.last_asked(state), ('"5e0-62a1-gzip"', ODD_DATE))

    def test_c15_cookies_are_never_sent(self):
        cookie = {"Set-Cookie": "visitor=7; Path=/"}
        self.document.headers = cookie
        self.server.pages["/old/"] = lambda _: (302, {**cookie, "Location": "/feed/"}, b"")
        self.server.pages["/chinese/1.html"] = lambda _: (200, cookie, b"<html><body>1</body></html>")
        state = self.sample("/old/", feed_extra="fetch_articles = true")
        state.once()
        state.once()
        self.assertEqual({asked.path for asked in self.server.asked}, {"/old/", "/feed/", "/robots.txt", "/chinese/1.html"})
        self.assertFalse([asked for asked in self.server.asked if "Cookie" in asked.headers])

    def test_c16_no_referer_is_sent_after_a_redirect_either(self):
        self.server.pages["/old/"] = lambda _: (302, {"Location": "/feed/"}, b"")
        state = self.sample("/old/")
        state.once()
        state.once()
        self.assertEqual([asked.path for asked in self.server.asked], ["/old/", "/feed/"] * 2)
        self.assertFalse([asked for asked in self.server.asked if "Referer" in asked.headers])

    def test_c17_the_url_is_asked_as_it_stands_without_fragment(self):
        for path, asked_as in (("/feed/", "/feed/"), ("/feed/#latest", "/feed/"), ("/feed/?b=2&a=1#x", "/feed/?b=2&a=1"),
                               ("/feed/?q=a+b%20c", "/feed/?q=a+b%20c"), ("/中文/feed/", "/%E4%B8%AD%E6%96%87/feed/")):
            with self.subTest(path):
                self.server.asked.clear()
                self.server.pages[asked_as] = self.document
                state = self.sample(path)
                state.once()
                state.once()
                self.assertEqual([asked.path for asked in self.server.asked], [asked_as] * 2)

    def test_c17_a_redirects_target_is_asked_without_fragment_and_percent_encoded(self):
        self.server.pages["/%E4%B8%AD/feed/?a=%20"] = self.document
        self.server.pages["/old/"] = lambda _: (302, {"Location": "/中/feed/?a=%20#top".encode().decode("latin-1")}, b"")
        state = self.sample("/old/")
        state.once()
        self.assertEqual(self.server.asked[-1].path, "/%E4%B8%AD/feed/?a=%20")

    def test_c18_the_user_agent_names_program_version_and_contact_everywhere(self):
        picture = item(self.server.url, 1, text='<img src="%s/files/1.png">' % self.server.url)
        self.document.body = feed([picture])
        self.server.pages["/chinese/1.html"] = b"<html><body>1</body></html>"
        self.server.pages["/files/1.png"] = b"\x89PNG picture"
        state = self.sample(feed_extra="fetch_articles = true")
        state.once()
        state.once()
        self.assertEqual({asked.path for asked in self.server.asked},
                         {"/feed/", "/robots.txt", "/chinese/1.html", "/files/1.png"})
        for asked in self.server.asked:
            self.assertRegex(asked.headers["User-Agent"], r"^cdtd/\d+\.\d+\S* \(\+https://example\.org/tests\)$")

    def test_c19_nothing_is_fetched_that_nobody_asked_for_and_an_article_once(self):
        self.server.pages["/chinese/1.html"] = b"<html><head><link rel=icon href=/favicon.ico></head><body>1</body></html>"
        state = self.sample(feed_extra="fetch_articles = true")
        for n in range(3):
            state.once()
            self.document.answer = (200, {"ETag": f'"{n}"'}, self.document.body + b"\n" * n)
        self.assertEqual([asked.path for asked in self.server.asked], ["/feed/", "/robots.txt", "/chinese/1.html", "/feed/", "/feed/"])
        self.server.asked.clear()
        quiet = self.sample()
        quiet.once()
        quiet.once()
        self.assertEqual({asked.path for asked in self.server.asked}, {"/feed/"})

    def test_c21_only_get_is_used(self):
        self.server.pages["/old/"] = lambda _: (301, {"Location": "/feed/"}, b"")
        self.server.pages["/chinese/1.html"] = b"<html><body>1</body></html>"
        state = self.sample("/old/", feed_extra="fetch_articles = true")
        state.once()
        self.document.answer = (405, {"Allow": "HEAD"}, b"")
        state.once(expect=1)
        self.assertEqual({asked.method for asked in self.server.asked}, {"GET"})

    def test_c23_an_http_feed_stays_http(self):
        self.document.headers = {"Strict-Transport-Security": "max-age=31536000", "Upgrade": "h2c",
                                 "Content-Security-Policy": "upgrade-insecure-requests"}
        state = self.sample()
        for _ in range(3):
            state.once()
        self.assertEqual([asked.path for asked in self.server.asked], ["/feed/"] * 3)
        self.assertFalse([asked for asked in self.server.asked if "Upgrade-Insecure-Requests" in asked.headers])
        self.assertEqual(self.feed(state)["url"], self.server.url + "/feed/")
        self.document.answer = (301, {"Location": self.server.url.replace("http:", "https:") + "/feed/"}, b"")
        state.once(expect=1)
        self.document.answer = None
        state.once()
        self.assertEqual(self.feed(state)["url"], self.server.url + "/feed/")


if __name__ == "__main__":
    unittest.main(verbosity=2)
