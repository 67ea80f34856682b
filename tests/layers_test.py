#!/usr/bin/env python3
"""Holds every #include of the daemon to the order of the layers.

    base < model < {feed, article, change, schedule, warc} < net < {http, store} < {wayback, notify}
         < pipeline < api < app

A layer uses only what stands left of it. Layers in braces are siblings and do not use each other. A public
header keeps C libraries and Beast to itself. Prints every fault; exit 1 where there is one.
"""
import re
import sys
import tempfile
from pathlib import Path

ORDER = [
    {"base"},
    {"model"},
    {"feed", "article", "change", "schedule", "warc"},
    {"net"},
    {"http", "store"},
    {"wayback", "notify"},
    {"pipeline"},
    {"api"},
    {"app"},
]
RANK = {layer: rank for rank, layers in enumerate(ORDER) for layer in layers}
FOREIGN = re.compile(r"^(curl/curl\.h|sqlite3\.h|gumbo\.h|pugixml\.hpp|boost/beast([./].*)?)$")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
SUFFIXES = {".hpp", ".cpp", ".h", ".ipp"}


def layer_of(include):
    """The layer that an include reaches into; None where it is none of ours."""
    parts = include.split("/")
    if parts[0] == "cdtd" and len(parts) > 2:
        return parts[1]
    return parts[0] if len(parts) > 1 and parts[0] in RANK else None  # "warc/io.hpp": a private header


def faults_of(text, layer, public):
    """What is wrong with the includes of one file of `layer`, in words."""
    for include in INCLUDE.findall(text):
        if public and FOREIGN.match(include):
            yield f"a public header includes <{include}>"
        used = layer_of(include)
        if used is None or used == layer:
            continue
        if used not in RANK:
            yield f"<{include}>: {used} is no layer"
        elif RANK[used] > RANK[layer]:
            yield f"<{include}>: {layer} stands left of {used}"
        elif RANK[used] == RANK[layer]:
            yield f"<{include}>: {layer} and {used} are siblings"
        elif not include.startswith("cdtd/"):
            yield f"<{include}>: a private header of {used}"


def check(root):
    """(files read, faults) of the tree at `root`."""
    read, faults = 0, []
    for folder, public in ((root / "include" / "cdtd", True), (root / "daemon", False)):
        for path in sorted(folder.glob("*/**/*")):
            if path.suffix not in SUFFIXES:
                continue
            read += 1
            layer = path.relative_to(folder).parts[0]
            if layer not in RANK:
                faults.append(f"{path.relative_to(root)}: {layer} is no layer")
                continue
            text = path.read_text(encoding="utf-8")
            faults += [f"{path.relative_to(root)}: {fault}" for fault in faults_of(text, layer, public)]
    return read, faults


def self_test():
    """A check that finds nothing anywhere would pass too: show it what it must catch, and what it must not."""
    bad = {
        "include/cdtd/base/a.hpp": "#include <cdtd/model/article.hpp>",
        "include/cdtd/store/a.hpp": "#include <sqlite3.h>",
        "include/cdtd/http/a.hpp": "#include <curl/curl.h>",
        "include/cdtd/article/a.hpp": "#pragma once\n  #  include <gumbo.h>",
        "include/cdtd/feed/a.hpp": '#include "pugixml.hpp"',
        "include/cdtd/api/a.hpp": "#include <boost/beast/core.hpp>",
        "include/cdtd/api/b.hpp": "#include <boost/beast.hpp>",
        "daemon/warc/a.cpp": "#include <cdtd/feed/parse.hpp>",
        "daemon/http/a.cpp": "#include <cdtd/store/jobs.hpp>",
        "daemon/notify/a.cpp": "#include <cdtd/wayback/cdx.hpp>",
        "daemon/schedule/deep/a.hpp": "#include <cdtd/net/wake.hpp>",
        "daemon/pipeline/a.cpp": '#include "store/connection_impl.hpp"',
        "daemon/net/a.cpp": "#include <cdtd/nowhere/a.hpp>",
        "daemon/nowhere/a.cpp": "",
    }
    good = {
        "include/cdtd/store/good.hpp": "#include <cdtd/change/compare.hpp>\n#include <boost/json/object.hpp>",
        "daemon/http/good.cpp": "#include <curl/curl.h>\n#include <cdtd/schedule/pacer.hpp>\n#include <sys/stat.h>",
        "daemon/warc/good.cpp": '#include "warc/io.hpp"\n// #include <cdtd/app/config.hpp>',
        "daemon/main.cpp": "#include <cdtd/app/main.hpp>",
    }
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in (bad | good).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text + "\n", encoding="utf-8")
        caught = [fault.split(":")[0] for fault in check(root)[1]]
    return [f"self-test: not caught: {path}: {bad[path]}" for path in bad if path not in caught] + [
        f"self-test: wrongly refused: {path}" for path in good if path in caught
    ]


def main():
    read, faults = check(Path(__file__).resolve().parent.parent)
    if read == 0:
        faults.append("no file found")
    faults = self_test() + faults
    for fault in faults:
        print(fault)
    print(f"layers: {read} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
