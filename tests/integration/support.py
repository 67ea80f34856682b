"""What the integration tests share: a scripted site on loopback, a state directory with its configuration, the program."""
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import typing
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CDTD = os.environ.get("CDTD", str(ROOT / "build/dev/cdtd"))
CORPUS = ROOT.parent / "shared/corpus"


class Asked(typing.NamedTuple):
    """A request as it came; `at` is of the monotonic clock."""
    at: float
    method: str
    path: str
    headers: dict


class Site:
    """Answers paths with what was put there: bytes (with an ETag, 304 where it matches), or a function of the request;
    a function that gives None has answered by itself. `other` answers what was not put there."""

    def __init__(self, address="127.0.0.1"):
        self.pages, self.hits, self.delay = {}, [], 0.0
        self.asked, self.other = [], None
        self.at_work = self.most_at_work = 0
        lock = threading.Lock()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with lock:
                    site.hits.append((self.path, dict(self.headers)))
                    site.asked.append(Asked(time.monotonic(), self.command, self.path, dict(self.headers)))
                    site.at_work += 1
                    site.most_at_work = max(site.most_at_work, site.at_work)
                try:
                    if site.delay:
                        time.sleep(site.delay)
                    self.give(site.pages.get(self.path, site.other))
                except OSError:
                    self.close_connection = True
                finally:
                    with lock:
                        site.at_work -= 1

            do_HEAD = do_POST = do_PUT = do_OPTIONS = do_GET

            def give(self, page):
                if callable(page):
                    answer = page(self)
                    if answer is None:
                        return
                    status, headers, body = answer
                elif page is None:
                    status, headers, body = 404, {}, b"not here"
                else:
                    body, etag = page, '"%s"' % hashlib.sha1(page).hexdigest()
                    status, headers = 200, {"ETag": etag}
                    if self.headers.get("If-None-Match") == etag:
                        status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass

        self.server = Server((address, 0), Handler)
        self.url = "http://%s:%d" % (address, self.server.server_port)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def asked_within(self, seconds):
        """How often it is asked from now on."""
        before = len(self.asked)
        time.sleep(seconds)
        return len(self.asked) - before

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def entry(base, number, title, text, images=0):
    pictures = "".join(f'<p><img src="{base}/files/{number}-{i}.png"></p>' for i in range(images))
    return f"""<item><title>{title}</title><link>{base}/chinese/{number}.html</link>
<pubDate>Wed, 18 Nov 2026 09:{number % 60:02}:00 +0000</pubDate>
<guid isPermaLink="false">{base}/chinese/?p={number}</guid>
<content:encoded><![CDATA[<p>{text}</p>{pictures}]]></content:encoded></item>"""


def feed(entries):
    return ('<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>样本</title>'
            "<link>http://127.0.0.1/</link>" + "".join(entries) + "</channel></rss>").encode()


def assert_pace(times, apart, late):
    """No two starts were nearer than `apart` seconds. What is seen are arrivals, of which one may be `late`: however many
    lie between two of them, they come nearer by that and no more."""
    for first, begin in enumerate(times):
        for last, end in enumerate(times[first:]):
            assert end - begin >= last * apart - late, times


def peak_memory(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


def sanitized(pid):
    """AddressSanitizer's own memory would be counted as the daemon's."""
    return b"__asan_init" in pathlib.Path(f"/proc/{pid}/exe").read_bytes()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class State:
    """A state directory with its configuration, in a folder of its own."""

    def __init__(self, feeds, extra="", feed_extra="", http_extra=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cdtd-test-"))
        self.dir = self.folder / "state"
        self.config = self.folder / "cdtd.toml"
        self.port = free_port()
        self.write(feeds, extra, feed_extra, http_extra)

    def write(self, feeds, extra="", feed_extra="", http_extra=""):
        text = f'''state_dir = "{self.dir}"
contact = "https://example.org/tests"
[http]
host_delay = "0s"
allow_private = ["127.0.0.1/32"]
{http_extra}
[api]
listen = "127.0.0.1:{self.port}"
'''
        if "[watch]" not in extra: # tests do not talk to originals
            text += "[watch]\nenabled = false\n"
        if "[wayback]" not in extra: # nor to archive.org
            text += "[wayback]\nenabled = false\n"
        for name, url in feeds.items():
            text += f'[[feed]]\nname = "{name}"\nurl = "{url}"\n{feed_extra}\n'
        self.config.write_text(text + extra, encoding="utf-8")

    def run(self, *words, timeout=120):
        return subprocess.run([CDTD, "-c", str(self.config), *words], capture_output=True, text=True, timeout=timeout)

    def once(self, expect=0):
        done = self.run("run", "--once")
        assert done.returncode == expect, f"run --once: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def verified(self):
        """Whatever happened, what the archive says names what shows it."""
        done = self.run("verify")
        assert done.returncode == 0, f"verify: {done.returncode}\n{done.stdout}\n{done.stderr}"

    def json(self, *words):
        done = self.run(*words, "--json")
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    def start(self, env=None):
        daemon = subprocess.Popen([CDTD, "-c", str(self.config), "run"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, env=env)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.get("/healthz")[0] == 200:
                    return daemon
            except OSError:
                if daemon.poll() is not None:
                    raise AssertionError("the daemon ended: " + daemon.stdout.read())
                time.sleep(0.05)
        raise AssertionError("the daemon does not answer")

    def get(self, path, method="GET", body=None, headers=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method, data=body,
                                         headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def sql(self, query):
        with sqlite3.connect(f"file:{self.dir}/cdtd.db?mode=ro", uri=True) as db:
            return db.execute(query).fetchall()

    def stop(self, daemon, how=signal.SIGTERM):
        began = time.monotonic()
        daemon.send_signal(how)
        output = daemon.communicate(timeout=30)[0]
        return time.monotonic() - began, daemon.returncode, output

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
