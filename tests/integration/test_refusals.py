"""Hosts that forbid or refuse: robots.txt is kept to, and who refuses is left in peace but for one probe a day."""
import sqlite3
import unittest

from support import Site, State, entry, feed

PAGE = b"<html><body><article><p>\xe6\xb2\xb3\xe8\xbe\xb9\xe7\x9a\x84\xe6\xa1\xa5\xe3\x80\x82</p></article></body></html>"


class Refusals(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.state = State({"sample": self.site.url + "/feed/"})
        self.addCleanup(self.state.remove)

    def put(self, count, images=0, page=lambda _: (200, {"Content-Type": "text/html"}, PAGE)):
        numbers = range(1, count + 1)
        self.site.pages["/feed/"] = feed([entry(self.site.url, n, f"第{n}篇", f"第{n}篇的正文。", images) for n in numbers])
        for n in numbers:
            self.site.pages[f"/chinese/{n}.html"] = page
            for i in range(images):
                self.site.pages[f"/files/{n}-{i}.png"] = lambda _: (200, {"Content-Type": "image/png"}, b"\x89PNG")

    def asked(self, beginning):
        return [ask.path for ask in self.site.asked if ask.path.startswith(beginning)]

    def pages(self):
        return [a["page"] for a in self.state.json("articles")["items"]]

    def write(self, *statements):
        with sqlite3.connect(self.state.dir / "cdtd.db") as db:
            for statement in statements:
                db.execute(statement)

    def test_pages_that_robots_txt_forbids_are_not_asked_for(self):
        self.put(3, images=1)
        self.site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /chinese/\n"
        self.state.once()
        self.assertEqual(self.asked("/chinese/"), [])
        self.assertEqual(len(self.asked("/files/")), 3)
        self.assertEqual(len(self.asked("/robots.txt")), 1)
        for page in self.pages():
            self.assertEqual(page["state"], "refused")
            self.assertIn("robots.txt", page["reason"])
            self.assertIn("Disallow: /chinese/", page["reason"])
        self.assertEqual([a["state"] for a in self.state.json("articles")["items"]], ["archived"] * 3)
        self.assertEqual(self.state.sql("SELECT count(*) FROM captures WHERE kind = 'robots'"), [(1,)])

    def test_the_rule_for_us_counts_and_an_absent_file_forbids_nothing(self):
        self.put(2)
        self.site.pages["/robots.txt"] = b"User-agent: cdtd\nAllow: /\n\nUser-agent: *\nDisallow: /\n"
        self.state.once()
        self.assertEqual(len(self.asked("/chinese/")), 2)
        del self.site.pages["/robots.txt"]
        self.write("UPDATE robots SET fetched_at = fetched_at - 90000000000") # more than a day
        self.put(3)
        self.state.once()
        self.assertEqual(len(self.asked("/robots.txt")), 2)
        self.assertEqual([p["state"] for p in self.pages()], ["captured"] * 3)

    def redirected(self, *ways):
        """The site itself, another one that forbids /closed/, and an article for each way, which redirects along it."""
        other = Site()
        self.addCleanup(other.close)
        rules = b"User-agent: *\nDisallow: /closed/\n"
        other.pages["/robots.txt"] = self.site.pages["/robots.txt"] = rules
        for site in (self.site, other):
            for place in ("/closed/page", "/open/page"):
                site.pages[place] = lambda _: (200, {"Content-Type": "text/html"}, PAGE)
        self.put(len(ways))
        for n, way in enumerate(ways, 1):
            places = [f"/chinese/{n}.html", *(step.format(n=n) for step in way)]
            for here, there in zip(places, places[1:]):
                site = other if here.startswith("other") else self.site
                there = there.replace("other", other.url) if there.startswith("other") else self.site.url + there
                site.pages[here.removeprefix("other")] = lambda _, to=there: (302, {"Location": to}, b"")
        return other

    def states(self):
        return {int(a["url"].split("/")[-1].split(".")[0]): a["page"] for a in self.state.json("articles")["items"]}

    def test_robots_txt_is_asked_at_each_redirect(self):
        other = self.redirected(["other/closed/page"], ["other/open/page"], ["other/to/{n}", "other/closed/page"],
                                ["/to/{n}", "/closed/page"], ["other/to/{n}", "/open/page"])
        self.state.once()
        pages = self.states()
        self.assertEqual([pages[n]["state"] for n in range(1, 6)], ["refused", "captured", "refused", "refused", "captured"])
        self.assertIn(f"robots.txt of {other.url}", pages[3]["reason"])
        self.assertIn(f"robots.txt of {self.site.url}", pages[4]["reason"])
        self.assertEqual([ask.path for ask in other.asked + self.site.asked if "closed" in ask.path], [])

    def test_a_host_that_is_redirected_to_and_closes_is_no_fault_of_the_first(self):
        other = self.redirected(*[["other/open/page"]] * 8)
        other.pages["/robots.txt"] = lambda _: (429, {"Retry-After": "7200"}, b"")
        self.state.once()
        self.assertEqual(len(other.asked), 1)
        self.assertEqual(self.state.sql("SELECT count(*) FROM circuits WHERE refusals > 0"), [(0,)])
        [paused] = self.state.json("status")["paused"]
        self.assertEqual(paused["host"], other.url)
        waits = [due for due, in self.state.sql("SELECT due_at - strftime('%s') * 1000000 FROM jobs WHERE kind = 'capture'")]
        self.assertEqual(len(waits), 8)
        self.assertGreaterEqual(sorted(waits)[1], 7000 * 10**6) # but for the one that asked

    def test_where_robots_txt_can_t_be_had_nobody_knows(self):
        self.put(1)
        self.site.pages["/robots.txt"] = lambda _: (500, {}, b"")
        self.state.once()
        self.assertEqual(self.asked("/chinese/"), [])
        page = self.pages()[0]
        self.assertEqual(page["state"], "failed")
        self.assertIn("is not known: it answered 500", page["reason"])
        # What it said within the month counts.
        self.write("INSERT OR REPLACE INTO robots SELECT substr(url, 1, instr(url, '/chinese') - 1), "
                   "strftime('%s') * 1000000 - 172800000000, '' FROM jobs", "UPDATE jobs SET due_at = 0")
        self.state.once()
        self.assertEqual(self.pages()[0]["state"], "captured")

    def test_a_host_that_refuses_is_asked_five_times_and_then_once_a_day(self):
        self.put(12, images=1, page=lambda _: (403, {}, b"no"))
        self.state.once()
        self.assertEqual(len(self.asked("/chinese/")), 5)
        self.assertEqual(len(self.asked("/files/")), 12) # another matter
        self.assertEqual({p["state"] for p in self.pages()}, {"refused"})
        self.assertEqual({a["state"] for a in self.state.json("articles")["items"]}, {"archived"})
        paused = self.state.json("status")["paused"]
        self.assertEqual([p["host"] for p in paused], [self.site.url])
        self.assertIn("pages: 5 refusals in a row", paused[0]["reason"])
        self.write("UPDATE jobs SET due_at = 0")
        self.state.once()
        self.assertEqual(len(self.asked("/chinese/")), 5)
        self.write("UPDATE jobs SET due_at = 0", "UPDATE circuits SET open_until = 1")
        self.state.once()
        self.assertEqual(len(self.asked("/chinese/")), 6)
        # The probe that is answered lets the others in.
        self.put(12, page=lambda _: (200, {"Content-Type": "text/html"}, PAGE))
        self.write("UPDATE jobs SET due_at = 0", "UPDATE circuits SET open_until = 1")
        self.state.once()
        self.state.once()
        self.assertEqual({p["state"] for p in self.pages()}, {"captured"})
        self.assertEqual(self.state.json("status")["paused"], [])

    def test_other_answers_in_between_close_it(self):
        self.put(12)
        for n in (1, 2, 3, 5, 6, 7, 9, 10, 11):
            self.site.pages[f"/chinese/{n}.html"] = lambda _: (403, {}, b"no")
        self.state.once()
        self.assertEqual(len(self.asked("/chinese/")), 12)


if __name__ == "__main__":
    unittest.main()
