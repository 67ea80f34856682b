"""The event log as it grows: long polls and text/event-stream from a running daemon."""
import http.client
import json
import signal
import threading
import time
import unittest

from support import Site, State, entry, feed


class Stream(threading.Thread):
    """Reads text/event-stream as a browser does, until the connection ends."""

    def __init__(self, state, last=None):
        super().__init__(daemon=True)
        self.port, self.last, self.events, self.type = state.port, last, [], None
        self.start()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": self.last} if self.last else {})
        connection.request("GET", "/api/v1/events", headers=headers)
        answer = connection.getresponse()
        self.type = answer.getheader("Content-Type")
        event = {}
        try:
            for line in answer:
                line = line.decode().rstrip("\n")
                if not line and event:
                    self.events.append(event)
                    event = {}
                elif line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    event[name] = value
        except (http.client.HTTPException, OSError):
            pass  # the daemon was killed


class Events(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.publish(1)
        self.state = State({"sample": self.site.url + "/feed/"}, feed_extra="announce = 100\nfetch_articles = false")
        self.addCleanup(self.state.remove)
        self.daemon = None

    def tearDown(self):
        if self.daemon:
            self.daemon.kill()
            self.daemon.communicate()

    def publish(self, count):
        self.site.pages["/feed/"] = feed([entry(self.site.url, number, f"第{number}篇", "正文")
                                          for number in range(count, 0, -1)])

    def log(self):
        return json.loads(self.state.get("/api/v1/events?limit=500")[1])["items"]

    def wait(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def grow(self, count):
        """Polled by hand, which says no while the poll of the start is under way."""
        self.publish(count)
        self.wait(lambda: self.state.run("poll", "sample", "--force").returncode == 0)

    def test_a_long_poll_is_answered_by_the_next_article(self):
        self.daemon = self.state.start()
        self.wait(self.log)
        answers = []
        asking = threading.Thread(target=lambda: answers.append(
            self.state.get("/api/v1/events?after=latest&wait=15s")))
        asking.start()
        time.sleep(0.3)
        self.assertFalse(answers)
        self.grow(2)
        asking.join(20)
        status, body = answers[0]
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(body)["items"][0]["type"], "article.new")

    def test_a_stream_gives_every_event_once_and_in_order_over_a_kill(self):
        self.daemon = self.state.start()
        first = Stream(self.state)
        self.grow(3)
        self.wait(lambda: len([e for e in first.events if e["event"] == "article.new"]) == 3)
        self.assertEqual(first.type, "text/event-stream")
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.communicate()
        first.join(20)
        self.assertFalse(first.is_alive())
        self.publish(6)
        self.daemon = self.state.start()
        second = Stream(self.state, first.events[-1]["id"])
        self.grow(6)
        self.wait(lambda: len([e for e in second.events if e["event"] == "article.new"]) == 3)
        self.wait(lambda: len(first.events) + len(second.events) == len(self.log()))
        told = [json.loads(event["data"]) for event in first.events + second.events]
        self.assertEqual(told, self.log())
        self.assertEqual([event["id"] for event in first.events + second.events], [event["id"] for event in told])

    def test_the_end_of_the_program_is_the_end_of_the_stream(self):
        self.daemon = self.state.start()
        stream = Stream(self.state)
        self.wait(lambda: stream.events)
        seconds, code, _ = self.state.stop(self.daemon)
        self.daemon = None
        self.assertEqual(code, 0)
        self.assertLess(seconds, 10)
        stream.join(20)
        self.assertFalse(stream.is_alive())


if __name__ == "__main__":
    unittest.main(verbosity=2)
