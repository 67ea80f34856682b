"""A second reading of WACZ files, on Python's own zipfile and gzip and with none of the program's code."""
import base64
import gzip
import hashlib
import json
import re
import struct
import subprocess
import zipfile
import zlib

from support import ROOT

ENTRIES = ["archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl", "datapackage.json", "datapackage-digest.json"]


class Record:
    """A gzip member of a WARC file."""

    def __init__(self, offset, length, bytes_):
        head, _, rest = bytes_.partition(b"\r\n\r\n")
        assert head.startswith(b"WARC/1.1\r\n") and rest.endswith(b"\r\n\r\n"), head[:60]
        self.offset, self.length, self.block = offset, length, rest[:-4]
        self.headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        assert int(self.headers["Content-Length"]) == len(self.block)
        self.type, self.id = self.headers["WARC-Type"], self.headers["WARC-Record-ID"]
        self.uri = self.headers.get("WARC-Target-URI")

    def payload(self):
        return self.block.partition(b"\r\n\r\n")[2] if self.type in ("response", "request") else self.block


def records_of(data):
    """Every record of the bytes of a .warc.gz, each a whole member."""
    records, at = [], 0
    while at < len(data):
        inflate = zlib.decompressobj(31)
        bytes_ = inflate.decompress(data[at:])
        assert inflate.eof, f"no whole member at {at}"
        length = len(data) - at - len(inflate.unused_data)
        records.append(Record(at, length, bytes_))
        at += length
    return records


def sha1(bytes_):
    return "sha1:" + base64.b32encode(hashlib.sha1(bytes_).digest()).decode()


def warcio_index(path):
    """CDXJ lines as npm warcio writes them, without what we write otherwise: a mime has no parameters, and there always
    is one."""
    done = subprocess.run(["node", "node_modules/warcio/dist/cli.js", "cdx-index", str(path)], capture_output=True,
                          cwd=ROOT / "tests", timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    lines = []
    for line in done.stdout.decode().splitlines():
        key, timestamp, fields = line.split(" ", 2)
        fields = json.loads(fields)
        fields["mime"] = fields.get("mime", "").split(";")[0].strip() or "unk"
        fields["filename"] = "data.warc.gz"
        lines.append((key, timestamp, fields))
    return sorted(lines, key=repr)


class Wacz:
    """Reads all of it, and asserts that it is what WACZ 1.1.1 asks for."""

    def __init__(self, path, folder):
        self.path = path
        with zipfile.ZipFile(path) as archive:
            assert [info.filename for info in archive.infolist()] == ENTRIES
            assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
            assert {info.flag_bits for info in archive.infolist()} == {0}, "nothing is said behind an entry"
            assert archive.testzip() is None
            for info in archive.infolist():
                archive.fp.seek(info.header_offset)
                local = struct.unpack("<4s5H3I2H", archive.fp.read(30))
                assert local[:4] == (b"PK\3\4", info.extract_version, 0, 0) and local[6] == info.CRC, info
                # wabac takes an entry without further fields in the directory for one without them at its head
                assert (local[10] > 0) == (len(info.extra) > 0), info
            self.entries = {name: archive.read(name) for name in ENTRIES}
        self.package = json.loads(self.entries["datapackage.json"])
        self.records = records_of(self.entries["archive/data.warc.gz"])
        self.pages = [json.loads(line) for line in self.entries["pages/pages.jsonl"].decode().splitlines()]
        self.index = []
        for line in self.entries["indexes/index.cdx"].decode().splitlines():
            key, timestamp, fields = line.split(" ", 2)
            self.index.append((key, timestamp, json.loads(fields)))
        self.check_package()
        self.check_records()
        self.check_index()
        self.check_pages()
        data = folder / "data.warc.gz"
        data.write_bytes(self.entries["archive/data.warc.gz"])
        assert warcio_index(data) == sorted(self.index, key=repr), (warcio_index(data), self.index)
        data.unlink()

    def check_package(self):
        package = self.package
        assert package["profile"] == "data-package" and package["wacz_version"] == "1.1.1"
        assert [r["path"] for r in package["resources"]] == ENTRIES[:3]
        for resource in package["resources"]:
            bytes_ = self.entries[resource["path"]]
            assert resource["hash"] == "sha256:" + hashlib.sha256(bytes_).hexdigest(), resource
            assert resource["bytes"] == len(bytes_) and resource["path"].endswith("/" + resource["name"])
        digest = json.loads(self.entries["datapackage-digest.json"])
        assert digest == {"path": "datapackage.json",
                          "hash": "sha256:" + hashlib.sha256(self.entries["datapackage.json"]).hexdigest()}

    def check_records(self):
        ids = [record.id for record in self.records]
        assert len(ids) == len(set(ids)), "every record once"
        assert self.records[0].type == "warcinfo"
        for record in self.records:
            for name, bytes_ in (("WARC-Block-Digest", record.block), ("WARC-Payload-Digest", record.payload())):
                if name in record.headers and (record.type != "revisit" or name == "WARC-Block-Digest"):
                    assert record.headers[name] == sha1(bytes_), (record.headers, name)
            if record.type == "revisit":
                originals = [r for r in self.records if r.id == record.headers["WARC-Refers-To"]]
                assert len(originals) == 1, "the original of a revisit is in it"
                [original] = originals
                assert original.type == "response"
                assert original.headers["WARC-Payload-Digest"] == record.headers["WARC-Payload-Digest"]
                assert original.uri == record.headers["WARC-Refers-To-Target-URI"]
                assert original.headers["WARC-Date"] == record.headers["WARC-Refers-To-Date"]
            if "WARC-Warcinfo-ID" in record.headers:
                assert record.headers["WARC-Warcinfo-ID"] in ids

    def check_index(self):
        lines = self.entries["indexes/index.cdx"].splitlines()
        assert lines == sorted(lines)
        places = {record.offset: record for record in self.records}
        for key, timestamp, fields in self.index:
            record = places[int(fields["offset"])]
            assert record.length == int(fields["length"]) and record.uri == fields["url"]
            assert re.sub(r"\D", "", record.headers["WARC-Date"])[:14] == timestamp
            assert fields["filename"] == "data.warc.gz" and " " not in key
            if record.type == "revisit":
                assert fields["mime"] == "warc/revisit"
        replayed = {record.offset for record in self.records if record.type in ("response", "revisit", "resource")}
        assert {int(fields["offset"]) for _, _, fields in self.index} == replayed

    def check_pages(self):
        head, *self.pages = self.pages
        assert head["format"] == "json-pages-1.0" and head["id"] == "pages" and head["title"] == "All Pages"
        urls = {(fields["url"], timestamp) for _, timestamp, fields in self.index}
        for page in self.pages:
            assert (page["url"], re.sub(r"\D", "", page["ts"])[:14]) in urls, f"{page['url']} is in the index"

    def of(self, kind, uri=None):
        return [r for r in self.records if r.type == kind and (uri is None or r.uri == uri)]


def inflated(path):
    return gzip.decompress(path.read_bytes())
