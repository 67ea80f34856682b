"""What the tests of evidence share: days that pass, the records of a WARC file, an RFC 3161 service."""
import atexit
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import zlib

from support import CDTD, Site, State, entry, feed

DAY = 86400
_clock = None


def shifted_clock():
    """The library that shifts the clock, made once a process."""
    global _clock
    if _clock is None:
        folder = tempfile.mkdtemp(prefix="cdtd-clock-")
        atexit.register(shutil.rmtree, folder)
        _clock = pathlib.Path(folder) / "clock.so"
        source = pathlib.Path(__file__).with_name("shifted_clock.c")
        subprocess.run(["clang-19", "-shared", "-fPIC", "-O1", str(source), "-o", str(_clock), "-ldl"], check=True)
    return _clock


def days_on(days):
    """The environment of a program whose clock is so many days on. A shift that the whole test runs under (at another
    hour, near midnight) counts too."""
    shift = int(os.environ.get("CDTD_TEST_SHIFT", "0")) + days * DAY
    return dict(os.environ, LD_PRELOAD=str(shifted_clock()), CDTD_TEST_SHIFT=str(shift))


class Archive:
    """A site and the state that archives it; days pass by `day`, which counts from today."""

    def __init__(self, test, extra="", http_extra="", feed_extra=""):
        self.site = Site()
        test.addCleanup(self.site.close)
        self.state = State({"sample": self.site.url + "/feed/"}, extra, feed_extra, http_extra)
        test.addCleanup(self.state.remove)
        self.entries, self.day = [], 0

    def publish(self, count, images=1, size=1, noise=0):
        """`noise`: bytes of each image that can't be made smaller."""
        first = len(self.entries) + 1
        for number in range(first, first + count):
            self.entries.insert(0, entry(self.site.url, number, f"街角记事｜第{number}篇", f"第{number}篇的正文。", images))
            page = f"<html><body><p>{number}</p>" + f"<p>河边第{number}天。</p>" * size + "</body></html>"
            self.site.pages[f"/chinese/{number}.html"] = page.encode()
            for i in range(images):
                self.site.pages[f"/files/{number}-{i}.png"] = b"\x89PNG" + bytes([number % 251, i]) * 50 + os.urandom(noise)
        self.site.pages["/feed/"] = feed(self.entries)

    def run(self, *words, timeout=120):
        return subprocess.run([CDTD, "-c", str(self.state.config), *words], capture_output=True, text=True, timeout=timeout,
                              env=days_on(self.day))

    def once(self):
        done = self.run("run", "--once")
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def verify(self, *words):
        """Exit status and what it says."""
        done = self.run("verify", "--json", *words)
        assert done.stdout, done.stderr
        found = json.loads(done.stdout)
        assert done.returncode == (0 if found["ok"] else 1), (done.returncode, found)
        return found

    def warcs(self):
        return sorted((self.state.dir / "warc").iterdir())


def members(path):
    """Offset and length of each gzip member."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        stream = zlib.decompressobj(31)
        stream.decompress(data[at:])
        length = len(data) - at - len(stream.unused_data)
        found.append((at, length))
        at += length
    return found


def record(path, at):
    """Headers (a list of pairs) and block of the record at this offset."""
    raw = zlib.decompressobj(31).decompress(path.read_bytes()[at:])
    head, block = raw.split(b"\r\n\r\n", 1)
    headers = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
    return dict(headers), block[:-4]


class StampService:
    """An RFC 3161 service: openssl ts, with an authority made for it. `answers`: statuses before it stamps."""

    def __init__(self, folder, answers=()):
        self.folder, self.answers, self.asked = folder, list(answers), 0
        folder.mkdir(parents=True)
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650",
                     "-subj", "/CN=Sample Root")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj",
                     "/CN=Sample Time Stamps")
        (folder / "ext").write_text("extendedKeyUsage = critical,timeStamping\n")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem",
                     "-days", "3650", "-extfile", "ext")
        (folder / "tsa.cnf").write_text("""[tsa]
default_tsa = own
[own]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256
accuracy = secs:1
""")
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked += 1
                status = service.answers.pop(0) if service.answers else 200
                body = service.stamp(query) if status == 200 else b"not now"
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/stamp"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def stamp(self, query):
        (self.folder / "query").write_bytes(query)
        self.openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return (self.folder / "reply").read_bytes()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
