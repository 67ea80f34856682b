"""Reading articles through the whole program: real texts against a second reader, pages, summaries, re-runs."""
import html
import json
import re
import sqlite3
import unittest

from plain_reader import paragraphs
from support import CORPUS, Site, State, entry, feed


def load(path):
    """Title, HTML and link of a file of the corpus."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        post = json.loads(text)
        return post["title"], post["content"], post["link"]
    head, body = text.split("\n------\n", 1)
    title, link = re.search(r"\[(.*)\]\((.*)\)\s*$", head, re.S).groups()
    return title, re.sub(r"\A\s*日期：.*\n", "", body), link


def item(number, title, content, link):
    safe = content.replace("]]>", "]]]]><![CDATA[>")
    return (f"<item><title>{html.escape(title)}</title><link>{html.escape(link)}</link>"
            f'<guid isPermaLink="false">sample-{number}</guid><content:encoded><![CDATA[{safe}]]></content:encoded></item>')


class Reading(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)

    def state(self, feed_extra="fetch_articles = false\n", extra=""):
        state = State({"sample": self.site.url + "/feed/"}, extra, feed_extra)
        self.addCleanup(state.remove)
        return state

    def content(self, state, number):
        """Text and fingerprint of the newest revision."""
        return state.sql("SELECT r.text, r.sha256 FROM articles a JOIN revisions r ON r.article = a.id AND "
                         f"r.number = a.revision WHERE a.post_id = {number} OR a.guid = 'sample-{number}'")[0]

    @unittest.skipUnless((CORPUS / "cdt").is_dir(), "no real articles")
    def test_real_texts_are_read_as_another_reader_reads_them(self):
        files = sorted(p for p in (CORPUS / "cdt").iterdir() if re.search(r"\.(md|rest\.json)$", p.name))
        self.assertGreaterEqual(len(files), 45)
        loaded = [load(path) for path in files]
        # Links differ, so that each version of a post is an article of its own.
        self.site.pages["/feed/"] = feed([item(n, f"第{n}篇", content, f"https://example.org/{n}")
                                          for n, (_, content, _) in enumerate(loaded)])
        state = self.state()
        state.once()
        for n, (_, content, _) in enumerate(loaded):
            with self.subTest(files[n].name):
                self.assertEqual(self.content(state, n)[0].split("\n\n"), paragraphs(content) or [""])

    @unittest.skipUnless((CORPUS / "cdt").is_dir(), "no real articles")
    def test_feed_and_rest_of_the_same_edit_have_one_fingerprint(self):
        pair = [load(CORPUS / "cdt" / name) for name in ("682498.feed.md", "682498.rest.json")]
        self.site.pages["/feed/"] = feed([item(n, f"第{n}篇", content, f"https://example.org/{n}")
                                          for n, (_, content, _) in enumerate(pair)])
        state = self.state()
        state.once()
        self.assertEqual(self.content(state, 0), self.content(state, 1))

    def test_what_the_feed_s_footer_says_of_the_editor_is_taken_where_the_feed_does_not(self):
        footer = ('<hr /><p><small>&copy; 老编 for <a href="/">样本</a>, get_post_time(\'Y\'). | <a href="/x">Permalink</a>'
                  '<br/>Post tags: <a href="/t/1" rel="tag">河流</a>, <a href="/t/2" rel="tag">桥，</a><br/></small></p>')
        self.site.pages["/feed/"] = feed([item(1, "桥", "<p>河边的桥。</p>" + footer, "https://example.org/1")])
        state = self.state()
        state.once()
        article = state.json("show", "https://example.org/1")
        self.assertEqual((article["editor"], article["categories"]), ("老编", ["河流", "桥，"]))

    def page(self, body):
        return ("<!DOCTYPE html><html><head><title>桥</title><script>var a = 1;</script></head><body><nav><a href='/'>首页</a>"
                f"</nav><div class='content-area'>{body}</div><div class='sidebar'><ul><li><a href='/a'>别的一篇</a></li></ul>"
                "</div></body></html>").encode()

    def test_a_page_gives_the_whole_of_what_the_feed_only_sums_up(self):
        whole = "".join(f"<p>这是第{n}段，说的是河边的桥和桥上的人，有逗号，也有句号。</p>" for n in range(20))
        teaser = "这是第0段，说的是河边的桥……"
        base = self.site.url
        self.site.pages["/feed/"] = feed([entry(base, 1, "桥", teaser)])
        self.site.pages["/chinese/1.html"] = self.page(f"<article><h1>桥</h1><div class='text'>{whole}</div></article>")
        state = self.state("announce = 1\n")
        state.once()
        text, first = self.content(state, 1)
        self.assertEqual(text.split("\n\n")[-1], "这是第19段，说的是河边的桥和桥上的人，有逗号，也有句号。")
        self.assertNotIn("别的一篇", text)
        self.assertNotIn("首页", text)
        # The same summary, a new title: the content stays the page's.
        self.site.pages["/feed/"] = feed([entry(base, 1, "【404文库】桥", teaser)])
        state.once()
        self.assertEqual(self.content(state, 1), (text, first))
        self.assertEqual(state.json("show", "1")["title"], "【404文库】桥")
        # Another summary: the page is looked at again, and what changed there is an edit.
        self.site.pages["/chinese/1.html"] = self.page(
            f"<article><h1>桥</h1><div class='text'>{whole}<p>后来又添了一段，说的还是那座桥，还有那条河。</p></div></article>")
        self.site.pages["/feed/"] = feed([entry(base, 1, "【404文库】桥", "改过的摘要：" + teaser)])
        state.once()
        self.assertIn("后来又添了一段", self.content(state, 1)[0])
        types = [row[0] for row in state.sql("SELECT type FROM events ORDER BY seq")]
        self.assertEqual([t for t in types if t.startswith("article")],
                         ["article.new", "article.archived", "article.censored", "article.updated"])
        # The whole in the feed at last: then the feed's is the content.
        self.site.pages["/feed/"] = feed([entry(base, 1, "【404文库】桥", whole.replace("第0段", "第零段"))])
        state.once()
        self.assertIn("第零段", self.content(state, 1)[0])
        self.assertEqual(state.sql("SELECT feed_sha256 FROM articles"), [(None,)])

    def test_a_page_in_an_old_charset_is_read_by_what_it_or_its_server_says(self):
        whole = "".join(f"<p>这是第{n}段，说的是河边的桥和桥上的人，有逗号，也有句号。</p>" for n in range(20))
        base = self.site.url
        cases = {1: ("gbk", "", "text/html; charset=GBK"), 2: ("gb2312", "<meta charset=gb2312>", "text/html"),
                 3: ("big5", "<meta http-equiv=content-type content='text/html; charset=big5'>", "text/html")}
        self.site.pages["/feed/"] = feed([entry(base, n, f"第{n}篇", f"第{n}篇说的是……") for n in cases])
        for n, (charset, meta, kind) in cases.items():
            text = whole if charset != "big5" else whole.replace("这", "這").replace("说", "說").replace("边", "邊") \
                .replace("桥", "橋").replace("逗号", "逗號").replace("号", "號")
            page = (f"<!DOCTYPE html><html><head>{meta}<title>桥</title></head><body><article><h1>第{n}篇</h1>"
                    f"<div class='text'>{text.replace('桥', '橋') if charset == 'big5' else text}</div></article></body></html>")
            page = page.replace("桥", "橋") if charset == "big5" else page
            self.site.pages[f"/chinese/{n}.html"] = lambda _, kind=kind, page=page.encode(charset, "replace"): (
                200, {"Content-Type": kind}, page)
        # Bytes of no charset at all: the feed's words stay.
        self.site.pages["/chinese/4.html"] = lambda _: (200, {"Content-Type": "text/html; charset=utf-8"}, (
            "<html><body><article>".encode() + b"<p>\xff\xfe\x81 \x8f\xe4 , \xc3 \xa0\xf1 \x90</p>" * 300 + b"</article>"))
        self.site.pages["/feed/"] = feed([entry(base, n, f"第{n}篇", f"第{n}篇说的是……") for n in range(1, 5)])
        state = self.state("announce = 1\n")
        state.once()
        for n in (1, 2):
            self.assertIn("这是第19段，说的是河边的桥", self.content(state, n)[0])
        self.assertIn("這是第19段，說的是河邊的橋", self.content(state, 3)[0])
        self.assertNotIn("\ufffd", self.content(state, 4)[0])

    def test_re_runs_are_linked_and_not_merged(self):
        whole = "".join(f"<p>第{n * n}段说的是{n + 7}号桥和{n * 31}个人。</p>" for n in range(60))
        source = '<p>见<a href="https://mp.weixin.qq.com/s/abc">原文</a></p>'
        self.site.pages["/feed/"] = feed([
            item(1, "桥", whole, "https://example.org/1"),
            item(2, "【重温】桥", "<p>编者按：今天重发旧文，纪念那座桥。</p>" + whole, "https://example.org/2"),
            item(3, "店", "".join(f"<p>街上第{n}家店卖的是{n}种鱼，每条{n * 3}元。</p>" for n in range(60)) + source,
                 "https://example.org/3")])
        state = self.state()
        state.once()
        first, again, other = (state.json("show", f"https://example.org/{n}") for n in (1, 2, 3))
        self.assertEqual([r["id"] for r in first["related"]], [again["id"]])
        self.assertEqual([r["id"] for r in again["related"]], [first["id"]])
        self.assertGreater(first["related"][0]["likeness"], 0.8)
        self.assertEqual(other["related"], [])
        shown = state.run("show", "https://example.org/1").stdout
        self.assertIn("【重温】桥", shown)

    def test_a_reader_that_was_changed_makes_no_edits(self):
        self.site.pages["/feed/"] = feed([item(1, "桥", "<p>河边的桥。</p>", "https://example.org/1")])
        state = self.state()
        state.once()
        with sqlite3.connect(state.dir / "cdtd.db") as db: # as an earlier reader would have left it
            db.execute("UPDATE revisions SET reader = 0, sha256 = 'before'")
            db.execute("UPDATE articles SET content_sha256 = 'before'")
        self.site.pages["/feed/"] = feed([item(1, "桥", "<div>河边的桥。</div>", "https://example.org/1")])
        state.once()
        self.assertEqual(state.json("show", "https://example.org/1")["revision"], 1)
        self.site.pages["/feed/"] = feed([item(1, "桥", "<div>河边的桥断了。</div>", "https://example.org/1")])
        state.once()
        self.assertEqual(state.json("show", "https://example.org/1")["revision"], 2)


if __name__ == "__main__":
    unittest.main()
