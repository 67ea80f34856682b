"""Does the original still stand? WeChat and others answer under their real names, by a stand-in behind the proxy."""
import json
import sqlite3
import time
import unittest

from originals import WEIXIN, Originals, article, html, lead_to, notice, page
from support import Site, State, feed

SOURCE = WEIXIN + "/s/AbCdEf-1"
CAPTCHA = WEIXIN + "/mp/wappoc_appmsgcaptcha"
TEXT = "河边的桥修好了，渡船从此停在岸上，摆渡的人改种了菜。" * 12
VIOLATION, BY_AUTHOR = "此内容因违规无法查看", "该内容已被发布者删除"


def entry(base, number, source, title="", card=""):
    title = title or f"渡口周刊｜第{number}篇"
    return f"""<item><title>{title}</title><link>{base}/chinese/{number}.html</link>
<pubDate>Wed, 18 Nov 2026 09:{number % 60:02}:00 +0000</pubDate><guid isPermaLink="false">{base}/chinese/?p={number}</guid>
<content:encoded><![CDATA[<div class="su-spoiler su-spoiler-style-fancy"><div class="su-spoiler-title"><span
class="su-spoiler-icon"></span>CDT 档案卡</div><div class="su-spoiler-content su-u-clearfix su-u-trim">
<strong>标题：</strong>桥<br><strong>发表日期：</strong>2026.11.17<br><strong>来源：</strong><a href="{source}">{"微信公众号“渡口”" if "weixin" in source else "渡口"}</a><br>{card}
</div></div><p>{TEXT}</p><p><img src="{base}/files/{number}.png"></p>]]></content:encoded></item>"""


class Watch(unittest.TestCase):
    def setUp(self):
        self.site, self.originals = Site(), Originals()
        self.addCleanup(self.site.close)
        self.addCleanup(self.originals.close)
        self.state = None

    def begin(self, *sources, announce=1, watch="enabled = true"):
        """A state whose feed's articles cite these; the newest `announce` of them are told."""
        self.put(*sources)
        self.state = State({"sample": self.site.url + "/feed/"}, f"[watch]\n{watch}\n",
                           f'proxy = ""\nfetch_articles = false\nannounce = {announce}', self.originals.config())
        self.addCleanup(self.state.remove)
        self.addCleanup(self.state.verified)

    def put(self, *sources):
        self.site.pages["/feed/"] = feed([entry(self.site.url, n + 1, source) for n, source in enumerate(sources)])

    def again(self, times=1):
        """Every look is due."""
        for _ in range(times):
            with sqlite3.connect(self.state.dir / "cdtd.db") as db:
                db.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'watch_source'")
            self.state.once()

    def source(self, url=SOURCE):
        return self.state.json("lookup", url)["source"]

    def liveness(self, url=SOURCE):
        found = self.source(url)["liveness"]
        return found["state"] + ("/" + found["reason"] if found["reason"] else "")

    def told(self):
        return [(kind, json.loads(data)) for kind, data in
                self.state.sql("SELECT type, data FROM events WHERE type LIKE 'source.%' ORDER BY seq")]

    def test_alive_and_kept(self):
        self.begin(SOURCE)
        self.originals.pages[SOURCE] = html(article(TEXT))
        done = self.state.once()
        self.assertIn("1 originals looked at", done.stdout)
        self.assertEqual(self.liveness(), "alive")
        source = self.source()
        self.assertIsNotNone(source["held"])
        self.assertEqual(source["looks"][0]["capture"], source["held"])
        kept = [c for c in self.state.json("lookup", SOURCE)["captures"] if c["id"] == source["held"]]
        self.assertEqual((kept[0]["status"], kept[0]["url"]), (200, SOURCE))
        self.assertEqual(self.state.sql("SELECT kind FROM captures WHERE id = %d" % source["held"]), [("source",)])
        self.assertIn("no snapshot of the Wayback Machine is known", self.state.run("lookup", SOURCE).stdout)
        # Not due: nobody is asked.
        self.state.once()
        self.assertEqual(self.originals.count(SOURCE), 1)
        # No robots.txt, no referrer.
        self.assertEqual({wanted.url for wanted in self.originals.asked}, {SOURCE})
        self.assertNotIn("Referer", self.originals.asked[0].headers)
        self.assertEqual(self.told(), [])

    def test_a_notice_seen_twice_is_told_once_with_its_capture(self):
        self.begin(SOURCE)
        self.originals.pages[SOURCE] = html(article(TEXT))
        self.state.once()
        self.originals.pages[SOURCE] = html(notice(VIOLATION))
        self.again()
        self.assertEqual(self.liveness(), "censored/violation")
        self.assertFalse(self.source()["liveness"]["confirmed"])
        self.assertEqual(self.told(), [])
        self.again(3)
        told = self.told()
        self.assertEqual([kind for kind, _ in told], ["source.censored"])
        source = told[0][1]["source"]
        self.assertEqual((source["url"], source["liveness"]["state"], source["liveness"]["reason"]),
                         (SOURCE, "censored", "violation"))
        self.assertTrue(source["liveness"]["confirmed"])
        self.assertEqual(told[0][1]["article"]["url"].split("/chinese/")[1], "1.html")
        looks = self.source()["looks"]
        self.assertEqual([look["state"] for look in looks], ["censored"] * 4 + ["alive"])
        self.assertEqual({look["words"] for look in looks[:4]}, {VIOLATION})
        # The notice is the evidence; what it says again is held once.
        for look in looks:
            self.assertIsNotNone(look["capture"])
        status = self.state.sql(f"SELECT original IS NULL FROM captures WHERE id IN ({looks[3]['capture']}, "
                                f"{looks[2]['capture']}) ORDER BY id")
        self.assertEqual(status, [(1,), (0,)])
        # What stood there is held still.
        self.assertEqual(self.source()["held"], looks[4]["capture"])
        self.assertEqual([a["id"] for a in self.state.json("articles", "--source-state", "censored")["items"]], [1])

    def test_deleted_by_its_author_and_back(self):
        self.begin(SOURCE)
        self.originals.pages[SOURCE] = html(article(TEXT))
        self.state.once()
        self.originals.pages[SOURCE] = html(notice(BY_AUTHOR))
        self.again(2)
        self.originals.pages[SOURCE] = html(article(TEXT))
        self.again(2)
        self.assertEqual([kind for kind, _ in self.told()], ["source.deleted", "source.restored"])
        self.assertEqual(self.liveness(), "alive")

    def test_a_captcha_is_never_a_deletion(self):
        self.begin(SOURCE)
        self.originals.pages[SOURCE] = html(article(TEXT))
        self.state.once()
        self.originals.pages[SOURCE] = lead_to(CAPTCHA + "?poc_token=x&target_url=y")
        self.originals.pages[CAPTCHA] = html(notice("环境异常", "weui-icon-info weui-icon_msg"))
        self.again(4)
        self.assertEqual(self.liveness(), "challenged/captcha")
        self.originals.pages[SOURCE] = html(notice("访问过于频繁，请用微信扫描二维码进行访问"))
        self.again()
        self.assertEqual(self.liveness(), "challenged/rate_limit")
        self.assertEqual(self.told(), [])
        # It refused five times: left in peace for a day.
        self.again(2)
        self.assertEqual(self.originals.count(SOURCE), 6)
        self.assertIn("sources: 5 refusals in a row", self.state.json("status")["paused"][0]["reason"])
        # Neither does it count, nor take back.
        with sqlite3.connect(self.state.dir / "cdtd.db") as db:
            db.execute("DELETE FROM circuits")
        for answer in (html(notice(BY_AUTHOR)), (429, {}, b""), html(notice(BY_AUTHOR))):
            self.originals.pages[SOURCE] = answer
            with sqlite3.connect(self.state.dir / "cdtd.db") as db:
                db.execute("DELETE FROM pauses")
            self.again()
        self.assertEqual([kind for kind, _ in self.told()], ["source.deleted"])

    def test_an_article_that_quotes_the_notice_stands(self):
        quoting = "https://news.example.org/2026/quotes"
        self.begin(quoting, SOURCE, announce=2)
        self.originals.pages[quoting] = html(page("【404文库】" + VIOLATION, TEXT + notice(VIOLATION).decode()))
        self.originals.pages[SOURCE] = html(article(TEXT + VIOLATION + notice(BY_AUTHOR).decode()))
        self.state.once()
        self.again(2)
        self.assertEqual((self.liveness(quoting), self.liveness()), ("alive", "alive"))
        self.assertEqual(self.told(), [])

    def test_what_was_gone_before_is_not_told_of_a_silent_article(self):
        self.begin(SOURCE, announce=0)
        self.originals.pages[SOURCE] = html(notice(VIOLATION))
        self.state.once()
        self.again(2)
        self.assertEqual((self.liveness(), self.told()), ("censored/violation", []))
        # Of a new one it is; and what happens to the other later.
        other = WEIXIN + "/s/Other_2"
        self.originals.pages[other] = html(notice(BY_AUTHOR))
        self.put(SOURCE, other)
        with sqlite3.connect(self.state.dir / "cdtd.db") as db:
            db.execute("UPDATE feeds SET next_poll_at = 0, allowed_at = 0")
        self.state.once()
        self.originals.pages[SOURCE] = html(article(TEXT))
        self.again()
        self.assertEqual(sorted((kind, data["source"]["url"]) for kind, data in self.told()),
                         [("source.deleted", other), ("source.restored", SOURCE)])

    def test_an_unchanged_page_is_not_sent_again(self):
        url = "https://news.example.org/2026/bridge"

        def bridge(wanted):
            if wanted.headers.get("If-None-Match") == '"7"':
                return 304, {"ETag": '"7"'}, b""
            return html(page("桥", TEXT), ETag='"7"')

        self.begin(url)
        self.originals.pages[url] = bridge
        self.state.once()
        self.again(2)
        source = self.source(url)
        self.assertEqual([(look["state"], look["status"]) for look in source["looks"]],
                         [("alive", 304), ("alive", 304), ("alive", 200)])
        self.assertEqual({look["capture"] for look in source["looks"]}, {source["held"]})
        # Gone is gone, whatever was known.
        self.originals.pages[url] = (410, {}, b"")
        self.again()
        self.assertEqual(self.liveness(url), "deleted/not_found")

    def test_no_answer_is_no_deletion(self):
        url = "https://news.example.org/2026/bridge"
        self.begin(url)
        self.originals.pages[url] = lambda _: None
        self.state.once()
        self.again(2)
        self.assertEqual((self.liveness(url), self.told()), ("unreachable", []))

    def test_other_platforms(self):
        weibo, douban, news = "https://weibo.com/1234567890/AbCd", "https://www.douban.com/note/1/", \
            "https://news.example.org/2026/bridge"
        self.begin(weibo, douban, news)
        self.originals.pages[weibo] = lead_to("https://passport.weibo.com/visitor/visitor?entry=miniblog")
        self.originals.pages["https://passport.weibo.com/visitor/visitor"] = html(page("Sina Visitor System", ""))
        self.originals.pages["https://douban.com/note/1/"] = lead_to(douban)
        self.originals.pages[douban] = html(page("页面不存在", ""), status=404)
        self.originals.pages[news] = lead_to("https://news.example.org/")
        self.originals.pages["https://news.example.org/"] = html(page("今日新闻", TEXT))
        self.state.once()
        self.assertEqual(self.liveness(weibo), "challenged/login")
        self.assertEqual(self.liveness(douban), "deleted/not_found")
        self.assertEqual(self.liveness(news), "deleted/not_found")

    def test_lookup_of_whatever_one_has(self):
        link = "https://web.archive.org/web/*/" + SOURCE
        self.begin(link)
        self.originals.pages[SOURCE] = html(article(TEXT))
        self.state.once()
        self.originals.pages[SOURCE] = html(notice(VIOLATION))
        self.again(2)
        urls = {"article": self.site.url + "/chinese/1.html", "source": SOURCE, "link": link,
                "image": self.site.url + "/files/1.png"}
        kinds = {name: self.state.json("lookup", url)["kind"] for name, url in urls.items()}
        self.assertEqual(kinds, {"article": "article", "source": "source", "link": "source", "image": "image"})
        found = self.state.json("lookup", link)
        self.assertEqual((found["canonical_url"], found["liveness"]["state"], found["cited_by"][0]["id"]),
                         (SOURCE, "censored", 1))
        for name, url in urls.items():
            text = self.state.run("lookup", url).stdout
            self.assertLess(len(text.splitlines()), 24, text)
            if name != "image":
                self.assertIn("censored (violation)", text)
            if name in ("source", "link"):
                self.assertIn(VIOLATION, text)
        unknown = self.state.run("lookup", "https://example.org/nothing")
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("nothing that we know", unknown.stdout)
        shown = self.state.run("show", "1").stdout
        self.assertIn("censored (violation)", shown)
        self.assertEqual(len(self.state.json("show", "1")["sources"][0]["looks"]), 3)

    def test_lists_and_survival(self):
        sources = [f"{WEIXIN}/s/Source-{n}" for n in range(5)]
        self.begin(*sources, "https://news.example.org/2026/bridge")
        for n, url in enumerate(sources):
            self.originals.pages[url] = html(notice(VIOLATION)) if n % 2 else html(article(TEXT))
        self.originals.pages["https://news.example.org/2026/bridge"] = html(page("桥", TEXT))
        self.state.once()
        self.again()
        daemon = self.state.start()
        try:
            def ask(path):
                status, body = self.state.get(path)
                return status, json.loads(body)

            self.assertEqual(len(ask("/api/v1/sources")[1]["items"]), 6)
            gone = ask("/api/v1/sources?state=censored")[1]["items"]
            self.assertEqual({item["url"] for item in gone}, {sources[1], sources[3]})
            self.assertEqual(len(gone[0]["looks"]), 2)
            self.assertEqual(len(gone[0]["cited_by"]), 1)
            self.assertEqual(len(ask("/api/v1/sources?platform=weixin&state=alive,censored")[1]["items"]), 5)
            self.assertEqual(ask("/api/v1/sources?wayback=archived")[1]["items"], [])
            seen, cursor = [], ""
            while cursor is not None:
                answer = ask("/api/v1/sources?platform=weixin&limit=2" + (f"&cursor={cursor}" if cursor else ""))[1]
                seen += [item["id"] for item in answer["items"]]
                cursor = answer["next"]
            self.assertEqual((len(seen), sorted(seen, reverse=True)), (5, seen))
            self.assertEqual(ask("/api/v1/sources?state=gone")[0], 400)
            self.assertEqual(ask("/api/v1/sources?cursor=x")[0], 400)
            survival = ask("/api/v1/survival")[1]
            self.assertEqual(survival, self.state.json("status", "--survival"))
        finally:
            self.state.stop(daemon)
        weixin = survival["by_platform"][0]
        self.assertEqual((weixin["platform"], weixin["sources"], weixin["alive"], weixin["censored"]), ("weixin", 5, 3, 2))
        self.assertEqual((weixin["lived"]["count"], survival["by_outlet"][0]["outlet"]), (2, "渡口周刊"))
        self.assertIn("渡口周刊", self.state.run("status", "--survival").stdout)

    def test_what_is_switched_off_asks_nobody_and_what_was_missed_is_caught_up(self):
        self.begin(SOURCE, watch="enabled = false")
        self.originals.pages[SOURCE] = html(article(TEXT))
        self.state.once()
        self.assertEqual((self.originals.asked, self.liveness()), ([], "unchecked"))
        self.state.write({"sample": self.site.url + "/feed/"}, "[watch]\nenabled = true\n",
                         'proxy = ""\nfetch_articles = false', self.originals.config())
        self.state.once()
        self.assertEqual(self.liveness(), "alive")

    def test_the_daemon_looks_by_itself(self):
        self.begin(SOURCE, watch='recheck = ["1s"]\nconfirm = 3')
        self.originals.pages[SOURCE] = html(notice(BY_AUTHOR))
        daemon = self.state.start()
        try:
            types = []
            for _ in range(100):
                events = json.loads(self.state.get("/api/v1/events?limit=100")[1])["items"]
                types = [event["type"] for event in events]
                if "source.deleted" in types:
                    break
                time.sleep(0.2)
            self.assertIn("source.deleted", types)
            self.assertGreaterEqual(self.originals.count(SOURCE), 3)
        finally:
            self.state.stop(daemon)


if __name__ == "__main__":
    unittest.main()
