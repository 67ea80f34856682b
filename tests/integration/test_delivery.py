"""Who is told gets what the rules say: scripted receivers, over restarts and kill -9. Times are only waited for, never
asserted on, but where the rule is that something does not happen sooner."""
import contextlib
import json
import re
import signal
import socket
import ssl
import threading
import time
import unittest

from evidence import days_on
from receivers import OLD_SECRET, SECRET, Receiver, certificate
from support import Site, State, entry, feed, free_port, sanitized

QUICK = '[delivery]\nretry = ["200ms", "300ms", "400ms", "500ms", "600ms", "700ms"]\n'
ONE_FEED = 'fetch_articles = false\nannounce = 100000'


class TlsServer:
    """Shakes hands with a certificate that nobody trusts, and counts what was said behind that."""

    def __init__(self, folder):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        key, cert = certificate(folder, "elsewhere.example")
        context.load_cert_chain(cert, key)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard = []

        def serve():
            while True:
                try:
                    connection, _ = self.socket.accept()
                except OSError:
                    return
                with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                    self.heard.append(secure.recv(4096))

        threading.Thread(target=serve, daemon=True).start()


class Base(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.state = State({"paper": self.site.url + "/feed/"})
        self.addCleanup(self.state.remove)
        self.entries = []

    def receiver(self, *args, **more):
        receiver = Receiver(self.state.folder, *args, **more)
        self.addCleanup(receiver.close)
        return receiver

    def configure(self, *blocks):
        self.state.write({"paper": self.site.url + "/feed/"}, "".join(blocks), ONE_FEED)

    def publish(self, count, title="河边日报｜第{}篇"):
        first = len(self.entries) + 1
        self.entries = [entry(self.site.url, n, title.format(n), f"第{n}篇的正文。")
                        for n in range(first, first + count)][::-1] + self.entries
        self.site.pages["/feed/"] = feed(self.entries)

    def start(self, env=None):
        daemon = self.state.start(env)
        self.addCleanup(lambda: daemon.poll() is None and self.state.stop(daemon, signal.SIGKILL))
        return daemon

    def poll(self):
        done = self.state.run("poll", "paper", "--force")
        self.assertEqual(done.returncode, 0, done.stderr)

    def wait(self, condition, seconds=60, what=""):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            result = condition()
            if result:
                return result
            time.sleep(0.05)
        self.fail(f"it did not come to that: {what}\n{self.state.run('webhooks').stdout}{self.state.run('deliveries').stdout}")

    def api(self, path):
        status, body = self.state.get(path)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def endpoint(self, name):
        return {e["name"]: e for e in self.api("/api/v1/webhooks")["items"]}[name]

    def deliveries(self, name):
        """In order, without digests' members."""
        return self.api(f"/api/v1/deliveries?endpoint={name}&limit=500")["items"][::-1]

    def settled(self, name):
        deliveries = self.deliveries(name)
        return all(d["state"] != "pending" for d in deliveries) and deliveries

    def events(self, kind):
        return [e for e in self.api("/api/v1/events?limit=500")["items"] if e["type"] == kind]


class Answers(Base):
    def test_every_kind_of_answer_gets_what_the_rules_say(self):
        receiver = self.receiver({
            "/ok": [200], "/later-s3cret": [500, 500, 500, 200], "/gone": [410], "/no": [404],
            "/busy": [{"status": 429, "headers": {"Retry-After": "3"}}, 200], "/late": [503, 200],
            "/hang": [{"hang": True}, 200], "/moved": [{"status": 302, "headers": {"Location": "/elsewhere"}}, 200],
            "/slow": [{"bytes": 400, "slow": 50}], "/huge": [{"bytes": 20_000_000}], "/watch": [200]})
        tls = TlsServer(self.state.folder)
        self.addCleanup(tls.socket.close)
        closed = free_port()
        hooks = [receiver.config(["article.new"], path.strip("/"), path, 'timeout = "2s"\nheaders = { X-Key = "hunter2" }')
                 for path in ("/ok", "/gone", "/no", "/busy", "/late", "/hang", "/moved", "/slow", "/huge")]
        hooks.append(receiver.config(["article.new"], "later", "/later-s3cret"))
        hooks.append(receiver.config(["endpoint.*"], "watch", "/watch"))
        for name, url in (("closed", f"http://127.0.0.1:{closed}/x"), ("tls", f"https://127.0.0.1:{tls.port}/x"),
                          ("private", f"http://127.0.0.2:{receiver.port}/x")):
            hooks.append(receiver.config(["article.new"], name).replace(f"{receiver.url}/hook", url))
        self.publish(1)
        self.configure(QUICK, *hooks)
        daemon = self.start()
        names = ["ok", "gone", "no", "busy", "late", "hang", "moved", "slow", "huge", "later", "closed", "tls", "private"]
        self.wait(lambda: all(self.settled(n) for n in names), 120, "all settled")
        got = {n: self.deliveries(n)[0] for n in names}
        statuses = {n: [a["status"] for a in got[n]["attempts"]] for n in names}
        self.assertEqual(statuses["ok"], [200])
        self.assertEqual(statuses["later"], [500, 500, 500, 200])
        self.assertEqual(statuses["no"], [404, 404, 404])
        self.assertEqual(got["no"]["state"], "failed")
        self.assertEqual(statuses["gone"], [410])
        self.assertEqual(self.endpoint("gone")["state"], "disabled")
        self.assertEqual(statuses["busy"], [429, 200])
        self.assertEqual(statuses["late"], [503, 200])
        self.assertEqual(statuses["moved"], [302, 200])
        self.assertIn("not followed", got["moved"]["attempts"][0]["error"])
        self.assertEqual(receiver.at("/elsewhere"), [])
        self.assertEqual(statuses["hang"], [None, 200])
        self.assertEqual(statuses["slow"], [200])
        self.assertEqual(statuses["huge"], [200])
        self.assertEqual(len(got["huge"]["attempts"][0]["answer"]), 1024)
        for name in ("closed", "tls", "private"):
            self.assertEqual(statuses[name], [None] * 7)
            self.assertEqual(got[name]["state"], "failed")
        self.assertIn("secure connection", got["tls"]["attempts"][0]["error"])
        self.assertEqual([h for h in tls.heard if h], [])
        self.assertIn("is not public", got["private"]["attempts"][0]["error"], "the address policy is that of fetching")

        said = receiver.received()
        self.assertTrue(said and all(r["ok"] for r in said), "both clients verify every attempt")
        later = receiver.at("/later-s3cret")
        self.assertEqual(len({r["id"] for r in later}), 1, "one id over all attempts")
        busy = receiver.at("/busy")
        self.assertGreaterEqual(busy[1]["at"] - busy[0]["at"], 3, "Retry-After is kept to")
        self.assertGreater(busy[1]["timestamp"], busy[0]["timestamp"], "each attempt is signed anew")
        told = self.wait(lambda: receiver.at("/watch"), what="the others are told")
        self.assertEqual(told[0]["type"], "endpoint.disabled")

        shown = self.state.run("webhooks").stdout
        self.assertRegex(shown, r"(?m)^gone .*disabled.*cdtd webhooks enable gone.*410")
        everything = (shown + self.state.run("deliveries").stdout + json.dumps(self.api("/api/v1/webhooks")) +
                      json.dumps(self.api("/api/v1/deliveries?limit=500")) + json.dumps(self.api("/api/v1/status")) +
                      json.dumps(self.api("/api/v1/events?limit=500")) + self.state.stop(daemon)[2])
        for secret in ("s3cret", "hunter2", SECRET, SECRET[6:20]):
            self.assertNotIn(secret, everything)

    def test_who_asks_us_to_slow_down_is_left_alone_as_a_whole(self):
        receiver = self.receiver([{"status": 429, "headers": {"Retry-After": "4"}}, 200])
        self.configure('[delivery]\nretry = ["200ms", "200ms"]\norder_wait = "0s"\n', receiver.config(["*"]))
        self.publish(3)
        self.start()
        self.wait(receiver.received)
        paused = self.wait(lambda: self.endpoint("receiver")["paused_until"], what="paused")
        self.assertIsNotNone(paused)
        self.assertIn("asked us to wait until", self.state.run("webhooks").stdout)
        self.wait(lambda: len(receiver.received()) == 4)
        times = [r["at"] for r in receiver.received()]
        self.assertGreaterEqual(times[1] - times[0], 4, "nothing at all is sent meanwhile, though order_wait is over")

    def test_two_secrets_sign_while_they_are_changed(self):
        new, old = self.receiver(name="new"), self.receiver(secret=OLD_SECRET, name="old")
        both = f'secret_old = "{OLD_SECRET}"\nmax_per_hour = 0'
        self.configure(new.config(["*"], "new", extra=both), old.config(["*"], "old", extra=both))
        self.publish(2)
        self.start()
        for receiver in (new, old):
            self.wait(lambda: len(receiver.received()) == 2)
            self.assertTrue(all(r["ok"] for r in receiver.received()))


class Restarts(Base):
    def test_the_schedule_is_kept_over_kills_and_restarts(self):
        receiver = self.receiver([500, 500, {"hang": True}, 200])
        self.configure('[delivery]\nretry = ["1s", "1s", "1s", "1s"]\n', receiver.config(["article.new"], extra='timeout = "30s"'))
        self.publish(1)
        daemon = self.start()
        for made in (1, 2):
            self.wait(lambda: len(receiver.received()) == made)
            self.wait(lambda: self.state.sql("SELECT count(*) FROM delivery_attempts")[0][0] == made)
            self.state.stop(daemon, signal.SIGKILL)
            daemon = self.start()
        self.wait(lambda: len(receiver.received()) == 3)
        self.state.stop(daemon, signal.SIGKILL)  # in the middle of an attempt: nobody knows, so it is made again
        daemon = self.start()
        self.wait(lambda: self.settled("receiver"))
        delivery = self.deliveries("receiver")[0]
        self.assertEqual([a["status"] for a in delivery["attempts"]], [500, 500, 200])
        self.assertEqual(len({r["id"] for r in receiver.received()}), 1)
        self.assertTrue(all(r["ok"] for r in receiver.received()))
        times = [r["at"] for r in receiver.received()]
        self.assertGreaterEqual(times[1] - times[0], 1)
        took, code, output = self.state.stop(daemon)
        self.assertEqual(code, 0, output)

    def test_kills_in_a_stream_of_events_lose_none_and_keep_the_order(self):
        receiver = self.receiver([{"status": 200, "delay": 5}])
        self.configure(QUICK, receiver.config(["article.new"]))
        self.publish(200)
        daemon = self.start()
        for seen in (10, 60, 120):
            self.wait(lambda: len(receiver.received()) >= seen)
            self.state.stop(daemon, signal.SIGKILL)
            daemon = self.start()
        self.wait(lambda: self.settled("receiver"))
        ids = [r["id"] for r in receiver.received()]
        wanted = [e["id"] for e in self.events("article.new")]
        self.assertEqual(list(dict.fromkeys(ids)), wanted, "each of them, first told in order")
        self.assertLess(len(ids) - len(wanted), 3 * 64, "only what was not committed is told again")

    def test_days_in_which_we_did_not_run_disable_nobody(self):
        receiver = self.receiver([500])
        self.configure(QUICK, receiver.config(["article.new"]))
        self.publish(1)
        daemon = self.start()
        self.wait(lambda: len(self.deliveries("receiver")) and len(self.deliveries("receiver")[0]["attempts"]) >= 2)
        self.state.stop(daemon, signal.SIGKILL)
        self.start(days_on(7))
        self.wait(lambda: self.settled("receiver"))
        self.assertEqual(self.endpoint("receiver")["state"], "failing")
        self.assertEqual(self.events("endpoint.disabled"), [])

    def test_a_failing_event_holds_the_others_back(self):
        receiver = self.receiver([200, 500, 500, 200])
        self.configure(QUICK, receiver.config(["article.new"]))
        self.publish(5)
        self.start()
        self.wait(lambda: self.settled("receiver"))
        wanted = [e["id"] for e in self.events("article.new")]
        self.assertEqual([r["id"] for r in receiver.received()], [wanted[0]] + [wanted[1]] * 3 + wanted[2:])


class Orders(Base):
    def test_disabled_tested_enabled_and_told_again(self):
        receiver = self.receiver({"/hook": [500] * 6 + [200], "/other": [200]})
        self.configure('[delivery]\nretry = ["300ms", "300ms", "300ms", "300ms", "300ms", "300ms"]\ndisable_after = "1s"\n',
                       receiver.config(["article.new"]), receiver.config(["*"], "other", "/other"))
        self.publish(2)
        self.start()
        self.wait(lambda: self.endpoint("receiver")["state"] == "disabled", what="disabled")
        self.assertEqual(self.wait(lambda: self.events("endpoint.disabled"))[0]["data"]["endpoint"]["name"], "receiver")
        self.wait(lambda: any(r["type"] == "endpoint.disabled" for r in receiver.at("/other")))
        failing = receiver.at("/hook")
        for number in range(len(failing), 6):
            tested = self.state.run("webhooks", "test", "receiver")
            self.assertEqual(tested.returncode, 1)
            self.assertIn("answered 500", tested.stderr)
        tested = self.state.run("webhooks", "test", "receiver")
        self.assertEqual((tested.returncode, tested.stderr), (0, ""))
        self.assertRegex(tested.stdout, r"receiver: delivered: 200 in \d+ ms")
        self.assertEqual(self.endpoint("receiver")["state"], "disabled", "a test enables nothing")
        self.assertEqual(receiver.at("/hook")[-1]["type"], "test.ping")
        self.assertNotIn("test.ping", [r["type"] for r in receiver.at("/other")])

        self.assertEqual(self.state.run("webhooks", "enable", "receiver").returncode, 0)
        self.wait(lambda: self.settled("receiver"))
        wanted = [e["id"] for e in self.events("article.new")]
        self.assertEqual([r["id"] for r in receiver.at("/hook") if r["status"] == 200][-2:], wanted)
        self.assertEqual(self.endpoint("receiver")["state"], "ok")
        again = self.state.run("webhooks", "enable", "receiver")
        self.assertEqual(again.returncode, 1)
        self.assertIn("neither disabled nor failing", again.stderr)
        self.assertIn("there is no endpoint", self.state.run("webhooks", "test", "nobody").stderr)

        before = len(receiver.at("/hook"))
        replay = self.state.run("deliveries", "replay", "--endpoint", "receiver", "--since", "1d", "--type", "article.*")
        self.assertEqual((replay.returncode, replay.stdout), (0, "receiver: 2 events are told again\n"))
        self.wait(lambda: len(receiver.at("/hook")) == before + 2)
        self.assertEqual([r["id"] for r in receiver.at("/hook")[-2:]], wanted)
        none = self.state.run("deliveries", "replay", "--endpoint", "receiver", "--since", "1d", "--type", "source.*")
        self.assertEqual(none.stdout, "receiver: 0 events are told again\n")
        self.assertEqual(self.state.run("deliveries", "replay", "--endpoint", "receiver", "--since", "soon").returncode, 2)
        self.assertIn("(replay)", self.state.run("deliveries", "--endpoint", "receiver").stdout)

    def test_what_is_switched_off_and_what_went_stays_quiet(self):
        receiver = self.receiver()
        self.configure(receiver.config(["*"], extra="enabled = false"))
        self.publish(1)
        daemon = self.start()
        self.wait(lambda: self.events("article.new"))
        self.assertIn("enabled = false", self.state.run("webhooks").stdout)
        self.assertIn("off (enabled = false)", self.state.run("webhooks", "test", "receiver").stderr)
        self.configure(receiver.config(["*"]))
        daemon.send_signal(signal.SIGHUP)
        self.wait(lambda: self.endpoint("receiver")["enabled"])
        self.publish(1)
        self.poll()
        self.wait(lambda: len(receiver.received()) == 1)


class Filters(Base):
    def test_types_feeds_and_searches_choose(self):
        receiver = self.receiver()
        self.site.pages["/other/"] = feed([entry(self.site.url, 900, "别的报纸｜渡船", "渡船停了。")])
        hooks = [receiver.config(events, name, "/" + name, f"max_per_hour = 0\n{extra}")
                 for name, events, extra in (("kinds", ["feed.*", "article.*"], ""), ("sources", ["source.*"], ""),
                                             ("feeds", ["*"], 'feeds = ["other"]'), ("ferry", ["*"], 'match = "渡船 -停工"'),
                                             ("title", ["*"], 'match = "title:渡船"'))]
        feeds = {"paper": self.site.url + "/feed/", "other": self.site.url + "/other/"}
        self.state.write(feeds, "".join(hooks), ONE_FEED)
        self.entries = [entry(self.site.url, 1, "河边日报｜渡船", "渡船与停工。"), entry(self.site.url, 2, "河边日报｜桥", "没有渡船。"),
                        entry(self.site.url, 3, "河边日报｜桥", "只有桥。")]
        self.site.pages["/feed/"] = feed(self.entries)
        self.start()
        self.wait(lambda: len(self.events("article.new")) == 4)
        self.wait(lambda: len(receiver.at("/kinds")) >= 4 and all(self.settled(n) for n in ("kinds", "feeds", "ferry", "title")))

        def told(name):
            ids = {e["id"]: e["data"]["article"]["url"].rsplit("/", 1)[1] for e in self.events("article.new")}
            return sorted(ids[r["id"]] for r in receiver.at("/" + name) if r["type"] == "article.new")

        self.assertEqual(told("kinds"), ["1.html", "2.html", "3.html", "900.html"])
        self.assertEqual(told("sources"), [])
        self.assertEqual(told("feeds"), ["900.html"])
        self.assertEqual(told("ferry"), ["2.html", "900.html"])
        self.assertEqual(told("title"), ["1.html", "900.html"])
        replay = self.state.run("deliveries", "replay", "--endpoint", "ferry", "--since", "1d")
        self.assertEqual(replay.stdout, "ferry: 2 events are told again\n", "by the same filters")


class Failures(Base):
    def test_an_article_of_which_nothing_can_be_had_is_told_once(self):
        receiver = self.receiver()
        self.site.pages["/feed/"] = feed([f"<item><title>河边日报｜空的</title><link>{self.site.url}/chinese/1.html</link></item>"])
        self.state.write({"paper": self.site.url + "/feed/"},
                         '[archive]\nretry = ["1s", "1s"]\n' + receiver.config(["article.*"]), "announce = 9")
        self.start()
        self.wait(lambda: self.events("article.failed"), what="given up")
        self.wait(lambda: len([a for a in self.site.asked if a.path == "/chinese/1.html"]) >= 4)
        self.assertEqual(len(self.events("article.failed")), 1)
        self.site.pages["/chinese/1.html"] = "<html><body><article><p>{}</p></article></body></html>".format("它还是来了。" * 60).encode()
        self.wait(lambda: self.api("/api/v1/articles/1")["state"] != "failed", what="it came after all")
        self.assertEqual([r["type"] for r in receiver.received()][:2], ["article.new", "article.failed"])


class Bursts(Base):
    def test_past_the_limit_one_digest_and_no_flood(self):
        receiver = self.receiver()
        self.configure(receiver.config(["article.new"], extra="max_per_hour = 3"), receiver.config(["*"], "other", "/other"))
        self.publish(40)
        self.start()
        self.wait(lambda: len(receiver.at("/other")) == 40)
        self.wait(lambda: len(receiver.at("/hook")) == 3)
        self.assertIn("a digest: over 3 in this hour", self.state.run("webhooks").stdout)
        self.wait(lambda: len(receiver.at("/hook")) == 4, what="the digest")
        self.assertEqual([r["type"] for r in receiver.at("/hook")], ["article.new"] * 3 + ["digest"])
        digest = self.events("digest")[0]["data"]
        articles = self.events("article.new")
        self.assertEqual([e["id"] for e in digest["events"]], [e["id"] for e in articles[3:23]])
        self.assertEqual(digest["events"][0]["title"], articles[3]["data"]["article"]["title"])
        self.assertEqual(digest["more"], 17)
        self.wait(lambda: self.settled("receiver"))
        self.assertTrue(all(r["ok"] for r in receiver.received()))
        tested = self.state.run("webhooks", "test", "receiver")
        self.assertEqual(tested.returncode, 0, "a test passes the limit")
        self.publish(2)
        self.poll()
        self.wait(lambda: len(receiver.at("/other")) == 42, what="what has no limit goes on")
        time.sleep(1)
        self.assertEqual(len(receiver.at("/hook")), 5, "not before there is room again")
        self.assertEqual(self.endpoint("receiver")["waiting"], 2)

    def test_once_leaves_nothing_behind(self):
        receiver = self.receiver()
        self.configure(receiver.config(["article.new"], extra="max_per_hour = 2"))
        self.publish(5)
        self.state.once()
        self.assertEqual([r["type"] for r in receiver.received()], ["article.new"] * 2 + ["digest"])


class Chats(Base):
    def test_each_service_gets_its_message_and_no_secret_is_told(self):
        receiver = self.receiver({"/T0/B0/k3y": [400], "/bot123:t0ken/sendMessage": [{"status": 429}, 200]})
        url_file, token = self.state.folder / "url", self.state.folder / "token"
        url_file.write_text(receiver.url + "/T0/B0/k3y\n")
        token.write_text("123:t0ken\n")
        self.configure(QUICK, f'''[[webhook]]
name = "slack"
format = "slack"
url_file = "{url_file}"
[[webhook]]
name = "telegram"
format = "telegram"
url = "{receiver.url}"
secret_file = "{token}"
to = "-1001"
[[webhook]]
name = "ntfy"
format = "ntfy"
url = "{receiver.url}/ferry"
[[webhook]]
name = "matrix"
format = "matrix"
url = "{receiver.url}"
secret = "syt_m4trix"
to = "!room:example.org"
''')
        self.publish(1, "【404文库】河边日报｜第{}篇 A &amp;amp; B")
        daemon = self.start()
        names = ("slack", "telegram", "ntfy", "matrix")
        self.wait(lambda: all(self.settled(n) for n in names))
        event = self.events("article.new")[0]
        by_path = {r["path"]: r for r in receiver.received()}
        telegram = json.loads(by_path["/bot123:t0ken/sendMessage"]["body"])
        self.assertEqual(telegram["chat_id"], "-1001")
        self.assertIn("【404文库】河边日报｜第1篇 A &amp; B", telegram["text"])
        self.assertEqual(json.loads(by_path["/"]["body"])["topic"], "ferry")
        matrix = by_path[f"/_matrix/client/v3/rooms/%21room%3Aexample.org/send/m.room.message/{event['id']}"]
        self.assertEqual(matrix["method"], "PUT")
        self.assertIn("第1篇", json.loads(matrix["body"])["body"])
        self.assertEqual(len(receiver.at("/T0/B0/k3y")), 3, "a no is a no at the third time")
        output = self.state.stop(daemon)[2]
        everything = output + self.state.run("webhooks").stdout + self.state.run("deliveries", "--json").stdout
        for secret in ("k3y", "t0ken", "m4trix"):
            self.assertNotIn(secret, everything)


class Programs(Base):
    def test_a_program_gets_the_event_and_its_status_is_the_answer(self):
        told, script = self.state.folder / "told", self.state.folder / "on article"
        script.write_text(f'''#!/bin/sh
n=$(ls "{self.state.folder}" | grep -c ^try)
touch "{self.state.folder}/try$n"
echo "try $n of $CDTD_EVENT_TYPE for $CDTD_ENDPOINT"
[ "$n" -ge 2 ] || exit 7
cat > "{told}"
''')
        script.chmod(0o755)
        stuck = self.state.folder / "stuck"
        stuck.write_text("#!/bin/sh\nsleep 300 & sleep 300\n")
        stuck.chmod(0o755)
        self.configure('[delivery]\nretry = ["200ms", "200ms"]\n', f'''[[exec]]
name = "bot"
command = ["{script}", "$(touch {self.state.folder}/never)"]
[[exec]]
name = "stuck"
command = ["{stuck}"]
timeout = "500ms"
[[exec]]
name = "absent"
command = ["/nonexistent/program"]
''')
        self.publish(1)
        daemon = self.start()
        self.wait(lambda: all(self.settled(n) for n in ("bot", "stuck", "absent")))
        self.assertFalse((self.state.folder / "never").exists(), "no shell reads the arguments")
        bot = self.deliveries("bot")[0]
        self.assertEqual([a["status"] for a in bot["attempts"]], [7, 7, 0])
        self.assertEqual(bot["attempts"][0]["answer"], "try 0 of article.new for bot\n")
        event = self.events("article.new")[0]
        body = json.loads(told.read_text())
        self.assertEqual((body["type"], body["data"]["article"]["url"]),
                         (event["type"], event["data"]["article"]["url"]))
        stuck_one = self.deliveries("stuck")[0]
        self.assertEqual([a["status"] for a in stuck_one["attempts"]], [None] * 3)
        self.assertIn("killed", stuck_one["attempts"][0]["error"])
        self.assertIn("No such file", self.deliveries("absent")[0]["attempts"][0]["error"])
        took, code, output = self.state.stop(daemon)
        self.assertEqual(code, 0, output)
        self.assertLess(took, 8)


class Many(Base):
    COUNT = 10_000

    def memory(self, daemon):
        with open(f"/proc/{daemon.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])

    def test_a_slow_and_a_dead_endpoint_hold_the_fast_one_up_in_nothing(self):
        receiver = self.receiver({"/fast": [200], "/slow": [{"status": 200, "delay": 300}]})
        dead = f"http://127.0.0.1:{free_port()}"
        self.configure(receiver.config(["article.new"], "fast", "/fast"), receiver.config(["article.new"], "slow", "/slow"),
                       receiver.config(["article.new"], "dead", "/dead").replace(receiver.url, dead))
        self.publish(self.COUNT)
        daemon = self.start()
        count = "SELECT count(*) FROM events WHERE type = 'article.new'"
        self.wait(lambda: self.state.sql(count)[0][0] == self.COUNT, 300, "all stored")
        began, least = time.monotonic(), self.memory(daemon)
        most = least

        def all_told():
            nonlocal most
            most = max(most, self.memory(daemon))
            return self.endpoint("fast")["waiting"] == 0

        self.wait(all_told, 300, "the fast one has them all")
        print(f"\n{self.COUNT} events told to the fast endpoint within {time.monotonic() - began:.1f} s of being stored; "
              f"memory {least // 1024} to {most // 1024} MiB", flush=True)
        fast = receiver.at("/fast")
        self.assertEqual([r["id"] for r in fast], [row[0] for row in self.state.sql("SELECT id FROM events ORDER BY seq")])
        self.assertTrue(all(r["ok"] for r in fast))
        if not sanitized(daemon.pid):
            self.assertLess(most - least, 32 * 1024, "memory does not grow with what waits")
        self.assertGreater(self.endpoint("slow")["waiting"], 0)
        self.assertEqual(self.endpoint("dead")["waiting"], self.COUNT)
        attempts = self.state.sql("SELECT count(*) FROM delivery_attempts a JOIN deliveries d ON d.id = a.delivery "
                                  "WHERE d.endpoint = 'dead'")[0][0]
        self.assertLess(attempts, 10, "a dead endpoint is asked by the schedule, not by the number of events")
        shown = self.state.run("webhooks").stdout
        self.assertRegex(shown, rf"(?m)^dead .*failing +{self.COUNT} .*connect")
        took, code, output = self.state.stop(daemon)
        self.assertEqual(code, 0, output[-2000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
