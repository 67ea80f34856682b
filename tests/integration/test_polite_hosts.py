"""Politeness towards a host: what closes it and for whom, one request at a time, no bursts."""
import time
import unittest

from scripted import Case, Document, item, time_of
from support import assert_pace, feed


class Hosts(Case):
    def setUp(self):
        self.server = self.site()
        self.document = Document(feed([item(self.server.url, 1)]), '"first"')
        self.server.pages["/feed/"] = self.document

    def sample(self, **how):
        return self.state({"sample": self.server.url + "/feed/"}, **how)

    def test_c11_a_429_closes_the_host_a_503_the_feed_alone(self):
        for status in (429, 503):
            with self.subTest(status):
                self.server.asked.clear()
                self.server.pages["/feed/"] = lambda _, status=status: (status, {"Retry-After": "600"}, b"")
                self.server.pages["/second/"] = Document(feed([item(self.server.url, 2)]), '"second"')
                state = self.state({"sample": self.server.url + "/feed/"})
                state.once(expect=1)
                state.write({"sample": self.server.url + "/feed/", "second": self.server.url + "/second/"},
                            feed_extra="fetch_articles = false")
                state.once()
                paths = [asked.path for asked in self.server.asked]
                self.assertEqual(paths, ["/feed/"] if status == 429 else ["/feed/", "/second/"])
                self.assertEqual(len(state.json("status")["paused"]), 1 if status == 429 else 0)

    def test_c12_max_age_of_a_429_counts_for_the_host(self):
        self.document.answer = (429, {"Cache-Control": "max-age=172800"}, b"")
        state = self.sample()
        state.once(expect=1)
        told = self.feed(state)
        self.assertGreaterEqual(time_of(told["next_poll_at"]) - time_of(told["last_poll_at"]), 172800)
        state.once()
        self.restart(state, self.start(state))
        self.assertEqual(self.server.asked_within(1.5), 0)
        self.assertEqual(len(self.server.asked), 1)
        self.assertEqual(len(state.json("status")["paused"]), 1)

    def test_c22_one_request_at_a_time_and_a_pause_between_starts_shared_by_feeds_and_pages(self):
        self.server.delay = 0.1
        self.document.body = feed([item(self.server.url, n) for n in (2, 1)])
        self.server.pages["/second/"] = Document(feed([item(self.server.url, n) for n in (4, 3)]), '"second"')
        for n in range(1, 5):
            self.server.pages[f"/chinese/{n}.html"] = b"<html><body>page</body></html>"
        state = self.state({"sample": self.server.url + "/feed/", "second": self.server.url + "/second/"},
                           feed_extra="fetch_articles = true")
        state.config.write_text(state.config.read_text().replace('host_delay = "0s"', 'host_delay = "500ms"'))
        state.once()
        self.assertEqual(len(self.server.asked), 7) # robots.txt among them
        self.assertEqual(self.server.most_at_work, 1)
        assert_pace([asked.at for asked in self.server.asked], 0.5, late=0.2)

    def test_overdue_feeds_are_spread_over_their_hosts_after_a_start(self):
        sites = [self.site(f"127.0.0.{n}") for n in range(2, 22)]
        for n, site in enumerate(sites):
            site.pages["/feed/"] = Document(feed([item(site.url, 1)]), f'"{n}"')
        feeds = {f"host-{n}": site.url + "/feed/" for n, site in enumerate(sites)}
        state = self.state(feeds, feed_extra='interval = "1s"')
        state.config.write_text(state.config.read_text().replace("127.0.0.1/32", "127.0.0.0/8"))
        state.once()
        time.sleep(7) # well overdue, as after an outage
        for site in sites:
            site.asked.clear()
        self.start(state)
        self.wait(lambda: all(site.asked for site in sites), seconds=60)
        firsts = sorted(site.asked[0].at for site in sites)
        self.assertGreater(firsts[-1] - firsts[0], 1.0)

    def test_c11_a_host_is_its_name_and_port(self):
        other = self.site()
        other.pages["/feed/"] = Document(feed([item(other.url, 2)]), '"other"')
        self.document.answer = (429, {"Retry-After": "600"}, b"")
        local = self.server.url.replace("127.0.0.1", "localhost")
        state = self.sample()
        state.once(expect=1)
        state.write({"sample": self.server.url + "/feed/", "other": other.url + "/feed/", "local": local + "/feed/"},
                    feed_extra="fetch_articles = false")
        self.document.answer = None
        state.once()
        self.assertEqual(len(other.asked), 1)
        self.assertEqual(len(self.server.asked), 2, "by the other name it is another host")

    def test_c11_a_429_behind_a_redirect_closes_the_host_that_said_it(self):
        front = self.site()
        front.pages["/feed/"] = lambda _: (302, {"Location": self.server.url + "/feed/"}, b"")
        front.pages["/own/"] = Document(feed([item(front.url, 3)]), '"own"')
        self.document.answer = (429, {"Retry-After": "600"}, b"")
        state = self.state({"sample": front.url + "/feed/"})
        state.once(expect=1)
        state.write({"sample": front.url + "/feed/", "own": front.url + "/own/", "behind": self.server.url + "/second/"},
                    feed_extra="fetch_articles = false")
        state.once()
        self.assertEqual([asked.path for asked in front.asked], ["/feed/", "/own/"])
        self.assertEqual(len(self.server.asked), 1)

    def test_c11_a_429_for_a_page_holds_the_feed_too(self):
        self.server.pages["/chinese/1.html"] = lambda _: (429, {"Retry-After": "3"}, b"")
        state = self.sample(feed_extra="fetch_articles = true")
        state.once()
        self.restart(state, self.start(state))
        self.wait(lambda: len(self.server.asked) >= 4)
        self.assertEqual([asked.path for asked in self.server.asked[1:3]], ["/robots.txt", "/chinese/1.html"])
        self.assertGreater(self.server.asked[3].at - self.server.asked[2].at, 2.9)


if __name__ == "__main__":
    unittest.main(verbosity=2)
