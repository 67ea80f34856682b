"""Which entry is a new article, which an old one under another key, which an edit; and documents that are not believed."""
import time
import unittest

from scripted import Case, Document, item
from support import feed


class Seen(Case):
    """A feed that shows these entries, then those."""

    def setUp(self):
        self.server = self.site()
        self.state_of_feed = None

    def show(self, *items, path="/feed/"):
        self.server.pages[path] = feed(list(items))

    def begin(self, *items, **how):
        self.show(*items)
        self.state_of_feed = self.state({"sample": self.server.url + "/feed/"}, **how)
        self.state_of_feed.once()
        return self.state_of_feed

    def see(self, *items):
        self.show(*items)
        self.state_of_feed.once()

    def item(self, number, **how):
        return item(self.server.url, number, **how)

    def told(self):
        return [event["type"] for event in self.events(self.state_of_feed)]

    def held(self):
        return self.articles(self.state_of_feed)


class Identity(Seen):
    def test_a_guid_that_changes_with_the_slug_is_the_same_article(self):
        old, new = (f"{self.server.url}/2026/11/{slug}/" for slug in ("market-day", "market-day-in-the-rain"))
        text = "雨天的集市上卖鱼的人不多，买鱼的人更少，只有船还是那么几条。"
        self.begin(self.item(1, guid=old, link=old, title="集市", text=text), self.item(2))
        self.see(self.item(1, guid=new, link=new, title="集市", text=text), self.item(2))
        self.assertNotIn("article.new", self.told())
        self.assertEqual(len(self.held()), 2)
        self.see(self.item(1, guid=new, link=new, title="集市", text="又写了一段。"), self.item(2))
        self.assertEqual(len(self.held()), 2, "the new key counts from then on")

    def test_a_guid_that_changes_with_the_title_is_the_same_article_by_its_text(self):
        old, new = (f"{self.server.url}/2026/11/{slug}/" for slug in ("bridge", "bridge-closed"))
        text = "".join(f"桥上第{n}天没有车，第{n}个守桥的人说他只是来看水的。" for n in range(30))
        self.begin(self.item(1, guid=old, link=old, title="封桥", text=text), self.item(2))
        self.see(self.item(1, guid=new, link=new, title="桥封了三十天", text=text), self.item(2))
        self.assertEqual(self.told(), ["article.updated"])
        self.assertEqual(len(self.held()), 2)

    def test_a_guid_with_another_link_and_a_link_with_another_guid_are_the_same_article(self):
        link = self.server.url + "/2026/11/lantern/"
        self.begin(self.item(1, guid="tag:lantern", link=link), self.item(2))
        self.see(self.item(1, guid="tag:lantern", link=self.server.url + "/2026/11/lantern-2/"), self.item(2))
        self.see(self.item(1, guid="tag:other", link=self.server.url + "/2026/11/lantern-2/", text="灯笼换了。"), self.item(2))
        self.assertNotIn("article.new", self.told())
        self.assertEqual(len(self.held()), 2)

    def test_a_guid_without_its_number_is_found_by_the_link(self):
        link = self.server.url + "/chinese/665.html"
        self.begin(self.item(665, guid="no number here", link=link), self.item(664))
        self.assertEqual([a["post_id"] for a in self.held()], [665, 664])
        self.see(self.item(665, link=link, text="改过的话。"), self.item(664))
        self.assertEqual(self.told(), ["article.updated"])
        self.assertEqual(len(self.held()), 2)

    def test_spellings_of_one_link_are_one_article(self):
        def named(link):
            return self.item(1, guid="", link=link)

        self.begin(named("http://www.example.org/2026/11/bridge"), self.item(2))
        for link in ("https://example.org/2026/11/bridge", "http://EXAMPLE.org:80/2026/11/bridge/",
                     "https://www.example.org/2026/11/bridge/?utm_source=feed&amp;utm_medium=rss",
                     "https://example.org/2026/11/bridge/#more"):
            with self.subTest(link):
                self.see(named(link), self.item(2))
                self.assertNotIn("article.new", self.told())
                self.assertEqual(len(self.held()), 2)

    def test_a_guid_that_repeats_in_a_document_is_no_key(self):
        def three(first):
            return [self.item(n, guid="one for all", link=f"{self.server.url}/2026/11/no-{n}/") for n in range(first + 2, first - 1, -1)]

        self.begin(*three(1))
        self.assertEqual(len(self.held()), 3)
        self.see(*three(1))
        self.assertEqual(self.told(), [])
        self.see(*three(3))
        self.assertEqual(self.told(), ["article.new"] * 2)
        self.assertEqual(len(self.held()), 5)

    def test_a_number_given_away_again_after_removal_is_a_new_article(self):
        def numbered(slug, title, text, minutes):
            return self.item(5, link=f"{self.server.url}/2026/11/{slug}/", title=title, text=text, minutes=minutes)

        self.begin(numbered("well", "井", "村口的井干了。", 5), self.item(4))
        self.see(self.item(6), self.item(4))
        self.see(numbered("mill", "磨坊", "磨坊今天开工，早上来了许多人。", 900), self.item(6), self.item(4))
        self.assertEqual(self.told(), ["article.new"] * 2)
        self.assertEqual(sorted(a["title"] for a in self.held() if a["title"] in ("井", "磨坊")), ["井", "磨坊"])

    def test_another_date_alone_is_no_edit(self):
        self.begin(self.item(1), self.item(2))
        for minutes in (100, 200, 300):
            self.see(self.item(1, minutes=minutes), self.item(2, minutes=minutes + 1))
        self.assertEqual(self.told(), [])
        self.assertEqual([a["revision"] for a in self.held()], [1, 1])

    def test_old_entries_that_come_back_in_any_order_are_no_news(self):
        entries = [self.item(n) for n in range(1, 31)]
        self.begin(*reversed(entries))
        self.see(*reversed(entries[20:]))
        self.see(self.item(31), *reversed(entries[25:]))
        self.see(*entries[:20])
        self.see(*entries[10:], *entries[:10])
        self.assertEqual(self.told(), ["article.new"])
        self.assertEqual(len(self.held()), 31)

    def test_an_empty_document_is_a_failure_that_changes_nothing(self):
        entries = [self.item(n) for n in (3, 2, 1)]
        state = self.begin(*entries)
        before = self.feed(state)
        self.show()
        state.once(expect=1)
        after = self.feed(state)
        self.assertTrue(after["last_error"])
        self.assertEqual((after["etag"], after["entries"]), (before["etag"], 3))
        self.see(*entries)
        self.assertEqual(self.told(), [])
        self.assertEqual([a["state"] for a in self.held()], ["archived"] * 3)

    def test_one_article_in_several_feeds_is_told_once(self):
        state = self.begin(self.item(1))
        self.show(self.item(2), self.item(1), path="/tag/feed/")
        state.write({name: self.server.url + path for name, path in (("sample", "/feed/"), ("tag", "/tag/feed/"))},
                    feed_extra='fetch_articles = false\ninterval = "1s"')
        state.once()
        self.see(self.item(3), self.item(2), self.item(1))
        self.show(self.item(3), self.item(2), self.item(1), path="/tag/feed/")
        self.see(self.item(3), self.item(2), self.item(1))
        self.assertEqual(self.told_as_new(state).count(3), 1)
        self.assertLessEqual(self.told_as_new(state).count(2), 1)
        self.assertEqual([sorted(a["feeds"]) for a in self.held()], [["sample", "tag"]] * 3)

    def test_numbers_of_two_blogs_on_one_host_are_apart(self):
        english = item(self.server.url, 7, title="A boat", text="A boat.", guid=self.server.url + "/?p=7",
                       link=self.server.url + "/2026/11/a-boat/")
        self.show(english, path="/english/feed/")
        self.show(self.item(7))
        state = self.state({"sample": self.server.url + "/feed/", "english": self.server.url + "/english/feed/"})
        state.once()
        told = {(a["post_id"], tuple(a["feeds"])) for a in self.articles(state)}
        self.assertEqual(told, {(7, ("sample",)), (7, ("english",))})
        self.assertEqual(len({a["site"] for a in self.articles(state)}), 2)

    def test_a_back_dated_post_is_news(self):
        self.begin(*[self.item(n) for n in range(9, 0, -1)])
        self.see(self.item(10), *[self.item(n) for n in range(9, 1, -1)], self.item(70, minutes=-9000))
        self.assertEqual(self.told_as_new(self.state_of_feed), [10, 70])


class Edits(Seen):
    def test_an_edit_is_a_revision_told_with_what_changed(self):
        state = self.begin(self.item(1), self.item(2), self.item(3))
        self.see(self.item(1, text="改了正文。"), self.item(2, title="改了标题"), self.item(3))
        told = self.events(state, "article.updated")
        self.assertEqual({(e["data"]["article"]["post_id"], tuple(e["data"]["changed"]), e["data"]["previous_revision"]) for e in told},
                         {(1, ("content",), 1), (2, ("title",), 1)})
        self.see(self.item(1, text="改了正文。"), self.item(2, title="改了标题"), self.item(3))
        self.assertEqual(len(self.told()), 2)

    def test_a_404_column_is_told_once_with_the_title_before_and_its_end_is_an_edit(self):
        state = self.begin(self.item(1, title="街边纪事｜雨夜"), self.item(2))
        for _ in range(2):
            self.see(self.item(1, title="【404文库】街边纪事｜雨夜"), self.item(2))
        (told,) = self.events(state)
        self.assertEqual(told["type"], "article.censored")
        self.assertEqual(told["data"]["previous_title"], "街边纪事｜雨夜")
        censored_at = told["data"]["article"]["censored_at"]
        self.assertIsNotNone(censored_at)
        self.see(self.item(1, title="街边纪事｜雨夜"), self.item(2))
        self.assertEqual(self.told(), ["article.censored", "article.updated"])
        article = next(a for a in self.articles(state) if a["post_id"] == 1)
        self.assertEqual((article["revision"], article["columns"], article["censored_at"]), (3, [], censored_at))

    def test_a_404_column_that_changes_the_slug_too_is_the_same_article_and_no_edit_of_its_title(self):
        def post(title, slug):
            return self.item(1, title=title, link=f"{self.server.url}/chinese/2026/11/{slug}/")

        state = self.begin(post("街边纪事｜雨夜", "rain"), self.item(2))
        self.see(post("【404文库】街边纪事｜雨夜", "404-rain"), self.item(2))
        self.assertEqual(self.told().count("article.censored"), 1)
        self.assertNotIn("article.new", self.told())
        for update in self.events(state, "article.updated"):
            self.assertNotIn("title", update["data"]["changed"])

    def test_a_404_column_from_the_start_is_no_event(self):
        state = self.begin(self.item(1))
        self.see(self.item(2, title="【404帖子】旧事"), self.item(1))
        self.assertEqual(self.told(), ["article.new"])
        self.assertEqual([a["censored_at"] for a in self.articles(state)], [None, None])


class MassChange(Seen):
    def moved(self, numbers):
        """The publisher's new system: other numbers and links, the dates of before."""
        return [self.item(n + 5000, minutes=n, text=f"换了系统以后的第{n}则，重新排过版。") for n in numbers]

    def test_it_holds_the_feed_tells_once_and_stores_nothing_until_released(self):
        before = range(10, 0, -1)
        state = self.begin(*[self.item(n) for n in before])
        for _ in range(3):
            self.see(*self.moved(before))
            self.assertEqual(self.feed(state)["state"], "held")
        self.assertEqual(self.told(), ["feed.mass_change"])
        self.assertEqual(len(self.held()), 10)
        daemon = self.restart(state, self.start(state))
        asked = len(self.server.asked)
        self.wait(lambda: len(self.server.asked) > asked + 1, words="it is polled on")
        self.assertEqual((self.feed(state)["state"], len(self.held())), ("held", 10))
        self.assertEqual(state.run("feeds", "release", "sample").returncode, 0)
        self.wait(lambda: len(self.held()) == 20)
        self.wait(lambda: self.feed(state)["state"] == "ok")
        time.sleep(1.5)
        self.kill(daemon)
        self.assertEqual([kind for kind in self.told() if kind.startswith("feed.")], ["feed.mass_change", "feed.recovered"])
        self.see(*self.moved(before))
        self.assertEqual((self.feed(state)["state"], len(self.held())), ("ok", 20))

    def test_a_release_is_kept_over_a_kill_until_the_server_lets_us_ask(self):
        before = range(10, 0, -1)
        state = self.begin(*[self.item(n) for n in before])
        moved = Document(feed(self.moved(before)), '"moved"', headers={"Cache-Control": "max-age=3"})
        self.server.pages["/feed/"] = moved
        state.once()
        self.assertEqual(self.feed(state)["state"], "held")
        asked = len(self.server.asked)
        daemon = self.start(state)
        self.assertEqual(state.run("feeds", "release", "sample").returncode, 0)
        time.sleep(0.5)
        self.assertEqual(len(self.server.asked), asked, "max-age holds for a release too")
        self.restart(state, daemon)
        self.wait(lambda: len(self.held()) == 20)
        self.assertEqual(self.feed(state)["state"], "ok")

    def test_two_old_entries_or_a_smaller_share_are_none(self):
        state = self.begin(*[self.item(n) for n in range(10, 0, -1)])
        self.see(*self.moved((2, 1)))
        self.assertEqual(self.feed(state)["state"], "ok")
        self.see(*self.moved((9, 8, 7, 6, 5, 4, 3)), *[self.item(n) for n in (10, 9, 8)])
        self.assertEqual(self.feed(state)["state"], "ok")
        self.assertNotIn("feed.mass_change", self.told())

    def test_a_share_of_nothing_switches_it_off(self):
        state = self.begin(*[self.item(n) for n in range(10, 0, -1)], extra="[schedule]\nmass_change = 0.0\n")
        self.see(*self.moved(range(10, 0, -1)))
        self.assertEqual((self.feed(state)["state"], len(self.held())), ("ok", 20))


if __name__ == "__main__":
    unittest.main(verbosity=2)
