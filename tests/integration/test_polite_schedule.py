"""When a feed is asked again, and when not: the rest of the checklist of test_polite.py."""
import signal
import time
import unittest

from scripted import Case, Document, http_date, item, time_of
from support import assert_pace, feed

HOUR = 3600


class Schedule(Case):
    def setUp(self):
        self.server = self.site()
        self.document = Document(feed([item(self.server.url, 1)]), '"first"')
        self.server.pages["/feed/"] = self.document

    def sample(self, **how):
        return self.state({"sample": self.server.url + "/feed/"}, **how)

    def test_c08_an_hour_at_least_between_polls_whatever_the_jitter_and_a_day_without_validators(self):
        state = self.sample(feed_extra='interval = "1h"\njitter = 1.0')
        for _ in range(6):
            state.once()
            self.assertEqual(self.wait_of(state, "floor"), HOUR)
            told = self.feed(state)
            self.assertGreaterEqual(time_of(told["next_poll_at"]), time_of(told["last_poll_at"]) + HOUR)
        self.document.etag = None
        self.document.body += b"\n"
        state.once()
        self.assertEqual(self.wait_of(state, "floor"), 24 * HOUR)
        state.once()
        self.assertEqual(self.wait_of(state, "floor"), 24 * HOUR)
        self.document.modified = "some day"
        state.once()
        self.assertEqual(self.wait_of(state, "floor"), HOUR)

    def test_c08_an_interval_under_an_hour_is_the_operators_word(self):
        self.document.etag = None
        state = self.sample(feed_extra='interval = "30m"\njitter = 0.0')
        state.once()
        self.assertIsNone(self.bound(state, "floor"))
        self.assertEqual(self.wait_of(state, "interval"), 1800)

    def test_c08_without_a_configured_interval_it_is_an_hour(self):
        state = self.sample(feed_extra="jitter = 0.1 # interval stays the default")
        state.once()
        self.assertGreaterEqual(self.wait_of(state, "floor"), HOUR)
        self.assertLessEqual(self.wait_of(state, "interval"), 1.1 * HOUR)

    def test_c09_neither_restart_nor_kill_moves_the_next_poll_after_a_failure_neither(self):
        for words, answer in (("well", None), ("failed", (500, {}, b""))):
            with self.subTest(words):
                self.document.answer = None
                state = self.sample(feed_extra='interval = "1h"')
                state.once()
                self.document.answer = answer
                state.once(expect=1 if answer else 0)
                before = self.feed(state)
                counts_from = time_of(before["next_poll_at"]) - time_of(before["last_poll_at"])
                self.assertGreaterEqual(counts_from, HOUR)
                daemon = self.start(state)
                self.assertEqual(self.server.asked_within(1), 0)
                daemon = self.restart(state, daemon)
                self.assertEqual(self.server.asked_within(1), 0)
                self.assertEqual(self.feed(state)["next_poll_at"], before["next_poll_at"])
                self.kill(daemon)

    def test_c09_a_reload_polls_no_feed_that_was_there_before(self):
        state = self.sample(feed_extra='interval = "1h"')
        state.once()
        daemon = self.start(state)
        self.server.pages["/second/"] = Document(feed([item(self.server.url, 2)]), '"second"')
        state.write({"sample": self.server.url + "/feed/", "second": self.server.url + "/second/"}, feed_extra="fetch_articles = false")
        daemon.send_signal(signal.SIGHUP)
        self.wait(lambda: len(self.server.asked) >= 2)
        time.sleep(1)
        self.assertEqual([asked.path for asked in self.server.asked], ["/feed/", "/second/"])

    def test_c09_steady_and_no_burst_after_sleep(self):
        state = self.sample(feed_extra='interval = "1s"')
        daemon = self.start(state)
        self.wait(lambda: len(self.server.asked) >= 2)
        daemon.send_signal(signal.SIGSTOP)
        time.sleep(3.5)
        daemon.send_signal(signal.SIGCONT)
        seen = len(self.server.asked)
        self.wait(lambda: len(self.server.asked) >= seen + 3)
        times = [asked.at for asked in self.server.asked]
        assert_pace(times, 1, late=0.3)

    def test_c10_max_age_is_a_not_before_of_a_304_too_and_over_a_kill(self):
        self.document.headers = {"Cache-Control": "public, max-age=3"}
        state = self.sample()
        daemon = self.start(state)
        self.wait(lambda: len(self.server.asked) >= 2)
        self.wait(lambda: self.feed(state)["last_status"] == 304)
        self.kill(daemon)
        self.assertAlmostEqual(self.wait_of(state, "max-age"), 3, delta=1)
        self.start(state)
        self.wait(lambda: len(self.server.asked) >= 3)
        times = [asked.at for asked in self.server.asked]
        self.assertGreater(min(later - earlier for earlier, later in zip(times, times[1:])), 2.9)

    def test_c10_run_once_keeps_to_max_age_and_expires(self):
        for headers, kind in (({"Cache-Control": "max-age=3"}, "max-age"), ({"Expires": http_date(3 * HOUR)}, "expires")):
            with self.subTest(kind):
                self.server.asked.clear()
                self.document.headers = headers
                state = self.sample()
                state.once()
                self.assertIsNotNone(self.bound(state, kind))
                state.once()
                self.assertEqual(len(self.server.asked), 1)

    def test_c10_a_century_of_max_age_is_seven_days(self):
        for headers, kind in (({"Cache-Control": "max-age=3153600000"}, "max-age"), ({"Expires": http_date(10 ** 8)}, "expires")):
            with self.subTest(kind):
                self.document.headers = headers
                state = self.sample()
                state.once()
                self.assertAlmostEqual(self.wait_of(state, kind), 7 * 24 * HOUR, delta=5)

    def test_c11_retry_after_holds_over_kill_and_restart_in_seconds_and_as_a_date(self):
        for status in (429, 503):
            for wait in ("3", http_date):
                with self.subTest(status=status, wait=wait):
                    self.server.asked.clear()
                    self.document.answer = None
                    state = self.sample(feed_extra='interval = "1s"')
                    state.once()
                    retry_after = wait if isinstance(wait, str) else wait(4)
                    self.document.answer = (status, {"Retry-After": retry_after}, b"")
                    state.once(expect=1)
                    refused = self.server.asked[-1].at
                    self.document.answer = None
                    state.once()
                    daemon = self.restart(state, self.start(state))
                    self.wait(lambda: len(self.server.asked) >= 3, words="it is asked again at last")
                    self.kill(daemon)
                    self.assertGreater(self.server.asked[2].at - refused, 2.9)

    def test_c11_retry_after_is_bounded_to_seven_days(self):
        for status in (429, 503):
            with self.subTest(status):
                self.document.answer = (status, {"Retry-After": "99999999"}, b"")
                state = self.sample()
                state.once(expect=1)
                told = self.feed(state)
                wait = time_of(told["next_poll_at"]) - time_of(told["last_poll_at"])
                self.assertAlmostEqual(wait, 7 * 24 * HOUR, delta=5)

    def test_c11_without_a_time_the_wait_at_least_doubles(self):
        for status in (429, 503):
            with self.subTest(status):
                self.document.answer = None
                state = self.sample(feed_extra='interval = "10m"\njitter = 0.0')
                state.once()
                self.assertEqual(self.wait_of(state, "interval"), 600)
                self.document.answer = (status, {}, b"")
                state.once(expect=1)
                first = self.feed(state)
                wait = time_of(first["next_poll_at"]) - time_of(first["last_poll_at"])
                self.assertGreaterEqual(wait, 1200)
                if status == 503:
                    state.once(expect=1)
                    self.assertGreaterEqual(self.wait_of(state, "backoff"), 2 * wait)

    def test_c11_a_time_that_cannot_be_read_is_none(self):
        for status in (429, 503):
            for value in ("soon", "-5", "Wed, 18 Nov 2020 09:05:00 GMT", "3.5", ""):
                with self.subTest(status=status, value=value):
                    state = self.sample(feed_extra='interval = "10m"')
                    self.document.answer = (status, {"Retry-After": value}, b"")
                    state.once(expect=1)
                    told = self.feed(state)
                    wait = time_of(told["next_poll_at"]) - time_of(told["last_poll_at"])
                    self.assertGreaterEqual(wait, 1200)

    def test_c24_a_poll_by_hand_keeps_to_the_floor_and_the_servers_word_unless_forced(self):
        for words, headers, interval in (("floor", {}, "1h"), ("max-age", {"Cache-Control": "max-age=600"}, "1s")):
            with self.subTest(words):
                self.server.asked.clear()
                self.document.headers = headers
                state = self.sample(feed_extra=f'interval = "{interval}"')
                daemon = self.start(state)
                self.wait(lambda: self.feed(state)["last_status"] == 200)
                state.run("poll", "sample")
                daemon = self.restart(state, daemon)
                state.run("poll", "sample")
                self.assertEqual(self.server.asked_within(1), 0)
                self.assertEqual(state.run("poll", "sample", "--force").returncode, 0)
                self.wait(lambda: len(self.server.asked) == 2)
                self.kill(daemon)
                self.assertEqual(self.server.asked[1].headers.get("If-None-Match"), '"first"')

    def test_c24_force_passes_a_closed_host_and_is_conditional(self):
        state = self.sample(feed_extra='interval = "1h"')
        state.once()
        self.document.answer = (429, {"Retry-After": "600"}, b"")
        state.once(expect=1)
        self.document.answer = None
        self.start(state)
        state.run("poll", "sample")
        self.assertEqual(self.server.asked_within(1), 0)
        self.assertEqual(state.run("poll", "--force", "sample").returncode, 0)
        self.wait(lambda: len(self.server.asked) == 3)
        self.assertEqual(self.server.asked[2].headers.get("If-None-Match"), '"first"')


if __name__ == "__main__":
    unittest.main(verbosity=2)
