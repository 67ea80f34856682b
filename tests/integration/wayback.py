"""A stand-in for archive.org on loopback: the index (CDX), availability, replay and Save Page Now, with what they are known
to do wrong, by script. It keeps a log of what it was asked and when, against which limits and pauses are checked."""
import base64
import datetime
import email.utils
import gzip
import hashlib
import http.server
import json
import socket
import struct
import threading
import time
import typing
import urllib.parse

KEYS = ("access-7f3a91", "secret-0c55e2")


class Capture(typing.NamedTuple):
    url: str
    timestamp: str
    status: int
    body: bytes
    kind: str
    listed_at: float # of the monotonic clock: the index lags

    @property
    def digest(self):
        return base64.b32encode(hashlib.sha1(self.body).digest()).decode()


class Asked(typing.NamedTuple):
    at: float # of the monotonic clock
    lane: str # cdx, availability, replay, save, status
    method: str
    path: str
    answered: int # status; 0 = none


class Save(typing.NamedTuple):
    job: str
    url: str
    at: float


def surt(url):
    """As the index compares: no scheme, no www., no case, no slash at the end."""
    bare = urllib.parse.unquote(url).split("://")[-1].lower()
    return bare.removeprefix("www.").rstrip("/")


def time_of(timestamp):
    return datetime.datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=datetime.timezone.utc)


def apart(a, b):
    return abs((time_of(a) - time_of(b)).total_seconds())


HTML = {"Content-Type": "text/html"}
PLAIN = {"Content-Type": "text/plain"}
JSON = {"Content-Type": "application/json"}
BLOCKED = {"X-Archive-Wayback-Runtime-Error": "org.archive.util.io.RuntimeIOException: "
                                              "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"}

# What may be scripted in place of an answer. "stall", "reset", "cut" and "silence" are done to the connection.
ANSWERS = {
    "429": lambda: (429, HTML, b"<html><head><title>429 Too Many Requests</title></head></html>"),
    "429 for 3 s": lambda: (429, {**HTML, "Retry-After": "3"}, b"slow down"),
    "429 until": lambda: (429, {**HTML, "Retry-After": email.utils.formatdate(time.time() + 4, usegmt=True)}, b"slow down"),
    "503": lambda: (503, {**PLAIN, "X-Archive-Wayback-Runtime-Error": "java.io.IOException: index"}, b"java.io.IOException: index"),
    "504": lambda: (504, HTML, b"<html><h1>504 Gateway Time-out</h1></html>"),
    "page": lambda: (200, HTML, b"<!doctype html><html><body>Internet Archive is having a moment</body></html>"),
    "nothing": lambda: (200, JSON, b""),
    "excluded": lambda: (403, {**PLAIN, **BLOCKED}, b"Blocked Site Error"),
    "excluded in words": lambda: (200, PLAIN, b"This URL has been excluded from the Wayback Machine."),
    "robots": lambda: (200, PLAIN, b"org.archive.wayback.exception.RobotAccessControlException: Blocked By Robots"),
    "unknown keys": lambda: (401, JSON, b'{"message":"You need to be logged in to use Save Page Now."}'),
}
ON_THE_WIRE = ("stall", "reset", "cut", "silence")


class Spoiled(str):
    """What a function gives that wants one of ON_THE_WIRE to be done."""


class Listener:
    """One host: a listener that can be closed, so that connections are refused, and opened again on its port."""

    def __init__(self, handler):
        self.handler, self.port, self.server = handler, 0, None
        self.open()

    def open(self):
        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", self.port), self.handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


class ArchiveOrg:
    """`misbehave`: by lane, or by (lane, part of the URL asked for), what is done instead of answering: a name of ANSWERS or
    ON_THE_WIRE, a function of (handler, usual answer) that gives an answer, or a list of these, taken one after the other;
    None in it = as usual."""

    def __init__(self):
        self.captures, self.log, self.misbehave = [], [], {}
        self.lag = 0.0 # seconds until a saved page is listed
        self.saves, self.jobs, self.pending = [], {}, 1
        self.available, self.taken, self.limit = 3, 0, 30000
        self.count_lags = False # the server's own count does not grow
        self.unasked = None # seconds after which a job is done though nobody asks for it
        self.verdicts = {} # by URL: what a job ends as, in place of success
        self.patience = None # so many requests within a pause, then the connections are refused
        self.pause, self.closed_for = 2.0, 2.0
        self.ignored, self.last_429 = 0, None
        self.lock = threading.Lock()
        handler = self._handler()
        self.web, self.main = Listener(handler), Listener(handler)

    def config(self, more="", web=None, main=None):
        web, main = web or f"http://127.0.0.1:{self.web.port}", main or f"http://127.0.0.1:{self.main.port}"
        return (f'[wayback]\ncdx_url = "{web}/cdx/search/cdx"\navailability_url = "{main}/wayback/available"\n'
                f'replay_url = "{web}/web"\nsave_url = "{web}/save"\n{more}\n')

    def close(self):
        self.web.close()
        self.main.close()

    def put(self, url, timestamp, body=b"<html><body><p>words</p></body></html>", status=200, kind="text/html", lag=0.0):
        self.captures.append(Capture(url, timestamp, status, body, kind, time.monotonic() + lag))
        self.captures.sort(key=lambda capture: capture.timestamp)

    def asked(self, lane=None, part=""):
        return [a for a in list(self.log) if lane in (None, a.lane) and part in urllib.parse.unquote(a.path)]

    def shut(self, seconds):
        """Connections are refused for so long."""
        self.web.close()
        threading.Timer(seconds, self.web.open).start()

    # What is answered, as (status, headers, body); headers are a dictionary or a list of pairs.

    def finish(self, job):
        if "timestamp" not in job:
            job["timestamp"] = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S")
            self.put(job["url"], job["timestamp"], f"<html><body><p>{job['url']}</p></body></html>".encode(), lag=self.lag)

    def listed(self, url):
        now = time.monotonic()
        for save in self.saves:
            if self.unasked is not None and save.at + self.unasked <= now:
                self.finish(self.jobs[save.job])
        return [c for c in self.captures if surt(c.url) == surt(url) and c.listed_at <= now]

    def cdx(self, query):
        rows = self.listed(query["url"])
        if "closest" in query:
            rows.sort(key=lambda c: apart(c.timestamp, query["closest"].ljust(14, "0")))
        limit = int(query.get("limit", 0))
        rows = rows[:limit] if limit > 0 else rows[limit:] if limit else rows
        fields = query.get("fl", "urlkey,timestamp,original,mimetype,statuscode,digest,length").split(",")
        cells = [[{"urlkey": surt(c.url), "timestamp": c.timestamp, "original": c.url, "mimetype": c.kind,
                   "statuscode": str(c.status), "digest": c.digest, "length": "1000"}[f] for f in fields] for c in rows]
        lines = [json.dumps(row) for row in ([fields] if cells else []) + cells]
        return 200, {"Content-Type": "text/x-ndjson"}, ("[" + ",\n".join(lines) + "]\n").encode()

    def availability(self, query):
        rows = [] if query["url"].startswith("https://") else self.listed(query["url"])
        answer = {"url": query["url"], "archived_snapshots": {}}
        if rows:
            near = query.get("timestamp", "99991231235959").ljust(14, "0")
            best = min(rows, key=lambda c: apart(c.timestamp, near))
            answer["archived_snapshots"]["closest"] = {
                "available": True, "status": str(best.status), "timestamp": best.timestamp,
                "url": f"http://web.archive.org/web/{best.timestamp}/{best.url}"}
        return 200, JSON, json.dumps(answer).encode()

    def replay(self, path):
        stamp, _, url = path.removeprefix("/web/").partition("/")
        if stamp == "*":
            return 200, HTML, b"<html>calendar</html>"
        stamp = stamp.rstrip("id_")
        rows = self.listed(url)
        if not rows:
            return 404, {**HTML, "x-ts": "404"}, b"<html>The Wayback Machine has not archived that URL.</html>"
        exact = [c for c in rows if c.timestamp == stamp]
        if exact:
            return self.memento(exact[0])
        within = [c for c in rows if c.timestamp.startswith(stamp)]
        best = within[-1] if len(stamp) < 14 and within else min(rows, key=lambda c: apart(c.timestamp, stamp.ljust(14, "0"))) \
            if len(stamp) >= 4 else rows[-1]
        return 302, {"Location": f"https://web.archive.org/web/{best.timestamp}id_/{best.url}",
                     "X-Archive-Redirect-Reason": f"found capture at {best.timestamp}"}, b""

    def memento(self, capture):
        at = email.utils.format_datetime(time_of(capture.timestamp), usegmt=True)
        headers = [("Content-Type", capture.kind), ("Memento-Datetime", at), ("x-ts", str(capture.status)),
                   ("Link", f'<{capture.url}>; rel="original"')]
        return capture.status, headers, capture.body

    def timemap(self, path):
        url = path.split("/", 4)[4]
        lines = [f'<{url}>; rel="original",'] + [
            f'<https://web.archive.org/web/{c.timestamp}/{c.url}>; rel="memento"; '
            f'datetime="{email.utils.format_datetime(time_of(c.timestamp), usegmt=True)}",' for c in self.listed(url)]
        return 200, {"Content-Type": "application/link-format"}, "\n".join(lines).encode()

    def submit(self, handler, form):
        if handler.headers.get("Authorization") != "LOW %s:%s" % KEYS:
            return ANSWERS["unknown keys"]()
        assert "capture_all" not in form, form
        url = form["url"]
        recent = [s for s in self.saves if s.url == url]
        with self.lock:
            self.taken += 1
            job = "spn2-" + hashlib.sha1(f"{url} {len(self.saves)}".encode()).hexdigest()
            self.saves.append(Save(job, url, time.monotonic()))
            self.jobs[job] = {"url": url, "asked": 0}
        return 200, JSON, json.dumps({"url": url, "job_id": job,
                                      **({"message": "The same snapshot had been made"} if recent else {})}).encode()

    def job(self, job_id):
        job = self.jobs.get(job_id)
        if job is None:
            return 404, JSON, b'{"message":"no such job"}'
        job["asked"] += 1
        if job["asked"] <= self.pending:
            return 200, JSON, json.dumps({"status": "pending", "job_id": job_id, "resources": []}).encode()
        if job["url"] in self.verdicts:
            return 200, JSON, json.dumps({"status": "error", "job_id": job_id, **self.verdicts[job["url"]]}).encode()
        self.finish(job)
        return 200, JSON, json.dumps({"status": "success", "job_id": job_id, "original_url": job["url"],
                                      "timestamp": job["timestamp"], "duration_sec": 3.1, "http_status": 200,
                                      "resources": [job["url"]], "outlinks": {}}).encode()

    def user(self):
        counted = 0 if self.count_lags else self.taken
        return 200, JSON, json.dumps({"available": self.available, "processing": 0, "daily_captures": counted,
                                      "daily_captures_limit": self.limit}).encode()

    def answer(self, handler, lane, path, form):
        path, _, query = path.partition("?") if lane != "replay" else (path, "", "")
        if lane == "cdx":
            return self.timemap(path) if path.startswith("/web/timemap/") else self.cdx(dict(urllib.parse.parse_qsl(query)))
        if lane == "availability":
            return self.availability(dict(urllib.parse.parse_qsl(query)))
        if lane == "replay":
            return self.replay(path)
        if lane == "save":
            return self.submit(handler, form)
        if handler.headers.get("Authorization") != "LOW %s:%s" % KEYS:
            return ANSWERS["unknown keys"]()
        last = path.rsplit("/", 1)[-1]
        return self.user() if last == "user" else (200, JSON, b'{"status":"ok"}') if last == "system" else self.job(last)

    @staticmethod
    def lane_of(method, path):
        if path.startswith(("/cdx/", "/web/timemap/")):
            return "cdx"
        if path.startswith("/wayback/available"):
            return "availability"
        if path.startswith("/save/status"):
            return "status"
        return "save" if path.startswith("/save") else "replay"

    def scripted(self, lane, url):
        """What is to be done instead; None: nothing."""
        for key, what in list(self.misbehave.items()):
            name, part = key if isinstance(key, tuple) else (key, "")
            if name != lane or part not in url:
                continue
            if isinstance(what, list):
                what = what.pop(0) if what else None
            if what is not None:
                return what
        return None

    def out_of_patience(self, lane, status):
        """Who goes on asking in the pause of a 429 is shut out, each time for twice as long. Availability is another host."""
        if lane == "availability":
            return
        now = time.monotonic()
        with self.lock:
            if self.last_429 is not None and now - self.last_429 < self.pause:
                self.ignored += 1
            if status == 429:
                self.last_429 = now
            if self.patience is None or self.ignored < self.patience:
                return
            self.ignored, seconds = 0, self.closed_for
            self.closed_for *= 2
        threading.Thread(target=self.shut, args=(seconds,), daemon=True).start()

    def _handler(self):
        archive = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                at = time.monotonic()
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                form = dict(urllib.parse.parse_qsl(body))
                lane = archive.lane_of(self.command, self.path)
                what = archive.scripted(lane, urllib.parse.unquote(self.path) + " " + form.get("url", ""))
                usual = lambda: archive.answer(self, lane, self.path, form)
                answer = None
                if what is None:
                    answer = usual()
                elif callable(what):
                    answer = what(self, usual)
                    if isinstance(answer, Spoiled):
                        what, answer = answer, None
                elif what in ANSWERS:
                    answer = ANSWERS[what]()
                status = answer[0] if answer else 0
                archive.log.append(Asked(at, lane, self.command, self.path, status))
                archive.out_of_patience(lane, status)
                try:
                    if answer:
                        self.give(*answer)
                    else:
                        self.spoil(what, usual)
                except OSError:
                    self.close_connection = True

            do_POST = do_GET

            def give(self, status, headers, body, length=None):
                self.send_response(status)
                for name, value in headers.items() if isinstance(headers, dict) else headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)

            def spoil(self, what, usual):
                self.close_connection = True
                if what == "silence":
                    return
                if what == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    return
                status, headers, body = usual()
                if what == "stall":
                    self.give(status, headers, b"", len(body) + 1)
                    self.wfile.flush()
                    time.sleep(20)
                else: # cut: whole by its length, half by its content
                    self.give(status, headers, body[:len(body) // 2])

            def log_message(self, *_):
                pass

        return Handler


def double_gzip(_, usual):
    """A capture as replay gives some: coded, with an empty Content-Encoding before the one that says so."""
    status, headers, body = usual()
    if status != 200:
        return status, headers, body
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    return status, [("content-encoding", ""), *pairs, ("Content-Encoding", "gzip")], gzip.compress(body)


def cut_rows(_, usual):
    """An index that forgets: nothing, though there is something."""
    return 200, JSON, b"[]"


def false_empty(_, usual):
    return 200, JSON, b'{"archived_snapshots": {}}'
