#!/usr/bin/env python3
"""WACZ files of cdtd in ReplayWeb.page, in a real browser, while the site they were taken from is switched off.

Needs Debian's chromium, or CHROMIUM=/path/to/it, and `npm ci` in tests and in tests/browser/replay."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from test_wacz import Sample  # noqa: E402
from wacz_reader import Wacz  # noqa: E402


class Replay(Sample):
    def test_pages_held_and_made_show_text_and_images(self):
        state = self.archived()
        daemon = state.start()
        self.addCleanup(lambda: daemon.poll() is None and state.stop(daemon))
        everything, _ = self.export(state, "all.wacz")
        files = {"all": everything}
        for number in (1, 2, 3):
            files[number] = self.folder / f"{number}.wacz"
            files[number].write_bytes(self.fetch(state, f"/api/v1/articles/{self.id_of(state, number)}/wacz")[2])
        state.stop(daemon)
        self.site.close()
        held, made = ["渡船在雨里靠岸。"], ["第二篇的正文：桥与灯。", "This page was made by cdtd", "原网页未能存档"]
        cases = []
        # 1: the page as captured. 2: made of the feed, one image a revisit, one behind a redirect. 3: text only.
        for name, number, texts, images in ((1, 1, held, 2), (2, 2, made, 2), (3, 3, ["第三篇只有订阅源。"], 0),
                                            ("all", 1, held, 2), ("all", 2, made, 2)):
            [page] = [p for p in Wacz(files[name], self.folder).pages if p["title"].endswith(f"题{number}")]
            cases.append({"file": str(files[name]), "url": page["url"], "at": page["ts"], "texts": texts, "images": images})
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(cases, file)
            file.flush()
            done = subprocess.run(["node", str(HERE / "replay.mjs"), file.name], env=os.environ, capture_output=True,
                                  text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        seen = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(seen), len(cases))
        for case in seen:
            print(f"{case['url']}: {case['images']} images{', at the second try' if case.get('again') else ''}")
            self.assertEqual(case["outside"], [], "nothing is asked of anybody")


if __name__ == "__main__":
    unittest.main()
