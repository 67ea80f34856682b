#!/usr/bin/env python3
"""make.py BASE SITE CONFIG STATE: the sample site with its own address written in, and a configuration for it."""
import pathlib
import shutil
import sys

base, site, config, state = sys.argv[1:5]
here = pathlib.Path(__file__).parent
target = pathlib.Path(site)

for source in (here / "chinese").rglob("*"):
    if not source.is_file():
        continue
    copy = target / source.relative_to(here)
    copy.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix not in (".xml", ".html"):
        shutil.copyfile(source, copy)
        continue
    text = source.read_text(encoding="utf-8").replace("@BASE@", base)
    # An unchanged file keeps its date, so that a second round is answered 304.
    if not copy.exists() or copy.read_text(encoding="utf-8") != text:
        copy.write_text(text, encoding="utf-8")

pathlib.Path(config).write_text(f'''# Made by quickstart for the sample site on this machine.
state_dir = "{state}"
contact = "https://example.org/sample"

[http]
host_delay = "100ms"               # the sample site is ours: no need for the usual two seconds
allow_private = ["127.0.0.1/32"]   # loopback is refused otherwise

[wayback]
enabled = false

[watch]
enabled = false                    # the sample's originals are nowhere

[[feed]]
name = "sample"
url = "{base}/chinese/feed.xml"
interval = "1h"
announce = 3
''', encoding="utf-8")
