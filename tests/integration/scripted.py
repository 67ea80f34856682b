"""What the tests of polling share: a feed document with validators, a blog that pages, and a test case that cleans up."""
import datetime
import json
import signal
import threading
import time
import unittest

from support import Site, State, feed

BEGIN = datetime.datetime(2026, 11, 10, tzinfo=datetime.timezone.utc)


def rfc822(minutes):
    return (BEGIN + datetime.timedelta(minutes=minutes)).strftime("%a, %d %b %Y %H:%M:%S +0000")


def item(base, number, title=None, text=None, minutes=None, guid=None, link=None):
    """An entry as WordPress writes it; a higher number is a later one unless `minutes` says otherwise. guid "" = none."""
    title = f"河边闲话｜第{number}回" if title is None else title
    text = f"第{number}回说的是渡口的船。" if text is None else text
    link = f"{base}/chinese/{number}.html" if link is None else link
    guid = f"{base}/chinese/?p={number}" if guid is None else guid
    named = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    return (f"<item><title>{title}</title><link>{link}</link>"
            f"<pubDate>{rfc822(number if minutes is None else minutes)}</pubDate>{named}"
            f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>")


class Document:
    """A feed document behind a path: 304 where a validator matches, else 200 with the validators and headers set here.
    `answer`, where it is set, goes before all that: (status, headers, body)."""

    def __init__(self, body, etag=None, modified=None, headers=None):
        self.body, self.etag, self.modified, self.headers = body, etag, modified, headers or {}
        self.answer = None

    def validators(self):
        named = {"ETag": self.etag, "Last-Modified": self.modified}
        return {name: value for name, value in named.items() if value is not None}

    def __call__(self, request):
        if self.answer:
            return self.answer
        headers = {**self.validators(), **self.headers}
        name, held = ("If-None-Match", self.etag) if self.etag else ("If-Modified-Since", self.modified)
        if held is not None and request.headers.get(name) == held:
            return 304, headers, b""
        return 200, headers, self.body


class Blog:
    """A WordPress blog: the feed shows `size` posts, ?paged=N the older ones, past the end 404. `before` is called with the
    page's number before it is answered."""

    def __init__(self, site, size=15, path="/feed/"):
        self.site, self.size, self.path = site, size, path
        self.posts, self.pages_asked, self.before = [], [], None
        self.lock = threading.Lock()
        site.other = self

    def publish(self, *numbers, **how):
        with self.lock:
            for number in numbers:
                self.posts.insert(0, (number, item(self.site.url, number, **how)))

    def remove(self, number):
        with self.lock:
            self.posts = [post for post in self.posts if post[0] != number]

    def __call__(self, request):
        path, _, query = request.path.partition("?")
        if path != self.path:
            return 404, {}, b"not here"
        page = int(query.removeprefix("paged=")) if query.startswith("paged=") else 1
        self.pages_asked.append(page)
        if self.before:
            self.before(page)
        with self.lock:
            shown = [text for _, text in self.posts[(page - 1) * self.size:page * self.size]]
        return (200, {}, feed(shown)) if shown else (404, {}, b"no such page")


class Case(unittest.TestCase):
    def site(self, address="127.0.0.1"):
        site = Site(address)
        self.addCleanup(site.close)
        return site

    def state(self, feeds, extra="", feed_extra="", http_extra=""):
        """Pages are not fetched and there is no jitter unless `feed_extra` says so; intervals are a second's."""
        if "fetch_articles" not in feed_extra:
            feed_extra += "\nfetch_articles = false"
        if "jitter" not in feed_extra:
            feed_extra += "\njitter = 0.0"
        if "interval" not in feed_extra:
            feed_extra += '\ninterval = "1s"'
        state = State(feeds, extra, feed_extra, http_extra)
        self.addCleanup(state.remove)
        return state

    def start(self, state):
        daemon = state.start()
        self.addCleanup(self.end, daemon)
        return daemon

    @staticmethod
    def end(daemon):
        if daemon.poll() is None:
            daemon.kill()
        daemon.communicate()

    def kill(self, daemon):
        daemon.send_signal(signal.SIGKILL)
        daemon.communicate(timeout=30)

    def restart(self, state, daemon):
        """As after a power cut."""
        self.kill(daemon)
        return self.start(state)

    def wait(self, condition, seconds=20, words="it did not come to pass"):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.05)
        self.fail(words() if callable(words) else words)

    def feed(self, state, name="sample"):
        return next(f for f in state.json("feeds")["items"] if f["name"] == name)

    def bound(self, state, kind, name="sample"):
        """The bound of this kind; None where there is none. Holds every list of bounds to its rules on the way."""
        told = self.feed(state, name)
        bounds = told["bounds"]
        winners = [b for b in bounds if b["won"]]
        self.assertEqual(len(winners), 1, bounds)
        self.assertEqual(winners[0]["until"], told["next_poll_at"])
        self.assertEqual(max(time_of(b["until"]) for b in bounds), time_of(told["next_poll_at"]))
        return next((b for b in bounds if b["kind"] == kind), None)

    def wait_of(self, state, kind, name="sample"):
        """How many seconds after the last request this bound ends."""
        bound = self.bound(state, kind, name)
        self.assertIsNotNone(bound, f"no bound {kind}: {self.feed(state, name)['bounds']}")
        return time_of(bound["until"]) - time_of(self.feed(state, name)["last_poll_at"])

    def events(self, state, kind=None):
        """Through the API of the running daemon, else from the database; oldest first."""
        told = []
        try:
            after = ""
            while True:
                status, body = state.get("/api/v1/events?limit=500" + after)
                self.assertEqual(status, 200, body)
                page = json.loads(body)
                told += page["items"]
                if not page["items"] or not page.get("next"):
                    break
                after = "&cursor=" + page["next"]
        except OSError:
            told = [{"type": kind, "data": json.loads(data)}
                    for kind, data in state.sql("SELECT type, data FROM events ORDER BY seq")]
        return [event for event in told if kind in (None, event["type"])]

    def told_as_new(self, state):
        return sorted(event["data"]["article"]["post_id"] for event in self.events(state, "article.new"))

    def posts(self, state):
        """Post ids of every article held."""
        return sorted(article["post_id"] for article in self.articles(state))

    def articles(self, state):
        return state.json("articles", "--limit", "500")["items"]


class Hold:
    """Keeps one page's first answer back until it is let go."""

    def __init__(self, page):
        self.page, self.reached, self.go = page, threading.Event(), threading.Event()

    def __call__(self, page):
        if page == self.page and not self.reached.is_set():
            self.reached.set()
            self.go.wait(20)


class First:
    """Does something once, before this page is answered for the first time."""

    def __init__(self, page, act):
        self.page, self.act = page, act

    def __call__(self, page):
        if page == self.page and self.act:
            act, self.act = self.act, None
            act()


class Walking(Case):
    def setUp(self):
        self.server = self.site()
        self.blog = Blog(self.server)

    def sample(self, **how):
        return self.state({"sample": self.server.url + "/feed/"}, **how)

    def known(self, count):
        """A state that has seen `count` posts, of which the feed shows the last ones."""
        self.blog.publish(*range(1, count + 1))
        state = self.sample()
        state.once()
        self.blog.pages_asked.clear()
        return state

    def walk(self, state, kind):
        return next((w for w in self.feed(state)["walks"] if w["kind"] == kind), None)

    def wait_for_walk(self, state, kind, seconds=30):
        self.wait(lambda: (self.walk(state, kind) or {}).get("state") == "done", seconds, lambda: str(self.walk(state, kind)))

    def assert_told_once_each(self, state, first, last):
        self.assertEqual(self.told_as_new(state), list(range(first, last + 1)))


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def http_date(seconds_from_now):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_from_now)
    return when.strftime("%a, %d %b %Y %H:%M:%S GMT")
