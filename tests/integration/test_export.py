"""Export and import as a user does them, and the folder of Markdown files that the daemon keeps."""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from support import CDTD, Site, State, entry, feed

HOSTILE = ["a[b]c", "](https://evil.example/)", "../../../etc/passwd", "x|y *z* `w`", "CON", "a\\", "&amp;amp;lt; b",
           "某报｜" + "长" * 300, ". . .", "引“号”：?*<b", "\u202eabc", "e\u0301 🇨🇳" * 60]


def markdown(number, title, text, base="https://sample.example"):
    """Our form, as old archives have it: brackets as they are."""
    return f"<!--{1600000000000 + number}-->\n[{title}]({base}/chinese/{number}.html)\n------\n\n<p>{text}</p>\n"


def archive(folder, count, first=1):
    words = "树 街角 渡船 桥 灯 江 雨 信 纸 石头 风 门 墙 窗 路 人".split()
    chance = random.Random(7)
    for number in range(first, first + count):
        year = folder / str(2000 + number % 20)
        year.mkdir(parents=True, exist_ok=True)
        text = "。</p><p>".join("".join(chance.choices(words, k=12)) for _ in range(4))
        (year / f"{number}_题{number}.md").write_text(markdown(number, f"题{number}", text), encoding="utf-8")


def tree(folder):
    """Every file's bytes, by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cdtd-export-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def state(self, feeds=None, extra="", feed_extra="fetch_articles = false"):
        state = State(feeds or {}, extra, feed_extra)
        self.addCleanup(state.remove)
        return state

    def site(self, entries):
        site = Site()
        self.addCleanup(site.close)
        site.pages["/feed/"] = feed(entries(site.url))
        return site

    def polled(self, titles=("街角记事｜一", "街角记事｜二", "三")):
        site = self.site(lambda url: [entry(url, n, title.replace("&", "&amp;").replace("<", "&lt;"), f"正文{n}。")
                                      for n, title in enumerate(titles, 1)])
        state = self.state({"sample": site.url + "/feed/"})
        state.once()
        return site, state

    def good(self, state, *words):
        done = state.run(*words)
        self.assertEqual(done.returncode, 0, f"{words}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    # export

    def test_jsonl_is_what_the_api_gives_and_the_content(self):
        _, state = self.polled()
        path = self.folder / "all.jsonl"
        self.assertIn("3 articles", self.good(state, "export", "--format", "jsonl", "-o", str(path)))
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        self.assertEqual(len(lines), 3)
        for line in lines:
            self.assertIn("正文", line.pop("text"))
            self.assertIn("<p>正文", line.pop("html"))
            shown = json.loads(self.good(state, "show", str(line["id"]), "--format", "json"))
            self.assertEqual(line, shown)
            self.assertEqual(list(line), list(shown))
        self.assertEqual(os.listdir(self.folder), ["all.jsonl"])
        piped = state.run("export", "--format", "jsonl", "-o", "-")
        self.assertEqual(piped.stdout, path.read_text(encoding="utf-8"))
        self.assertIn("3 articles", piped.stderr)
        path.write_text("before")
        self.good(state, "export", "--format", "jsonl", "-o", str(path), "--limit", "2")
        self.assertEqual(len(path.read_text().splitlines()), 2)

    def test_the_filters_are_those_of_articles(self):
        _, state = self.polled()
        for words in (["--outlet", "街角记事"], ["--query", "正文3"], ["--since", "2020-01-01"], ["--feed", "other"],
                      ["--state", "archived", "--limit", "1"], ["--topic", "x"]):
            out = state.run("export", "--format", "jsonl", "-o", "-", *words).stdout
            ids = [json.loads(line)["id"] for line in out.splitlines()]
            self.assertEqual(ids, [a["id"] for a in state.json("articles", *words)["items"]], words)
        for words in (["--state", "nonsense"], ["--query", "(("], ["--since", "soon"], ["--limit", "0"]):
            self.assertEqual(state.run("export", "--format", "jsonl", "-o", "-", *words).returncode, 2, words)

    def test_wrong_usage_is_said(self):
        _, state = self.polled(["一"])
        for words, said in ((["--format", "warc", "-o", "x"], "not there yet"), (["--format", "markdown", "-o", "-"], "folder"),
                            (["--format", "csv", "-o", "x"], "csv"), (["--format", "jsonl"], "output"),
                            (["--format", "jsonl", "-o", str(self.folder)], "is a folder")):
            done = state.run("export", *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(said, done.stderr)
        for path in ("/proc/none/x", str(self.folder / "absent/x")):
            done = state.run("export", "--format", "jsonl", "-o", path)
            self.assertEqual(done.returncode, 1)
            self.assertIn("can't be written", done.stderr)
        full = state.run("export", "--format", "jsonl", "-o", "/dev/full")
        self.assertEqual(full.returncode, 1)
        self.assertIn("No space left", full.stderr)
        self.assertTrue(pathlib.Path("/dev/full").is_char_device())

    def test_hostile_titles_go_round_by_files(self):
        _, state = self.polled(HOSTILE)
        out = self.folder / "out"
        self.good(state, "export", "--format", "markdown", "-o", str(out))
        files = tree(out)
        self.assertEqual(len(files), len(HOSTILE))
        for name in files:
            self.assertRegex(name, r"^2026/\d+(_[^/]+)?\.md$")
            self.assertLessEqual(len(os.path.basename(name).encode()), 255)
            self.assertNotRegex(name, '[\\\\:*?"<>|\x00-\x1f\x7f\u202a-\u202e]')
        fresh = self.state()
        self.assertIn(f"{len(HOSTILE)} new", self.good(fresh, "import", str(out)))
        titles = sorted(a["title"] for a in state.json("articles")["items"])
        self.assertEqual(sorted(a["title"] for a in fresh.json("articles")["items"]), titles)
        again = self.folder / "again"
        self.good(fresh, "export", "--format", "markdown", "-o", str(again))
        self.assertEqual(tree(again), files)

    def test_show_prints_the_file(self):
        _, state = self.polled(["题[一]"])
        self.good(state, "export", "--format", "markdown", "-o", str(self.folder / "out"))
        [bytes_] = tree(self.folder / "out").values()
        self.assertEqual(self.good(state, "show", "1", "--format", "markdown"), bytes_.decode())

    def test_a_second_export_touches_nothing_and_renames_what_has_another_title(self):
        site, state = self.polled()
        out = self.folder / "out"
        self.good(state, "export", "--format", "markdown", "-o", str(out))
        before = {path: path.stat().st_mtime_ns for path in out.rglob("*.md")}
        self.assertIn("0 files written, 3 were right already", self.good(state, "export", "--format", "markdown", "-o", str(out)))
        self.assertEqual({path: path.stat().st_mtime_ns for path in out.rglob("*.md")}, before)
        site.pages["/feed/"] = feed([entry(site.url, 1, "【404文库】街角记事｜一", "正文1。")])
        state.once()
        self.assertIn("1 files written", self.good(state, "export", "--format", "markdown", "-o", str(out)))
        self.assertEqual(sorted(os.listdir(out / "2026")), ["1_【404文库】街角记事｜一.md", "2_街角记事｜二.md", "3_三.md"])

    # import

    def test_an_import_is_silent_of_no_feed_and_known_the_second_time(self):
        archive(self.folder / "in", 30)
        state = self.state()
        self.assertIn("30 files: 30 new, 0 known already, 0 unreadable", self.good(state, "import", str(self.folder / "in")))
        self.assertIn("30 files: 0 new, 30 known already", self.good(state, "import", str(self.folder / "in")))
        self.assertEqual(state.sql("SELECT count(*) FROM events")[0][0], 0)
        self.assertEqual(state.sql("SELECT count(*) FROM jobs")[0][0], 0)
        article = state.json("articles", "--limit", "1")["items"][0]
        self.assertEqual((article["feeds"], article["silent"], article["page"]["state"]), ([], True, "off"))
        self.assertEqual(len(state.json("search", "题7")["items"]), 1)

    def test_what_was_imported_is_no_news_when_the_feed_has_it(self):
        site = self.site(lambda url: [entry(url, 1, "一", "正文1。"), entry(url, 2, "二", "正文2。")])
        (self.folder / "1.md").write_text(markdown(1, "一", "正文1。", site.url), encoding="utf-8")
        state = self.state({"sample": site.url + "/feed/"}, feed_extra="fetch_articles = false\nannounce = 2")
        self.good(state, "import", str(self.folder / "1.md"))
        state.once()
        self.assertEqual(len(state.json("articles")["items"]), 2)
        told = [json.loads(row[0])["article"]["title"] for row in state.sql("SELECT data FROM events WHERE type = 'article.new'")]
        self.assertEqual(told, ["二"])

    def test_old_archives_and_what_is_none(self):
        base = "https://sample.example/chinese"
        files = {"articles/399551_x.md": f"[某报 | a[b]c]({base}/2020/06/x_(y)/)\r\n------\r\n日期：Sat, 13 Jun 2020 00:48:41 +0000\r\n\r\n<p>旧</p>\r\n",
                 "articles/cdt/665654.md": f"<!--1600000000000-->\n[&#8220;引&#8221;]({base}/665654.html)\n------\n\n<p>新</p>\n",
                 "0.md": f"[没有日期]({base}/2020/07/z/)\n------\n\n<p>零</p>\n",
                 "README.md": "# 目录\n", "lists/x.md": "1-2 [a](/b.md)\n", "bad.md": b"\xff\xfe", "lost.md": b"",
                 ".git/x.md": "x"}
        for name, text in files.items():
            path = self.folder / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        os.symlink("/etc/passwd", self.folder / "in/link.md")
        state = self.state()
        done = state.run("import", str(self.folder / "in"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("6 files: 3 new, 0 known already, 3 unreadable", done.stdout)
        self.assertIn("1 symbolic links were not followed", done.stdout)
        self.assertRegex(done.stderr, r"bad\.md: it is not UTF-8")
        self.assertRegex(done.stderr, r"lists/x\.md: it does not begin with")
        found = {a["title"]: a for a in state.json("articles")["items"]}
        self.assertEqual(set(found), {"某报 | a[b]c", "“引”", "没有日期"})
        self.assertEqual(found["某报 | a[b]c"]["published_at"], "2020-06-13T00:48:41.000Z")
        self.assertEqual(found["某报 | a[b]c"]["url"], f"{base}/2020/06/x_(y)/")
        self.assertIsNone(found["没有日期"]["published_at"])
        self.assertEqual(state.run("import", str(self.folder / "none")).returncode, 1)
        self.assertEqual(state.run("import").returncode, 2)

    def test_a_running_daemon_is_named_and_left_alone(self):
        archive(self.folder / "in", 1)
        state = self.state()
        daemon = state.start()
        self.addCleanup(daemon.kill)
        done = state.run("import", str(self.folder / "in"))
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"the daemon (process {daemon.pid})", done.stderr)
        self.assertIn("systemctl stop cdtd", done.stderr)
        state.stop(daemon)
        self.good(state, "import", str(self.folder / "in"))

    def test_interrupted_or_killed_it_goes_on(self):
        count = 3000
        archive(self.folder / "in", count)
        state = self.state()
        ended_early = 0
        for how, status in ((signal.SIGINT, 1), (signal.SIGKILL, -9), (signal.SIGINT, 1), (signal.SIGKILL, -9)):
            before = self.articles(state)
            process = subprocess.Popen([CDTD, "-c", str(state.config), "import", str(self.folder / "in")],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            wait_for(lambda: self.articles(state) > before or process.poll() is not None, 60)
            process.send_signal(how)
            out, err = process.communicate(timeout=60)
            if process.returncode == 0:
                break
            ended_early += 1
            self.assertEqual(process.returncode, status, err)
            if how == signal.SIGINT:
                self.assertIn("interrupted; run it again to go on", err)
                self.assertRegex(out, r"^\d+ files: \d+ new")
        self.assertGreaterEqual(ended_early, 2)
        self.assertLess(self.articles(state), count)
        before = self.articles(state)
        out = self.good(state, "import", str(self.folder / "in"))
        self.assertIn(f"{count} files: {count - before} new, {before} known already", out)
        self.assertEqual(self.articles(state), count)
        self.assertEqual(state.sql("SELECT count(DISTINCT url) FROM articles")[0][0], count)
        self.assertEqual(state.sql("SELECT count(*) FROM search_documents")[0][0], count)
        self.assertEqual(state.sql("PRAGMA integrity_check")[0][0], "ok")

    @staticmethod
    def articles(state):
        try:
            return state.sql("SELECT count(*) FROM articles")[0][0]
        except Exception:  # no database yet, or its first transaction is not over
            return 0

    def test_an_interrupted_export_leaves_nothing_half(self):
        archive(self.folder / "in", 2000)
        state = self.state()
        self.good(state, "import", str(self.folder / "in"))
        out = self.folder / "out"
        words = [CDTD, "-c", str(state.config), "export", "--format", "markdown", "-o", str(out)]
        for how in (signal.SIGKILL, signal.SIGINT):
            process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            seen = len(list(out.rglob("*.md"))) if out.exists() else 0
            wait_for(lambda: out.exists() and len(list(out.rglob("*.md"))) > seen or process.poll() is not None)
            process.send_signal(how)
            process.communicate(timeout=60)
        self.assertIn("2000 articles", self.good(state, "export", "--format", "markdown", "-o", str(out)))
        self.assertEqual(len([name for name in tree(out) if name.endswith(".md")]), 2000)
        self.assertEqual([name for name in tree(out) if not name.endswith(".md")], [])
        self.assertIn("2000 were right already", self.good(state, "export", "--format", "markdown", "-o", str(out)))
        fresh = self.state()
        self.assertIn("2000 new", self.good(fresh, "import", str(out)))


class MarkdownDir(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cdtd-markdown-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = self.folder / "kept"
        self.say("一", "二")
        self.made = State({"sample": self.site.url + "/feed/"}, feed_extra="fetch_articles = false\ninterval = \"1s\"")
        self.addCleanup(self.made.remove)
        self.keep(self.out)

    def say(self, *titles, text="正文"):
        self.site.pages["/feed/"] = feed([entry(self.site.url, n, title, f"{text}{n}。") for n, title in enumerate(titles, 1)])

    def keep(self, folder):
        self.made.write({"sample": self.site.url + "/feed/"}, f'[archive]\nmarkdown_dir = "{folder}"\n',
                        feed_extra="fetch_articles = false\ninterval = \"1s\"")

    def names(self):
        return sorted(tree(self.out)) if self.out.exists() else []

    def test_run_once_keeps_renames_rewrites_and_refills(self):
        self.assertIn("2 Markdown files written", self.made.once().stdout)
        self.assertEqual(self.names(), ["2026/1_一.md", "2026/2_二.md"])
        kept = tree(self.out)
        self.assertNotIn("Markdown", self.made.once().stdout)
        self.say("【404文库】一", "二")
        self.made.once()
        self.assertEqual(self.names(), ["2026/1_【404文库】一.md", "2026/2_二.md"])
        self.say("【404文库】一", "二", text="改过的正文")
        self.made.once()
        self.assertIn("改过的正文2", tree(self.out)["2026/2_二.md"].decode())
        shutil.rmtree(self.out)
        self.assertIn("2 Markdown files written", self.made.once().stdout)
        (self.out / "2026/2_二.md").unlink()
        self.made.once()
        self.assertEqual(self.names(), ["2026/1_【404文库】一.md", "2026/2_二.md"])
        self.assertNotEqual(tree(self.out), kept)
        out = self.folder / "export"
        self.made.run("export", "--format", "markdown", "-o", str(out))
        self.assertEqual(tree(out), tree(self.out))

    def test_the_daemon_writes_after_the_commit_and_catches_up_after_a_kill(self):
        daemon = self.made.start()
        self.addCleanup(daemon.kill)
        self.assertTrue(wait_for(lambda: len(self.names()) == 2), self.names())
        self.assertEqual(self.status()["folder"], str(self.out))
        self.say("一", "二", "三")
        self.assertTrue(wait_for(lambda: "2026/3_三.md" in self.names()), self.names())
        self.made.stop(daemon, signal.SIGKILL)
        for name in self.names():
            (self.out / name).unlink()
        daemon = self.made.start()
        self.addCleanup(daemon.kill)
        self.assertTrue(wait_for(lambda: len(self.names()) == 3), self.names())
        self.say("【404文库】一", "二", "三")
        self.assertTrue(wait_for(lambda: self.names() == ["2026/1_【404文库】一.md", "2026/2_二.md", "2026/3_三.md"]), self.names())
        self.made.stop(daemon)

    def test_turned_on_later_moved_and_turned_off_by_reload(self):
        self.keep("")
        daemon = self.made.start()
        self.addCleanup(daemon.kill)
        self.assertTrue(wait_for(lambda: len(self.made.json("articles")["items"]) == 2))
        self.assertIsNone(self.status())
        self.keep(self.out)
        daemon.send_signal(signal.SIGHUP)
        self.assertTrue(wait_for(lambda: len(self.names()) == 2), self.names())
        other = self.folder / "other"
        self.keep(other)
        daemon.send_signal(signal.SIGHUP)
        self.assertTrue(wait_for(lambda: other.exists() and len(tree(other)) == 2))
        self.keep("")
        daemon.send_signal(signal.SIGHUP)
        self.assertTrue(wait_for(lambda: self.status() is None))
        self.made.stop(daemon)

    def status(self):
        return self.made.json("status")["markdown"]

    def test_a_folder_that_cant_be_written_is_said_and_tried_again(self):
        blocked = self.folder / "blocked"
        blocked.write_text("a file in its place")
        self.keep(blocked / "below")
        daemon = self.made.start()
        self.addCleanup(daemon.kill)
        self.assertTrue(wait_for(lambda: (self.status() or {}).get("error")), self.status())
        self.assertIn("can't be made", self.status()["error"])
        self.assertEqual(self.made.get("/readyz")[0], 200)
        self.assertTrue(wait_for(lambda: self.status()["waiting"] == 2), self.status())
        shown = self.made.run("status").stdout
        self.assertRegex(shown, r"Markdown +.*below, 2 to be written: .*can't be made")
        blocked.unlink()
        self.assertTrue(wait_for(lambda: self.status()["error"] is None and self.status()["waiting"] == 0, 60), self.status())
        self.assertEqual(len(tree(blocked / "below")), 2)
        _, status, output = self.made.stop(daemon)
        self.assertEqual(status, 0)
        self.assertEqual(output.count("can't be kept as Markdown"), 1, output)
        self.assertIn("kept as Markdown again", output)

    def test_two_blogs_with_the_same_number_and_title(self):
        self.site.pages["/en/feed/"] = self.site.pages["/feed/"].replace(b"/chinese/", b"/")
        self.site.pages["/feed/"] = feed([entry(self.site.url, 1, "一", "正文1。")])
        self.made.write({"sample": self.site.url + "/feed/", "english": self.site.url + "/en/feed/"},
                        f'[archive]\nmarkdown_dir = "{self.out}"\n', feed_extra="fetch_articles = false")
        self.made.once()
        self.assertEqual(len(self.made.json("articles")["items"]), 3)
        self.assertEqual(len(self.names()), 3)
        self.assertTrue(any(re.fullmatch(r"2026/1-\d_一\.md", name) for name in self.names()), self.names())
        self.made.once()
        self.assertEqual(len(self.names()), 3)
        out = self.folder / "export"
        for written in ("3 files written", "0 files written"):
            self.assertIn(written, self.made.run("export", "--format", "markdown", "-o", str(out)).stdout)

    def test_check_knows_the_key_and_a_relative_path(self):
        self.assertEqual(self.made.run("check").returncode, 0)
        taken = self.folder / "taken"
        taken.write_text("a file in its place")
        self.keep(taken)
        done = self.made.run("check")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{taken} is no directory; move it away or change archive.markdown_dir", done.stderr)
        self.keep("relative")
        done = self.made.run("check")
        self.assertEqual(done.returncode, 78)
        self.assertIn("markdown_dir", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
