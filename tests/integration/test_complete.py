"""Nothing is missed: what a feed lost from sight while nobody looked is found on its older pages, and older pages are walked
by hand."""
import json
import unittest

from scripted import BEGIN, Document, First, Hold, Walking, item
from support import assert_pace, feed

ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'


class Gaps(Walking):
    def test_forty_posts_of_an_outage_are_all_told_once(self):
        state = self.known(20)
        self.blog.publish(*range(21, 61))
        self.start(state)
        self.wait(lambda: len(self.told_as_new(state)) >= 40)
        self.wait_for_walk(state, "gap")
        self.assert_told_once_each(state, 21, 60)
        self.assertEqual(self.posts(state), list(range(6, 61)), "what is older than the first poll stays away")
        self.assertFalse([a for a in self.articles(state) if a["silent"] and a["post_id"] > 20])
        self.assertEqual(sorted(set(self.blog.pages_asked)), [1, 2, 3])

    def test_run_once_works_the_walk_off_and_a_gapless_document_begins_none(self):
        state = self.known(20)
        self.blog.publish(*range(21, 34))
        state.once()
        self.assertEqual(self.blog.pages_asked, [1])
        self.assertIsNone(self.walk(state, "gap"))
        self.blog.publish(*range(34, 60))
        state.once()
        self.assertEqual(self.walk(state, "gap")["state"], "done")
        self.assert_told_once_each(state, 21, 59)

    def test_two_kills_on_the_way_lose_nothing_and_tell_nothing_twice(self):
        state = self.known(20)
        self.blog.publish(*range(21, 81))
        daemon = None
        for page in (2, 4):
            hold = self.blog.before = Hold(page)
            daemon = self.start(state)
            self.assertTrue(hold.reached.wait(20), f"page {page} is asked for")
            self.kill(daemon)
            hold.go.set()
        asked = len(self.blog.pages_asked)
        self.start(state)
        self.wait_for_walk(state, "gap")
        self.assert_told_once_each(state, 21, 80)
        self.assertNotIn(2, self.blog.pages_asked[asked:], "it goes on where it was")

    def test_a_post_that_lands_between_two_pages_doubles_nothing(self):
        for page in (2, 3):
            with self.subTest(page):
                self.blog.posts.clear()
                self.blog.before = None
                state = self.known(20)
                self.blog.publish(*range(21, 61))
                self.blog.before = First(page, lambda: self.blog.publish(61, 62))
                state.once()
                state.once()
                self.assert_told_once_each(state, 21, 62)

    def test_a_post_that_is_removed_between_two_pages_hides_no_other(self):
        for page, removed in ((2, 58), (3, 40), (3, 58), (4, 25)):
            with self.subTest(page=page, removed=removed):
                self.blog.posts.clear()
                self.blog.before = None
                state = self.known(10)
                self.blog.publish(*range(11, 61))
                self.blog.before = First(page, lambda: self.blog.remove(removed))
                state.once()
                state.once()
                missing = set(range(11, 61)) - {removed} - set(self.told_as_new(state))
                self.assertEqual(missing, set())
                self.assertEqual(len(self.told_as_new(state)), len(set(self.told_as_new(state))))

    def test_a_404_past_the_end_is_an_end(self):
        self.blog.publish(1, 2, 3)
        state = self.sample()
        state.once()
        for number in (1, 2, 3):
            self.blog.remove(number)
        self.blog.publish(*range(4, 35))
        state.once()
        self.assertEqual(max(self.blog.pages_asked), 4)
        self.assertEqual(self.walk(state, "gap")["state"], "done")
        self.assertIsNone(self.feed(state)["last_error"])
        self.assert_told_once_each(state, 4, 34)

    def test_pages_keep_to_the_hosts_pace(self):
        state = self.known(15)
        self.blog.publish(*range(16, 62))
        state.config.write_text(state.config.read_text().replace('host_delay = "0s"', 'host_delay = "400ms"'))
        self.server.asked.clear()
        state.once()
        times = [asked.at for asked in self.server.asked]
        self.assertGreaterEqual(len(times), 4)
        assert_pace(times, 0.4, late=0.2)
        self.assertEqual(self.server.most_at_work, 1)

    def test_a_feed_that_does_not_know_paged_is_asked_once_and_never_again(self):
        document = Document(feed([item(self.server.url, n) for n in (3, 2, 1)]), '"1"')
        self.server.other = document
        state = self.sample()
        state.once()
        for n in (10, 20, 30):
            document.body = feed([item(self.server.url, m) for m in (n + 2, n + 1, n)])
            document.etag = f'"{n}"'
            state.once()
        self.assertEqual([asked.path for asked in self.server.asked].count("/feed/?paged=2"), 1)
        self.assertEqual(len(self.server.asked), 5)
        self.assertEqual(self.told_as_new(state), [10, 11, 12, 20, 21, 22, 30, 31, 32])

    def test_an_rfc_5005_link_to_the_next_page_is_followed(self):
        def page(numbers, older):
            link = f'<atom:link {ATOM} rel="next" href="{older}"/><link>'.encode() if older else b"<link>"
            return feed([item(self.server.url, n) for n in numbers]).replace(b"<link>", link, 1)

        self.server.pages["/feed/"] = page(range(5, 0, -1), None)
        state = self.sample()
        state.once()
        self.server.pages["/feed/"] = page(range(30, 20, -1), "/older/a")
        self.server.pages["/older/a"] = page(range(20, 10, -1), self.server.url + "/older/b?x=1")
        self.server.pages["/older/b?x=1"] = page(range(10, 0, -1), None)
        state.once()
        self.assert_told_once_each(state, 6, 30)
        self.assertFalse([asked.path for asked in self.server.asked if "paged" in asked.path])

    def test_a_json_feeds_next_url_is_followed(self):
        def page(numbers, older):
            items = [{"id": f"{self.server.url}/chinese/?p={n}", "url": f"{self.server.url}/chinese/{n}.html", "title": f"第{n}则",
                      "content_html": f"<p>第{n}则的话。</p>", "date_published": f"2026-11-10T{n // 60:02}:{n % 60:02}:00Z"}
                     for n in numbers]
            told = {"version": "https://jsonfeed.org/version/1.1", "title": "样本", "items": items}
            return json.dumps(told | ({"next_url": older} if older else {})).encode()

        self.server.pages["/feed/"] = page(range(5, 0, -1), None)
        state = self.sample()
        state.once()
        self.server.pages["/feed/"] = page(range(30, 15, -1), self.server.url + "/feed/2")
        self.server.pages["/feed/2"] = page(range(15, 0, -1), None)
        state.once()
        self.assert_told_once_each(state, 6, 30)


class Backfill(Walking):
    def backfill(self, state, *words):
        done = state.run("backfill", "sample", *words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_pages_are_taken_in_silently_and_news_are_told_after_it(self):
        state = self.known(60)
        self.start(state)
        self.backfill(state, "--pages", "2")
        self.wait_for_walk(state, "backfill")
        self.assertEqual(self.posts(state), list(range(16, 61)))
        self.assertTrue(all(article["silent"] for article in self.articles(state)))
        self.assertEqual(self.events(state), [])
        self.assertEqual(max(self.blog.pages_asked), 3)
        self.blog.publish(61)
        self.wait(lambda: self.told_as_new(state) == [61])

    def test_until_a_date_and_no_page_further(self):
        state = self.known(100)
        self.start(state)
        self.backfill(state, "--until", BEGIN.strftime("%Y-%m-%dT01:04:30Z"))  # between 64 and 65
        self.wait_for_walk(state, "backfill")
        self.assertEqual([post for post in self.posts(state) if post >= 65], list(range(65, 101)))
        self.assertEqual(max(self.blog.pages_asked), 3)
        self.assertEqual(self.events(state), [])

    def test_it_goes_on_after_a_kill_and_ends_past_the_last_page(self):
        state = self.known(65)
        hold = self.blog.before = Hold(4)
        daemon = self.start(state)
        self.backfill(state, "--pages", "50")
        self.assertTrue(hold.reached.wait(20))
        self.kill(daemon)
        hold.go.set()
        asked = len(self.blog.pages_asked)
        self.start(state)
        self.wait_for_walk(state, "backfill")
        self.assertEqual(self.posts(state), list(range(1, 66)))
        self.assertNotIn(2, self.blog.pages_asked[asked:], "it goes on where it was")
        self.assertEqual(self.events(state), [])
        self.assertEqual(self.feed(state)["state"], "ok")


if __name__ == "__main__":
    unittest.main(verbosity=2)
