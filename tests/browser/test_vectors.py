#!/usr/bin/env python3
"""What cdtd keeps of attacks, read by parse5 and shown by a real browser.

The vectors (vectors.json) are the entries of a feed; cdtd reads it as it reads any other, and what it keeps goes to
check.mjs. Needs Debian's chromium, or CHROMIUM=/path/to/it."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from support import Site, State  # noqa: E402


def html_of(vector):
    html = vector.get("before", "") * vector.get("times", 0) + vector["html"]
    if vector.get("latin1"):  # bytes that are no UTF-8; in a feed the decoder has been at them
        html = html.encode("latin-1").decode("utf-8", "replace")
    return "<p>前</p>" + html


class Vectors(unittest.TestCase):
    def setUp(self):
        if os.path.isdir("/dev/shm"):  # hundreds of commits, and nothing of them to keep
            tempfile.tempdir = "/dev/shm"
        self.vectors = json.loads((HERE / "vectors.json").read_text(encoding="utf-8"))
        self.site = Site()
        self.addCleanup(self.site.close)
        self.state = State({"vectors": self.site.url + "/feed/"}, feed_extra="fetch_articles = false")
        self.addCleanup(self.state.remove)

    def address(self, number):
        return f"https://example.org/chinese/{700000 + number}.html"

    def kept(self):
        """The HTML of every article, out of the database; now and then the command is asked whether it says the same."""
        held = dict(self.state.sql("SELECT url, html FROM revisions"))
        kept = [held[self.address(n)] for n in range(len(self.vectors))]
        for n in range(0, len(kept), 100):
            done = self.state.run("show", self.address(n), "--format", "html")
            self.assertEqual((done.returncode, done.stdout), (0, kept[n] + "\n"), self.vectors[n]["name"])
        return kept

    def test_nothing_active_is_left(self):
        items = [{"id": self.address(n), "url": self.address(n), "title": f"向量{n}", "content_html": html_of(vector)}
                 for n, vector in enumerate(self.vectors)]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "向量", "items": items}
        self.site.pages["/feed/"] = json.dumps(feed).encode()
        self.state.once()
        together = [{"name": vector["name"], "raw": html_of(vector), "html": html}
                    for vector, html in zip(self.vectors, self.kept())]
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(together, file)
            file.flush()
            done = subprocess.run(["node", str(HERE / "check.mjs"), file.name], env=os.environ, timeout=600)
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
