"""What an answer makes of a feed: moved, gone, failing, well again. Number 20 of the checklist of test_polite.py, and what
is told to people."""
import time
import unittest

from scripted import Case, Document, item, time_of
from support import feed

CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>"
CAPTCHA = b'<html><head><title>Verify</title></head><body><div class="g-recaptcha"></div></body></html>'


class Answers(Case):
    def setUp(self):
        self.server = self.site()
        self.document = Document(feed([item(self.server.url, 1)]), '"first"')
        self.server.pages["/feed/"] = self.document

    def sample(self, path="/feed/", **how):
        return self.state({"sample": self.server.url + path}, **how)

    def moving(self, after="0s"):
        return self.sample("/old/", extra=f'[schedule]\nmoved_after = "{after}"\n')

    def redirect(self, path, status, target="/feed/"):
        self.server.pages[path] = lambda _: (status, {"Location": target}, b"")

    def kinds(self, state):
        return [event["type"] for event in self.events(state) if event["type"].startswith("feed.")]

    def test_c20_three_wholly_permanent_chains_move_the_feed_with_its_validators(self):
        self.redirect("/old/", 301, "/older/")
        self.redirect("/older/", 308)
        state = self.moving()
        for expected in ("/old/", "/old/", "/feed/"):
            state.once()
            self.assertEqual(self.feed(state)["url"], self.server.url + expected)
        told = self.feed(state)
        self.assertEqual(told["configured_url"], self.server.url + "/old/")
        self.assertEqual(told["former_urls"], [self.server.url + "/old/"])
        self.server.asked.clear()
        self.restart(state, self.start(state))
        self.wait(lambda: len(self.server.asked) >= 3)
        self.assertEqual({asked.path for asked in self.server.asked}, {"/feed/"})
        self.assertEqual({asked.headers.get("If-None-Match") for asked in self.server.asked}, {'"first"'})
        moved = self.events(state, "feed.moved")
        self.assertEqual([event["data"]["feed"]["url"] for event in moved], [self.server.url + "/feed/"])
        self.assertEqual(self.posts(state), [1], "the same articles, none doubled")

    def test_c20_the_new_url_in_the_configuration_costs_no_unconditional_request(self):
        self.redirect("/old/", 301)
        state = self.moving()
        for _ in range(3):
            state.once()
        state.write({"sample": self.server.url + "/feed/"}, feed_extra="fetch_articles = false")
        self.server.asked.clear()
        state.once()
        self.assertEqual([(asked.path, asked.headers.get("If-None-Match")) for asked in self.server.asked], [("/feed/", '"first"')])
        told = self.feed(state)
        self.assertEqual((told["url"], told["configured_url"]), (self.server.url + "/feed/",) * 2)
        self.assertEqual(self.posts(state), [1])

    def test_c20_a_temporary_hop_never_moves_a_feed(self):
        for status in (302, 303, 307):
            with self.subTest(status):
                self.redirect("/old/", 301, "/between/")
                self.redirect("/between/", status)
                state = self.moving()
                for _ in range(4):
                    state.once()
                self.assertEqual(self.feed(state)["url"], self.server.url + "/old/")
                self.assertEqual(self.kinds(state), [])

    def test_c20_a_permanent_redirect_must_hold_for_a_time_and_lead_to_one_place(self):
        self.redirect("/old/", 301)
        state = self.moving(after="1d")
        for _ in range(4):
            state.once()
        self.assertEqual(self.feed(state)["url"], self.server.url + "/old/")
        state = self.moving()
        self.server.pages["/elsewhere/"] = self.document
        for target in ("/feed/", "/feed/", "/elsewhere/", "/feed/", "/feed/"):
            self.redirect("/old/", 301, target)
            state.once()
        self.assertEqual(self.feed(state)["url"], self.server.url + "/old/")
        self.assertEqual(self.kinds(state), [])

    def test_c20_a_redirect_to_an_error_page_moves_nothing(self):
        self.redirect("/old/", 301, "/closed/")
        state = self.moving()
        for _ in range(4):
            state.once(expect=1)
        self.assertEqual(self.feed(state)["url"], self.server.url + "/old/")
        self.assertIn("/old/", self.feed(state)["last_error"], "the way is told")

    def test_c20_a_410_stops_for_good_until_enabled(self):
        state = self.sample()
        state.once()
        self.document.answer = (410, {}, b"")
        state.once(expect=1)
        self.assertEqual(self.feed(state)["state"], "gone")
        seen = len(self.server.asked)
        state.run("run", "--once")
        daemon = self.restart(state, self.start(state))
        time.sleep(1.5)
        state.run("poll", "sample")
        time.sleep(0.5)
        self.assertEqual(len(self.server.asked), seen)
        self.assertEqual(self.kinds(state).count("feed.gone"), 1)
        self.document.answer = None
        self.assertEqual(state.run("feeds", "enable", "sample").returncode, 0)
        self.wait(lambda: self.feed(state)["state"] == "ok")
        self.assertEqual(self.server.asked[seen].headers.get("If-None-Match"), '"first"')
        self.assertEqual(self.kinds(state).count("feed.gone"), 1)
        self.kill(daemon)
        state.once()
        self.assertEqual(self.feed(state)["state"], "ok")

    def test_c20_a_feed_enabled_again_stays_so_over_a_kill_and_may_go_again(self):
        state = self.sample()
        state.once()
        self.document.answer = (410, {"Cache-Control": "max-age=3"}, b"")
        state.once(expect=1)
        daemon = self.start(state)
        self.assertEqual(state.run("feeds", "enable", "sample").returncode, 0)
        time.sleep(0.5)
        daemon = self.restart(state, daemon)
        self.wait(lambda: len(self.server.asked) == 3)
        self.wait(lambda: self.feed(state)["state"] == "gone")
        time.sleep(1.5)
        self.assertEqual(len(self.server.asked), 3)
        self.assertEqual(self.kinds(state).count("feed.gone"), 2, "once each time it goes")

    def test_c20_a_404_backs_off_and_is_asked_again(self):
        state = self.sample(feed_extra='interval = "10m"')
        state.once()
        self.document.answer = (404, {}, b"")
        waits = []
        for _ in range(4):
            state.once(expect=1)
            waits.append(self.wait_of(state, "backoff"))
        for earlier, later in zip(waits, waits[1:]):
            self.assertAlmostEqual(later / earlier, 2, delta=0.25)
        self.assertEqual(self.feed(state)["consecutive_failures"], 4)
        self.document.answer = None
        state.once()
        self.assertIsNone(self.bound(state, "backoff"))
        self.assertEqual(self.feed(state)["state"], "ok")

    def test_a_304_that_nobody_asked_for_is_a_failure_and_gives_no_validators(self):
        state = self.sample()
        self.document.answer = (304, {"ETag": '"invented"'}, b"")
        state.once(expect=1)
        self.assertTrue(self.feed(state)["last_error"])
        self.document.answer = None
        state.once()
        self.assertNotIn("If-None-Match", self.server.asked[-1].headers)
        self.assertEqual(self.posts(state), [1])

    def test_the_longest_wait_of_a_failing_feed_is_configured(self):
        state = self.sample(extra='[schedule]\nbackoff_max = "20m"\n', feed_extra='interval = "10m"\njitter = 0.0')
        self.document.answer = (500, {}, b"")
        for _ in range(5):
            state.once(expect=1)
        self.assertEqual(self.wait_of(state, "backoff"), 1200)

    def test_refusals_are_failures_in_words_and_wait_four_times_as_long(self):
        state = self.sample(feed_extra='interval = "10m"\njitter = 0.0')
        state.once()
        self.document.answer = (500, {}, b"")
        state.once(expect=1)
        ordinary = self.wait_of(state, "backoff")
        for words, answer in (("challenge", (403, {"cf-mitigated": "challenge"}, CHALLENGE)), ("challenge", (200, {}, CHALLENGE)),
                              ("challenge", (200, {}, CAPTCHA)), ("403", (403, {}, b"")),
                              ("HTML", (200, {}, b"<!DOCTYPE html><html><body><p>Welcome</p></body></html>"))):
            with self.subTest(words, status=answer[0]):
                self.document.answer = None
                state.once()
                self.document.answer = answer
                state.once(expect=1)
                self.assertIn(words.lower(), self.feed(state)["last_error"].lower())
                self.assertEqual(self.wait_of(state, "backoff"), 4 * ordinary)
                self.assertEqual(self.feed(state)["etag"], '"first"')

    def test_failing_and_recovered_are_told_once_each_over_restarts(self):
        state = self.sample(extra="[schedule]\nfailing_after = 3\n")
        state.once()
        self.document.answer = (500, {}, b"")
        for expected in ([], [], ["feed.failing"], ["feed.failing"], ["feed.failing"]):
            state.once(expect=1)
            self.assertEqual(self.kinds(state), expected)
        self.assertEqual(self.feed(state)["state"], "failing")
        self.document.answer = None
        for _ in range(2):
            state.once()
            self.assertEqual(self.kinds(state), ["feed.failing", "feed.recovered"])
        self.assertEqual(self.feed(state)["state"], "ok")
        self.document.answer = (500, {}, b"")
        state.once(expect=1)
        self.document.answer = None
        state.once()
        self.assertEqual(self.kinds(state), ["feed.failing", "feed.recovered"], "one failure is no news")

    def test_what_a_publisher_says_of_its_rhythm_is_a_bound(self):
        body = self.document.body
        for kind, markup, seconds in (("ttl", "<ttl>120</ttl>", 7200),
                                      ("sy", '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"> daily\n\t'
                                       "</sy:updatePeriod>", 86400)):
            with self.subTest(kind):
                self.document.body = body.replace(b"<link>", markup.encode() + b"<link>", 1)
                state = self.sample(feed_extra='interval = "1h"')
                state.once()
                self.assertEqual(self.wait_of(state, kind), seconds)
                state.once()
                self.assertEqual(self.feed(state)["last_status"], 304)
                self.assertEqual(self.wait_of(state, kind), seconds, "a 304 keeps it")

    def test_hours_and_days_that_a_publisher_skips_are_left_out(self):
        free = time.gmtime(time.time() + 60 * 3600) # all but this hour of this weekday is skipped
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        hours = "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour != free.tm_hour)
        days = "".join(f"<day>{day}</day>" for day in names if day != names[free.tm_wday])
        rules = f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>".encode()
        self.document.body = self.document.body.replace(b"<link>", rules + b"<link>", 1)
        state = self.sample(feed_extra='interval = "1h"')
        state.once()
        when = time.gmtime(time_of(self.feed(state)["next_poll_at"]))
        self.assertEqual((when.tm_wday, when.tm_hour), (free.tm_wday, free.tm_hour))
        self.assertTrue(self.bound(state, "skip-days") or self.bound(state, "skip-hours"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
