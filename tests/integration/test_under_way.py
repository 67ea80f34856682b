"""What happens while something else is under way: gaps during walks, orders and reloads during polls, walks of held feeds;
and what a feed may do to others: redirects, links to other hosts, words that look like a challenge."""
import json
import signal
import sqlite3
import threading
import time
import unittest

from scripted import Case, Document, Hold, Walking, item
from support import feed

JSON = {"Content-Type": "application/json"}


class DuringWalks(Walking):
    def order(self, state, what, body):
        return state.get(f"/api/v1/feeds/sample/{what}", "POST", json.dumps(body).encode(), JSON)

    def make_due(self, state):
        with sqlite3.connect(state.dir / "cdtd.db") as db:
            db.execute("UPDATE walks SET due_at = 0")

    def test_a_second_gap_is_not_overwritten_by_the_step_of_the_first(self):
        state = self.known(20)
        self.blog.publish(*range(21, 101))
        hold = self.blog.before = Hold(4)
        self.start(state)
        self.assertTrue(hold.reached.wait(20))
        self.blog.publish(*range(101, 138))
        time.sleep(1.5)  # the next poll stands in line behind the page
        hold.go.set()
        self.wait(lambda: len(self.told_as_new(state)) >= 117, 30, lambda: str(self.told_as_new(state)))
        self.assert_told_once_each(state, 21, 137)

    def test_a_backfill_that_is_ordered_further_while_a_page_is_fetched_goes_further(self):
        self.blog.publish(*range(1, 301))
        state = self.sample(feed_extra='interval = "10m"')
        state.once()
        hold = self.blog.before = Hold(3)
        self.start(state)
        self.assertEqual(self.order(state, "backfill", {"pages": 3})[0], 202)
        self.assertTrue(hold.reached.wait(20))
        self.assertEqual(self.order(state, "backfill", {"pages": 7})[0], 202)
        time.sleep(0.5)
        hold.go.set()
        self.wait_for_walk(state, "backfill")
        self.assertEqual(len(self.posts(state)), 15 * 8)

    def test_a_backfill_does_not_swallow_what_came_during_an_outage(self):
        self.blog.publish(*range(1, 301))
        state = self.sample(feed_extra='interval = "2s"')
        state.once()
        hold = self.blog.before = Hold(3)
        daemon = self.start(state)
        self.assertEqual(self.order(state, "backfill", {"pages": 12})[0], 202)
        self.assertTrue(hold.reached.wait(20))
        self.kill(daemon)
        hold.go.set()
        self.blog.before = None
        self.blog.publish(*range(301, 401))
        self.start(state)
        self.wait(lambda: len(self.told_as_new(state)) >= 100, 30, lambda: str(self.told_as_new(state)))
        self.wait_for_walk(state, "backfill")
        self.assert_told_once_each(state, 301, 400)

    def test_the_walk_of_a_held_feed_waits(self):
        self.blog.publish(*range(1, 61))
        state = self.sample()
        state.once()
        self.blog.publish(*range(61, 121))
        broken = True
        self.server.other = lambda request: (500, {}, b"no") if broken and "paged" in request.path else self.blog(request)
        state.once()
        self.blog.posts = [(n, item(self.server.url, n, guid=f"urn:new:{n}", link=f"{self.server.url}/neu/{n}",
                                    text=f"另一个第{n}则。")) for n, _ in self.blog.posts]
        broken = False
        state.once()
        self.assertEqual(self.feed(state)["state"], "held")
        told = len(self.events(state, "article.new"))
        self.make_due(state)
        state.once()
        self.assertEqual(len(self.events(state, "article.new")), told)

    def test_a_feed_that_moves_during_a_walk_loses_nothing(self):
        state = self.known(20)
        self.blog.publish(*range(21, 101))
        broken = True
        self.server.other = lambda request: (500, {}, b"no") if broken and "paged=3" in request.path else self.blog(request)
        state.once()
        broken = False
        with sqlite3.connect(state.dir / "cdtd.db") as db:  # what a believed redirect does to the row
            db.execute("UPDATE feeds SET url = replace(url, '/feed/', '/neu/')")
        self.make_due(state)
        self.server.pages["/neu/"] = lambda _: self.blog(type("Request", (), {"path": "/feed/"})())
        state.once()
        self.assert_told_once_each(state, 21, 100)


class DuringPolls(Case):
    def test_an_order_during_a_poll_does_not_pass_what_the_answer_forbids(self):
        server = self.site()
        go, asked = threading.Event(), []

        def busy(_):
            asked.append(time.monotonic())
            if len(asked) == 1:
                return 200, {"ETag": '"1"'}, feed([item(server.url, 1)])
            go.wait(10)
            return 503, {"Retry-After": "3600"}, b"busy"

        server.pages["/feed/"] = busy
        state = self.state({"sample": server.url + "/feed/"})
        self.start(state)
        self.wait(lambda: len(asked) == 2)
        self.assertEqual(state.get("/api/v1/feeds/sample/poll", "POST", b"{}", JSON)[0], 409)
        go.set()
        self.wait(lambda: self.feed(state)["last_status"] == 503)
        time.sleep(1.5)
        self.assertEqual(len(asked), 2)

    def test_another_url_in_the_configuration_is_not_undone_by_a_poll_of_the_old_one(self):
        old, new = self.site(), self.site()
        go, asked = threading.Event(), []

        def slow(_):
            asked.append(1)
            if len(asked) == 2:
                go.wait(10)
            return 200, {"ETag": '"%d"' % len(asked)}, feed([item(old.url, 1)])

        old.pages["/feed/"] = slow
        new.pages["/feed/"] = lambda _: (200, {}, feed([item(new.url, 9)]))
        state = self.state({"sample": old.url + "/feed/"})
        daemon = self.start(state)
        self.wait(lambda: len(asked) == 2)
        state.write({"sample": new.url + "/feed/"}, feed_extra='interval = "1s"\njitter = 0.0\nfetch_articles = false')
        daemon.send_signal(signal.SIGHUP)
        self.wait(lambda: new.asked)
        go.set()
        time.sleep(0.7)
        self.restart(state, daemon)
        count = len(new.asked)
        self.wait(lambda: len(new.asked) > count + 1)
        self.assertEqual(len(asked), 2, "nobody asks the old one any more")
        self.assertEqual(self.feed(state)["url"], new.url + "/feed/")


class OtherHosts(Case):
    def test_a_redirect_to_another_host_is_conditional_there(self):
        first, second = self.site(), self.site()
        second.pages["/feed/"] = Document(feed([item(second.url, 1)]), '"x"', "Wed, 18 Nov 2026 09:00:00 GMT")
        first.pages["/feed/"] = lambda _: (302, {"Location": second.url + "/feed/"}, b"")
        state = self.state({"sample": first.url + "/feed/"}, feed_extra='headers = {X-Key = "s3cret"}')
        for _ in range(3):
            state.once()
        self.assertEqual([asked.headers.get("If-None-Match") for asked in second.asked], [None, '"x"', '"x"'])
        self.assertEqual([asked.headers.get("X-Key") for asked in first.asked + second.asked], ["s3cret"] * 3 + [None] * 3)

    def test_the_operators_headers_do_not_follow_a_link_to_another_host(self):
        server, other = self.site(), self.site()

        def document(numbers):
            items = [{"id": f"{server.url}/{n}", "url": f"{server.url}/{n}", "title": f"第{n}则", "content_html": f"<p>正文{n}</p>",
                      "date_published": f"2026-11-{n:02}T00:00:00Z"} for n in numbers]
            return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "样本", "next_url": other.url + "/next",
                               "items": items}).encode()

        server.pages["/feed/"] = document(range(5, 0, -1))
        state = self.state({"sample": server.url + "/feed/"}, feed_extra='headers = {Authorization = "Bearer s3cret"}')
        state.once()
        server.pages["/feed/"] = document(range(20, 10, -1))
        state.once()
        self.assertTrue(other.asked)
        self.assertNotIn("Authorization", other.asked[0].headers)
        self.assertEqual(server.asked[-1].headers.get("Authorization"), "Bearer s3cret")

    def test_a_feed_may_speak_of_captchas(self):
        server = self.site()
        server.pages["/feed/"] = feed([item(server.url, 1, text='怎样把 &lt;div class="g-recaptcha"&gt; 放进表单。')])
        self.state({"sample": server.url + "/feed/"}).once()

    def test_a_410_at_the_end_of_a_temporary_redirect_does_not_end_the_feed(self):
        server = self.site()
        server.pages["/gone/"] = lambda _: (410, {}, b"")
        server.pages["/feed/"] = lambda _: (302, {"Location": "/gone/"}, b"")
        state = self.state({"sample": server.url + "/feed/"})
        state.once(expect=1)
        self.assertNotEqual(self.feed(state)["state"], "gone")
        server.pages["/feed/"] = lambda _: (301, {"Location": "/gone/"}, b"")
        state.once(expect=1)
        self.assertEqual(self.feed(state)["state"], "gone")


if __name__ == "__main__":
    unittest.main(verbosity=2)
