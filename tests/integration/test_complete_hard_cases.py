"""Gaps as real publishers make them: posts that stick to the top, dates that are wrong or missing, pages that fail, news that
come while the older pages are still being read."""
import random
import re
import subprocess
import time
import unittest

from scripted import Blog, Document, Hold, Walking, item
from support import CDTD, feed


class HardGaps(Walking):
    def test_a_post_that_sticks_to_the_top_hides_no_gap(self):
        self.pinned = item(self.server.url, 1, title="置顶", minutes=-50000)

        def with_pinned(request):
            status, headers, body = self.blog(request)
            return status, headers, body.replace(b"<item>", self.pinned.encode() + b"<item>", 1)

        self.server.pages["/feed/"] = with_pinned
        self.blog.publish(*range(2, 21))
        state = self.sample()
        state.once()
        self.blog.publish(*range(21, 61))
        state.once()
        self.assert_told_once_each(state, 21, 60)

    def test_a_date_in_the_future_hides_no_gap_and_holds_no_feed(self):
        self.pinned = item(self.server.url, 1, title="写错了年份", minutes=60 * 24 * 365 * 4)

        def with_pinned(request):
            status, headers, body = self.blog(request)
            return status, headers, body.replace(b"<item>", self.pinned.encode() + b"<item>", 1)

        self.server.pages["/feed/"] = with_pinned
        self.blog.publish(*range(2, 21))
        state = self.sample()
        state.once()
        self.blog.publish(*range(21, 61))
        state.once()
        self.assertEqual(self.feed(state)["state"], "ok")
        self.assert_told_once_each(state, 21, 60)

    def test_entries_without_dates_are_found_too(self):
        def undated(request):
            status, headers, body = self.blog(request)
            return status, headers, re.sub(rb"<pubDate>.*?</pubDate>", b"", body)

        self.server.pages["/feed/"] = self.server.other = undated
        state = self.known(20)
        self.blog.publish(*range(21, 61))
        state.once()
        self.assertEqual([post for post in self.told_as_new(state) if post > 20], list(range(21, 61)))
        self.assertEqual(self.feed(state)["state"], "ok")

    def test_news_that_come_while_older_pages_are_read_are_told_too(self):
        state = self.known(20)
        self.blog.publish(*range(21, 81))
        hold = self.blog.before = Hold(3)
        self.start(state)
        self.assertTrue(hold.reached.wait(20))
        self.blog.publish(*range(81, 121))
        hold.go.set()
        self.assertEqual(self.server.most_at_work, 1)
        self.wait(lambda: len(self.told_as_new(state)) >= 100, 30, lambda: str(self.told_as_new(state)))
        self.wait_for_walk(state, "gap")
        self.assert_told_once_each(state, 21, 120)

    def test_a_429_on_the_way_only_puts_it_off_over_a_kill(self):
        state = self.known(20)
        self.blog.publish(*range(21, 61))
        refused = []

        def busy(request):
            if not refused:
                refused.append(time.monotonic())
                return 429, {"Retry-After": "3"}, b""
            return self.blog(request)

        self.server.pages["/feed/?paged=3"] = busy
        daemon = self.start(state)
        self.wait(lambda: refused)
        time.sleep(0.3)
        self.restart(state, daemon)
        self.wait_for_walk(state, "gap")
        self.assert_told_once_each(state, 21, 60)
        after = [asked.at for asked in self.server.asked if asked.at > refused[0] + 0.05]
        self.assertGreater(min(after) - refused[0], 2.9, "the whole host was left alone, after the kill too")

    def test_the_query_of_the_feeds_own_url_is_kept(self):
        self.server.pages["/feed/?cat=3"] = Document(feed([item(self.server.url, n) for n in (3, 2, 1)]), '"a"')
        state = self.state({"sample": self.server.url + "/feed/?cat=3#top"})
        state.once()
        self.server.pages["/feed/?cat=3"] = Document(feed([item(self.server.url, n) for n in (12, 11, 10)]), '"b"')
        self.server.pages["/feed/?cat=3&paged=2"] = Document(feed([item(self.server.url, n) for n in (9, 8, 3)]), '"c"')
        state.once()
        self.assertEqual(self.told_as_new(state), [8, 9, 10, 11, 12])

    def end_at_last(self, answer):
        """Answers like `answer`, but 404 when a walk has no end of its own."""
        def page(request):
            return answer(request) if len(self.server.asked) < 40 else (404, {}, b"enough")
        return page

    def test_a_feed_that_does_not_know_paged_and_changes_meanwhile_is_not_walked_for_ever(self):
        numbers = [3, 2, 1]

        def newest(request):
            if request.path.endswith("paged=2") and len(numbers) == 3:
                numbers.insert(0, numbers[0] + 1)
            return 200, {}, feed([item(self.server.url, n) for n in numbers[:3]])

        self.server.pages["/feed/"] = newest
        self.server.other = self.end_at_last(newest)
        state = self.sample()
        state.once()
        numbers[:] = [12, 11, 10]
        state.once()
        self.assertLessEqual(len(self.server.asked), 8, [asked.path for asked in self.server.asked[:12]])

    def test_older_pages_that_lead_in_a_circle_are_left_at_the_second_round(self):
        def page(numbers, older):
            link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="{older}"/><link>'.encode()
            return feed([item(self.server.url, n) for n in numbers]).replace(b"<link>", link, 1)

        self.server.pages["/feed/"] = page([3, 2, 1], "/a/")
        state = self.sample()
        state.once()
        self.server.pages["/feed/"] = page([32, 31, 30], "/a/")
        for path, numbers, older in (("/a/", [29, 28], "/b/"), ("/b/", [27, 26], "/a/")):
            self.server.pages[path] = self.end_at_last(lambda _, text=page(numbers, older): (200, {}, text))
        state.once()
        self.assertLessEqual(len(self.server.asked), 10, [asked.path for asked in self.server.asked[:12]])
        self.assertEqual(self.told_as_new(state), list(range(26, 33)))

    def test_kills_at_random_moments(self):
        state = self.known(20)
        self.server.delay = 0.05
        dice = random.Random(20261125)
        last = 20
        for _ in range(8):
            self.blog.publish(*range(last + 1, last + 36))
            last += 35
            process = subprocess.Popen([CDTD, "-c", str(state.config), "run", "--once"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.05, 0.5))
            process.kill()
            process.wait()
        state.once()
        state.once()
        self.assert_told_once_each(state, 21, last)

    def test_a_feed_shorter_than_what_came_between_two_polls_again_and_again(self):
        self.blog = Blog(self.server, size=3)
        state = self.known(5)
        for first in range(6, 46, 8):
            self.blog.publish(*range(first, first + 8))
            state.once()
        self.assert_told_once_each(state, 6, 45)

    def test_an_entry_that_stands_twice_in_a_document_is_one_article(self):
        twice = item(self.server.url, 2)
        self.server.pages["/feed/"] = Document(feed([twice, twice, item(self.server.url, 1)]), '"a"')
        state = self.sample()
        state.once()
        self.assertEqual(len(self.articles(state)), 2)
        three = item(self.server.url, 3)
        self.server.pages["/feed/"] = Document(feed([three, three, twice, item(self.server.url, 1)]), '"b"')
        state.once()
        self.assertEqual(self.told_as_new(state), [3])

    def test_a_document_cut_off_is_not_taken_for_unchanged_and_the_whole_one_is_told_once(self):
        self.server.pages["/feed/"] = feed([item(self.server.url, 1)])
        state = self.sample()
        state.once()
        whole = feed([item(self.server.url, n) for n in (5, 4, 3, 2, 1)])
        cut = Document(whole[:whole.index("第2回".encode()) + 4], '"cut"', "cut")
        self.server.pages["/feed/"] = cut
        state.run("run", "--once")
        self.assertIn(self.told_as_new(state), ([], [3, 4, 5]), "an error, or the whole entries before")
        cut.body = whole
        state.once()
        self.assertNotEqual(self.server.asked[-1].headers.get("If-None-Match"), '"cut"')
        self.assertEqual(self.told_as_new(state), [2, 3, 4, 5])

    def test_an_entry_that_is_another_at_every_look_does_not_fill_the_archive(self):
        state = self.known(1)
        for n in range(30):
            self.server.pages["/feed/"] = Document(feed([item(self.server.url, 1, text=f"现在是第{n}秒。")]), f'"{n}"')
            state.once()
        self.assertLessEqual(self.articles(state)[0]["revision"], 25)
        self.assertLessEqual(len(self.events(state)), 25)


class Orders(Walking):
    def test_orders_that_make_no_sense_are_refused_in_words(self):
        state = self.known(3)
        for words in (["backfill", "sample", "--pages", "1"], ["feeds", "release", "sample"], ["feeds", "enable", "sample"]):
            with self.subTest(words, daemon="none"):
                done = state.run(*words)
                self.assertEqual(done.returncode, 1)
                self.assertTrue(done.stderr.strip())
        self.start(state)
        for words in (["backfill", "nobody", "--pages", "1"], ["feeds", "release", "sample"], ["feeds", "enable", "sample"],
                      ["feeds", "release", "nobody"], ["backfill", "sample", "--pages", "0"], ["backfill", "sample", "--until", "someday"]):
            with self.subTest(words, daemon="running"):
                self.assertIn(state.run(*words).returncode, (1, 2))
        self.assertEqual(self.posts(state), [1, 2, 3])

    def test_a_second_backfill_finds_nothing_twice(self):
        state = self.known(60)
        self.start(state)
        for _ in range(2):
            self.assertEqual(state.run("backfill", "sample", "--pages", "9").returncode, 0)
            self.wait(lambda: len(self.articles(state)) == 60)
            self.wait_for_walk(state, "backfill")
        self.assertEqual(self.posts(state), list(range(1, 61)))
        self.assertEqual({a["revision"] for a in self.articles(state)}, {1})
        self.assertEqual(self.events(state), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
