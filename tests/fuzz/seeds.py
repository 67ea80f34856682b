#!/usr/bin/env python3
"""Writes the attack vectors of tests/browser/vectors.json as seeds for fuzz_article_read, one file each.

    python3 tests/fuzz/seeds.py /tmp/seeds
    build/fuzz/tests/fuzz/fuzz_article_read -dict=tests/fuzz/html.dict /tmp/seeds tests/fuzz/corpus/article_read"""
import json
import pathlib
import sys

if len(sys.argv) != 2:
    sys.exit(__doc__)
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
vectors = json.loads((pathlib.Path(__file__).parents[1] / "browser/vectors.json").read_text(encoding="utf-8"))
for vector in vectors:
    html = vector.get("before", "") * min(vector.get("times", 0), 20) + vector["html"]
    code = "latin-1" if vector.get("latin1") else "utf-8"
    (folder / vector["name"].replace("/", "-")).write_bytes(html.encode(code, "surrogatepass"))
