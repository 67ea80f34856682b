"""WARC and WACZ files as export and the API give them, read by other people's readers."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.request
import zlib

from support import CDTD, ROOT, Site, State, entry, feed
from wacz_reader import Wacz, records_of

HOSTILE = ["]]&gt;&lt;script&gt;alert(1)&lt;/script&gt;", "&quot;&gt;&lt;img src=x&gt;", "a\\\"b", "../../../x", "\u202eabc",
           "长" * 400, "e\u0301 🇨🇳", "&lt;/title&gt;&lt;h1&gt;"]


def png(shade, size=3):
    """A picture of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    line = b"\0" + bytes([shade, 99, 200 - shade % 200]) * size
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(line * size)) + chunk(b"IEND", b""))


def page(number, text, pictures):
    images = "".join(f'<p><img src="{url}"></p>' for url in pictures)
    return (f"<!DOCTYPE html><html><head><meta charset=utf-8><title>题{number}</title></head><body><article>"
            f"<h1>题{number}</h1><p>{text}</p>{images}</article></body></html>").encode()


def refused(_):
    return 403, {}, b"<title>no</title>"


class Sample(unittest.TestCase):
    """Article 1: page held, two pictures. 2: page refused, one picture that is 1's (a revisit), one behind a redirect.
    3: nothing but the feed."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cdtd-wacz-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.site = Site()
        self.addCleanup(self.site.close)
        self.pages = self.site.pages

    def picture(self, path, shade, more=b""):
        self.pages[path] = lambda _: (200, {"Content-Type": "image/png"}, png(shade) + more)
        return self.site.url + path

    def item(self, number, text, pictures, title=None):
        images = "".join(f'<p><img src="{url}"></p>' for url in pictures)
        whole = entry(self.site.url, number, title or f"街角记事｜题{number}", text)
        return whole.replace("</p>]]>", f"</p>{images}]]>")

    def publish(self, entries):
        document = feed(entries)
        self.pages["/feed/"] = lambda _: (200, {"Content-Type": "application/rss+xml"}, document)

    def state(self, **words):
        state = State({"sample": self.site.url + "/feed/"}, **words)
        self.addCleanup(state.remove)
        return state

    def archived(self):
        one, two = self.picture("/files/1.png", 1), self.picture("/files/2.png", 2, os.urandom(60_000))
        same = self.picture("/files/same.png", 1)
        self.picture("/files/target.png", 7)
        self.pages["/files/moved.png"] = lambda _: (302, {"Location": "/files/target.png"}, b"")
        moved = self.site.url + "/files/moved.png"
        self.pages["/chinese/1.html"] = lambda _: (
            200, {"Content-Type": "text/html; charset=utf-8"}, page(1, "渡船在雨里靠岸。", [one, two]))
        self.pages["/chinese/2.html"] = self.pages["/chinese/3.html"] = refused
        first = self.item(1, "渡船在雨里靠岸。", [one, two])
        self.publish([first])
        state = self.state()
        state.once()
        self.publish([self.item(3, "第三篇只有订阅源。", []), self.item(2, "第二篇的正文：桥与灯。", [same, moved]), first])
        state.once()
        return state

    def id_of(self, state, number):
        return state.json("lookup", f"{self.site.url}/chinese/{number}.html")["article"]["id"]

    def export(self, state, name, *words):
        path = self.folder / name
        kind = "wacz" if name.endswith(".wacz") else "warc"
        done = state.run("export", "--format", kind, "-o", str(path), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(self.folder), [name])
        return path, done.stdout

    def wacz(self, state, *words):
        path, said = self.export(state, "out.wacz", *words)
        read = Wacz(path, self.folder)
        path.unlink()
        return read, said

    def fetch(self, state, path, method="GET", **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{state.port}{path}", method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()


class Exported(Sample):
    def test_a_selection_as_one_wacz(self):
        state = self.archived()
        read, said = self.wacz(state)
        self.assertIn("3 articles", said)
        self.assertIn("2 pages made", said)
        self.assertEqual(sorted(page["title"] for page in read.pages), [f"街角记事｜题{n}" for n in (1, 2, 3)])
        texts = " ".join(page["text"] for page in read.pages)
        for words in ("渡船在雨里靠岸", "桥与灯", "只有订阅源"):
            self.assertIn(words, texts)
        # every capture of the database, by name, and its request and metadata; nothing twice
        named = {row[0] for row in state.sql("SELECT record_id FROM captures")}
        self.assertEqual({r.id for r in read.records if r.type in ("response", "revisit")}, named)
        self.assertEqual(len(read.of("request")), len(named))
        self.assertEqual(len(read.of("revisit")), 1)
        self.assertEqual({r.uri for r in read.of("response") if b" 302 " in r.block[:20]}, {self.site.url + "/files/moved.png"})
        self.assertEqual(len(read.of("warcinfo")), 2, "its own, and that of the captures")

    def test_one_article_brings_the_original_of_its_revisit(self):
        state = self.archived()
        read, said = self.wacz(state, "--query", "桥与灯")
        self.assertIn("1 articles", said)
        self.assertEqual([r.uri for r in read.of("revisit")], [self.site.url + "/files/same.png"])
        uris = {r.uri for r in read.of("response")}
        self.assertIn(self.site.url + "/files/1.png", uris, "the original")
        self.assertNotIn(self.site.url + "/files/2.png", uris)
        self.assertIn(self.site.url + "/feed/", uris)

    def test_a_page_that_is_held_is_used_as_it_is(self):
        read, _ = self.wacz(self.archived(), "--query", "渡船")
        self.assertEqual(read.of("resource"), [])
        [held] = read.pages
        self.assertEqual(held["url"], self.site.url + "/chinese/1.html")
        self.assertEqual([r.payload() for r in read.of("response", held["url"])], [page(1, "渡船在雨里靠岸。", [
            self.site.url + "/files/1.png", self.site.url + "/files/2.png"])])

    def test_a_made_page_says_what_it_is(self):
        state = self.archived()
        read, _ = self.wacz(state, "--query", "桥与灯")
        [made] = read.of("resource")
        [listed] = read.pages
        self.assertEqual((made.uri, made.headers["Content-Type"]), (listed["url"], "text/html; charset=utf-8"))
        feed_capture, name, at = state.sql(
            "SELECT c.id, c.record_id, c.at FROM captures c JOIN revisions r ON r.capture = c.id "
            f"WHERE r.article = {self.id_of(state, 2)}")[0]
        html = made.block.decode()
        for words in ("This page was made by cdtd", "not the publisher’s page", "原网页未能存档", name.strip("<>"), "403",
                      "桥与灯", f'<img src="{self.site.url}/files/moved.png"'):
            self.assertIn(words, html)
        [about] = [r for r in read.of("metadata") if r.headers.get("WARC-Refers-To") == made.id]
        fields = dict(line.split(": ", 1) for line in about.block.decode().splitlines())
        self.assertEqual(fields["cdtd-made-from"], name)
        self.assertEqual(fields["cdtd-made-from-uri"], self.site.url + "/feed/")
        self.assertEqual(fields["cdtd-made-from-kind"], "feed")
        self.assertIn("403", fields["cdtd-made-because"])
        [source] = [r for r in read.records if r.id == name]
        self.assertEqual(fields["cdtd-made-from-date"], source.headers["WARC-Date"])
        self.assertEqual(made.headers["WARC-Date"], source.headers["WARC-Date"])
        self.assertIn("made by cdtd", read.package["description"])

    def test_warc_is_what_was_captured_and_warcio_reads_it(self):
        state = self.archived()
        path, said = self.export(state, "out.warc.gz")
        records = records_of(path.read_bytes())
        named = {row[0] for row in state.sql("SELECT record_id FROM captures")}
        self.assertEqual({r.id for r in records if r.type in ("response", "revisit")}, named)
        self.assertIn(f"{len(named)} captures", said)
        self.assertFalse([r for r in records if r.type == "resource"])
        done = subprocess.run(["node", "integration/warcio_check.mjs", str(self.folder)], capture_output=True, text=True,
                              cwd=ROOT / "tests")
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(r["type"], r["uri"], r["offset"]) for r in seen], [(r.type, r.uri, r.offset) for r in records])
        piped = subprocess.run([CDTD, "-c", str(state.config), "export", "--format", "warc", "-o", "-"], capture_output=True)
        self.assertEqual(len(records_of(piped.stdout)), len(records))

    def test_a_wacz_goes_through_a_pipe_too(self):
        state = self.archived()
        done = subprocess.run([CDTD, "-c", str(state.config), "export", "--format", "wacz", "-o", "-"], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        path = self.folder / "piped.wacz"
        path.write_bytes(done.stdout)
        self.assertEqual(len(Wacz(path, self.folder).pages), 3)

    def test_hostile_titles_and_addresses(self):
        strange = self.site.url + "/chinese/%E4%B8%AD'%22(x)?b=2&amp;a=%3Cscript%3E&amp;c='"
        items = [self.item(n, f"正文{n}", [], title) for n, title in enumerate(HOSTILE, 1)]
        items[0] = items[0].replace(f"<link>{self.site.url}/chinese/1.html", "<link>" + strange)
        self.site.other = refused
        self.publish(items)
        state = self.state()
        state.once()
        read, _ = self.wacz(state)
        titles = {a["title"] for a in state.json("articles")["items"]}
        self.assertEqual({page.get("title", "") for page in read.pages}, titles)
        for made in read.of("resource"):
            html = made.block.decode()
            self.assertEqual(html.count("<h1>"), 1)
            self.assertNotIn("<script", html)

    def test_without_captures(self):
        archive = self.folder.parent / (self.folder.name + "-md")
        archive.mkdir()
        self.addCleanup(shutil.rmtree, archive)
        (archive / "1.md").write_text("<!--1600000000001-->\n[题](https://sample.example/chinese/1.html)\n------\n\n<p>导入的正文。</p>\n",
                                      encoding="utf-8")
        state = State({})
        self.addCleanup(state.remove)
        self.assertEqual(state.run("import", str(archive)).returncode, 0)
        read, _ = self.wacz(state)
        [made] = read.of("resource")
        self.assertIn("no capture shows it", made.block.decode())
        self.assertEqual([p["url"] for p in read.pages], ["https://sample.example/chinese/1.html"])
        self.export(state, "none.warc.gz")

    def test_captures_of_older_versions_come_by_their_responses(self):
        state = self.archived()
        with sqlite3.connect(state.dir / "cdtd.db") as db:
            db.execute("UPDATE captures SET group_offset = NULL, record_id = ''")
        db.close()
        read, _ = self.wacz(state)
        self.assertEqual(len(read.of("response")) + len(read.of("revisit")), state.sql("SELECT count(*) FROM captures")[0][0])
        self.assertEqual(read.of("request"), [])
        self.assertTrue(read.of("response", self.site.url + "/files/moved.png"))
        for made in read.of("resource"):
            self.assertRegex(made.block.decode(), r"WARC record at offset \d+ of cdtd-")

    def test_keys_are_those_that_warcio_makes(self):
        table = (ROOT / "tests/unit/warc/cdxj_test.cpp").read_text(encoding="utf-8")
        cases = re.findall(r'\{"((?:https?|urn|dns):[^"]*)",\s*"([^"]*)"\}', table)
        self.assertGreater(len(cases), 20)
        script = ('import {getSurt} from "warcio"; console.log(JSON.stringify(JSON.parse(process.argv[1]).map(getSurt)))')
        done = subprocess.run(["node", "--input-type=module", "-e", script, json.dumps([url for url, _ in cases])],
                              capture_output=True, text=True, cwd=ROOT / "tests")
        self.assertEqual(json.loads(done.stdout), [key for _, key in cases], done.stderr)

    def test_damage_is_named_and_nothing_is_left(self):
        state = self.archived()
        [warc] = (state.dir / "warc").iterdir()
        whole = warc.read_bytes()
        id_, offset, length = state.sql("SELECT id, offset, length FROM captures WHERE url LIKE '%/files/2.png'")[0]
        before = self.folder / "out.wacz"
        for damage in ("flipped", "cut", "missing"):
            bad = bytearray(whole)
            bad[offset + length // 2] ^= 0xff
            warc.write_bytes(whole[:offset + 5] if damage == "cut" else bytes(bad))
            if damage == "missing":
                warc.unlink()
            for name in ("out.wacz", "out.warc.gz"):
                before.write_bytes(b"before")
                done = state.run("export", "--format", name.split(".")[1], "-o", str(self.folder / name))
                self.assertEqual(done.returncode, 1, damage)
                self.assertIn(warc.name, done.stderr)
                self.assertRegex(done.stderr, r"offset \d+")
                if damage == "flipped":
                    self.assertIn(f"capture {id_}:", done.stderr)
                    self.assertIn(f"offset {offset}", done.stderr)
                self.assertEqual(os.listdir(self.folder), ["out.wacz"], "nothing is left")
                self.assertEqual(before.read_bytes(), b"before")
            warc.write_bytes(whole)

    def test_wrong_usage_and_no_room(self):
        state = self.archived()
        for kind in ("warc", "wacz"):
            done = state.run("export", "--format", kind, "-o", "/dev/full")
            self.assertEqual(done.returncode, 1)
            self.assertIn("No space left", done.stderr)
            self.assertEqual(state.run("export", "--format", kind, "-o", str(self.folder)).returncode, 2)
        limited = subprocess.run(["bash", "-c", f'ulimit -f 40; trap "" XFSZ; exec {CDTD} -c {state.config} export --format wacz '
                                  f'-o {self.folder}/x.wacz'], capture_output=True, text=True)
        self.assertEqual(limited.returncode, 1, limited.stderr)
        self.assertIn("File too large", limited.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_interrupted_it_leaves_nothing(self):
        big = [self.site.url + f"/files/big-{i}.png" for i in range(8)]
        for url in big:
            bytes_ = png(1) + os.urandom(8_000_000)
            self.pages[url.removeprefix(self.site.url)] = lambda _, body=bytes_: (200, {"Content-Type": "image/png"}, body)
        self.pages["/chinese/1.html"] = refused
        self.publish([self.item(1, "大图。", big)])
        state = self.state()
        state.once()
        for kind in ("warc", "wacz"):
            export = subprocess.Popen([CDTD, "-c", str(state.config), "export", "--format", kind, "-o", str(self.folder / "out")],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            unfinished = self.folder / "out.unfinished"
            while export.poll() is None and not (unfinished.exists() and unfinished.stat().st_size > 9_000_000):
                time.sleep(0.002)
            export.send_signal(signal.SIGTERM)
            said = export.communicate(timeout=30)
            self.assertEqual(export.returncode, 1, said)
            self.assertIn("interrupted: nothing was written", said[1])
            self.assertEqual(os.listdir(self.folder), [])


class Served(Sample):
    def setUp(self):
        super().setUp()
        self.archive = self.archived()
        self.daemon = self.archive.start()
        self.addCleanup(lambda: self.daemon.poll() is None and self.archive.stop(self.daemon))

    def test_the_api_gives_it_whole_and_in_parts(self):
        state, path = self.archive, f"/api/v1/articles/{self.id_of(self.archive, 2)}/wacz"
        status, headers, whole = self.fetch(state, path)
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "application/wacz")
        self.assertEqual(int(headers["Content-Length"]), len(whole))
        self.assertRegex(headers["Content-Disposition"], r'^attachment; filename="cdtd-article-\d+\.wacz"$')
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["Accept-Ranges"], "bytes")
        file = self.folder / "api.wacz"
        file.write_bytes(whole)
        read = Wacz(file, self.folder)
        self.assertEqual(read.package["mainPageUrl"], read.pages[0]["url"])
        self.assertEqual(len(read.of("revisit")), 1)
        status, head, body = self.fetch(state, path, "HEAD")
        self.assertEqual((status, head["Content-Length"], head["ETag"], body), (200, str(len(whole)), headers["ETag"], b""))
        for asked, begin, end in (("bytes=0-9", 0, 10), ("bytes=-22", len(whole) - 22, len(whole)), ("bytes=100-", 100, len(whole))):
            status, part, body = self.fetch(state, path, Range=asked)
            self.assertEqual(status, 206)
            self.assertEqual(part["Content-Range"], f"bytes {begin}-{end - 1}/{len(whole)}")
            self.assertEqual(body, whole[begin:end])
        status, part, _ = self.fetch(state, path, Range=f"bytes={len(whole)}-")
        self.assertEqual((status, part["Content-Range"]), (416, f"bytes */{len(whole)}"))
        self.assertEqual(self.fetch(state, path, Range="bytes=0-9", **{"If-Range": '"other"'})[0], 200)
        self.archive.stop(self.daemon)
        self.daemon = state.start()
        self.assertEqual(self.fetch(state, path)[2], whole, "the same state gives the same bytes")

    def test_what_it_refuses(self):
        state = self.archive
        self.assertEqual(self.fetch(state, "/api/v1/articles/4711/wacz")[0], 404)
        self.assertEqual(self.fetch(state, "/api/v1/articles/x/wacz")[0], 404)
        self.assertEqual(self.fetch(state, "/api/v1/articles/1/wacz?x=1")[0], 400)
        self.assertEqual(self.fetch(state, "/api/v1/articles/1/wacz", "POST")[0], 405)
        [warc] = (state.dir / "warc").iterdir()
        whole = warc.read_bytes()
        offset, length = state.sql("SELECT offset, length FROM captures WHERE url LIKE '%/files/same.png'")[0]
        bad = bytearray(whole)
        bad[offset + length // 2] ^= 0xff
        warc.write_bytes(bytes(bad))
        status, headers, body = self.fetch(state, f"/api/v1/articles/{self.id_of(state, 2)}/wacz")
        self.assertEqual((status, headers["Content-Type"]), (500, "application/problem+json"))
        self.assertIn(f"offset {offset}", json.loads(body)["detail"])
        warc.write_bytes(whole)
        self.assertEqual(self.fetch(state, f"/api/v1/articles/{self.id_of(state, 2)}/wacz")[0], 200)
        self.assertEqual(self.fetch(state, "/healthz")[0], 200)

    def test_many_at_once_and_a_reader_that_goes_away(self):
        state, path = self.archive, f"/api/v1/articles/{self.id_of(self.archive, 1)}/wacz"
        for _ in range(8):
            with socket.create_connection(("127.0.0.1", state.port)) as s:
                s.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{state.port}\r\n\r\n".encode())
                s.recv(10)
        time.sleep(0.2)
        status, _, whole = self.fetch(state, path)
        self.assertEqual(status, 200)
        self.assertTrue(whole.startswith(b"PK"))
        _, code, said = state.stop(self.daemon)
        self.assertEqual(code, 0, said)
        self.assertFalse([name for name in os.listdir(state.dir) if name.startswith(".cdtd")])


if __name__ == "__main__":
    unittest.main()
