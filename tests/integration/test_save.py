"""Saving sources in the Wayback Machine: Save Page Now is a stand-in with all that it is known to answer."""
import datetime
import json
import random
import signal
import sqlite3
import time
import unittest

import evidence
from originals import Originals, article, html
from test_wayback import NEWS, PAGE, Case
from test_watch import SOURCE, TEXT, VIOLATION, notice
from wayback import KEYS

HOUR = 3600


class Save(Case):
    def begin_saving(self, *sources, save="missing", more="", keys=KEYS, poll="60s", **how):
        how.setdefault("wayback", "")
        self.begin(*sources, **how)
        for name, key in zip(("access", "secret"), keys):
            (self.state.folder / name).write_text(key + "\n")
        self.save, self.more = save, more
        text = self.state.config.read_text().replace(
            "[wayback]\n", f'[wayback]\nsave = "{save}"\naccess_key_file = "{self.state.folder}/access"\n'
            f'secret_key_file = "{self.state.folder}/secret"\nsave_per_minute = 600\nsave_poll = "{poll}"\n{more}\n')
        self.state.config.write_text(text)

    def step(self, times=1):
        """The next step of every save is due."""
        for _ in range(times):
            with sqlite3.connect(self.state.dir / "cdtd.db") as db:
                db.execute("UPDATE saves SET due_at = 0 WHERE due_at IS NOT NULL")
            self.state.once()

    def saved(self, url=SOURCE):
        return self.known(url)["save"]

    def posts(self):
        return self.archive.asked("save")

    def assert_keys_are_nowhere(self, *outputs):
        for path in [p for p in self.state.dir.rglob("*") if p.is_file()]:
            data = path.read_bytes()
            if path.name.endswith(".gz"):
                data = b"".join(json.dumps(evidence.record(path, at)[0]).encode() + evidence.record(path, at)[1]
                                for at, _ in evidence.members(path))
            for word in (*KEYS, "LOW "):
                self.assertNotIn(word.encode(), data, path)
        for output in outputs:
            for word in (*KEYS, "LOW "):
                self.assertNotIn(word, output)

    def test_from_missing_to_archived(self):
        self.begin_saving(SOURCE, NEWS + "1", extra='[watch]\nenabled = false\n')
        self.archive.put(NEWS + "1", "20261117080000", PAGE)
        self.archive.lag = 3600
        done = self.state.once()
        self.assertIn("1 pages submitted to the Wayback Machine", done.stdout)
        save = self.saved()
        self.assertEqual((save["state"], save["job_id"]), ("submitted", self.archive.saves[0].job))
        self.assertIsNone(self.known(NEWS + "1")["save"]) # it is there already
        self.step()
        self.assertEqual(self.saved()["state"], "submitted") # pending
        self.step()
        self.assertEqual(self.saved()["state"], "captured")
        self.assertEqual(self.known()["state"], "not_archived") # they say so; it is not listed
        at = datetime.datetime.fromisoformat(self.saved()["next_try_at"].replace("Z", "+00:00"))
        wait = (at - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        self.assertTrue(580 < wait < 620, wait)
        self.step() # not yet
        self.assertEqual((self.saved()["state"], self.known()["state"]), ("captured", "not_archived"))
        self.archive.captures = [c._replace(listed_at=0) for c in self.archive.captures]
        self.step()
        self.assertEqual((self.saved()["state"], self.known()["state"]), ("verified", "archived"))
        self.assertIsNone(self.saved()["next_try_at"])
        self.assertEqual([data["source"]["url"] for data in self.told()], [NEWS + "1", SOURCE])
        self.assertEqual(len(self.posts()), 1)
        # The quota was asked for each time anew, and nobody is asked for ever.
        self.assertIn("/save/status/user?_t=", self.archive.asked("status")[0].path)
        asked = len(self.archive.log)
        self.step()
        self.assertEqual(len(self.archive.log), asked)
        self.assert_keys_are_nowhere(done.stdout, done.stderr, self.state.run("check").stdout)
        text = self.state.run("lookup", SOURCE).stdout
        self.assertIn("verified", text)

    def test_a_job_survives_a_kill_between_submission_and_answer(self):
        self.begin_saving(SOURCE, wayback='pause = "1s"')

        def held(_, usual):
            answer = usual() # it was taken
            time.sleep(2)
            return answer

        self.archive.misbehave["save"] = [held]
        daemon = self.start()
        self.wait(lambda: self.archive.saves)
        daemon.send_signal(signal.SIGKILL)
        daemon.communicate(timeout=30)
        self.assertEqual(self.state.sql("SELECT state, job_id FROM saves"), [("submitting", "")])
        time.sleep(1.2) # the answer that was swallowed may have been a 429
        self.step()
        save = self.saved()
        self.assertEqual((save["state"], save["job_id"]), ("submitted", None))
        self.assertIn("the index will tell", save["error"])
        self.step(2) # it is not listed yet
        self.archive.put(SOURCE, datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S"), article(TEXT))
        self.step()
        self.assertEqual((self.saved()["state"], self.known()["state"]), ("verified", "archived"))
        self.wait(lambda: self.posts()) # the stand-in notes it when it has answered
        self.assertEqual((len(self.posts()), len(self.archive.saves)), (1, 1))

    def test_kills_at_random_moments_submit_nothing_twice(self):
        sources = [f"{NEWS}{n}" for n in range(5)]
        self.begin_saving(*sources, more="save_concurrent = 3", poll="1s", wayback='pause = "1s"')
        dice, forms = random.Random(3), []

        def slow(_, usual):
            forms.append(time.monotonic())
            time.sleep(dice.random() * 0.6)
            answer = usual()
            time.sleep(dice.random() * 0.6)
            return answer

        self.archive.misbehave["save"], self.archive.unasked = slow, 1.0
        for n in range(8):
            daemon, before = self.start(), len(forms)
            deadline = time.monotonic() + 1 + dice.random() * 3
            while time.monotonic() < deadline and (n % 2 or len(forms) == before): # every other time with a form on its way
                time.sleep(0.02)
            daemon.send_signal(signal.SIGKILL)
            daemon.communicate(timeout=30)
        self.archive.misbehave.clear()
        self.assertTrue(self.state.sql("SELECT 1 FROM saves WHERE submitted_at IS NOT NULL AND job_id = ''"))
        time.sleep(1.2)
        for _ in range(4):
            self.step(2)
            self.again()
        urls = [save.url for save in self.archive.saves]
        self.assertEqual(len(urls), len(set(urls)), urls)
        self.assertEqual({state for state, in self.state.sql("SELECT state FROM saves")}, {"verified"})
        self.assertEqual(set(self.states().values()), {"archived"})
        self.assertEqual(len(self.told()), len(sources))
        self.assert_pace("save", 600)

    def test_what_was_lost_for_good_is_submitted_again_after_the_index_was_asked_four_times(self):
        self.begin_saving(SOURCE)
        self.archive.misbehave["save"] = ["reset"]
        self.state.once()
        self.assertEqual((len(self.posts()), self.saved()["state"]), (1, "submitted"))
        for looks in range(4):
            self.assertEqual(len(self.posts()), 1)
            self.step()
        self.assertEqual(self.saved()["state"], "waiting")
        self.step()
        self.assertEqual((len(self.posts()), self.saved()["state"]), (2, "submitted"))

    def test_the_quota_is_never_overrun(self):
        sources = [f"{NEWS}{n}" for n in range(6)]
        self.begin_saving(*sources, more="save_concurrent = 100")
        self.archive.limit, self.archive.taken, self.archive.available = 6, 2, 100
        # Two were somebody else's, and from now on their count stands still.
        taken = self.archive.taken
        self.archive.user = lambda: (200, {"Content-Type": "application/json"}, json.dumps(
            {"available": 100, "processing": 0, "daily_captures": taken, "daily_captures_limit": 6}).encode())
        self.state.once()
        self.assertEqual(len(self.archive.saves), 4)
        self.step(2)
        self.assertEqual(len(self.archive.saves), 4)
        waiting = self.state.json("status")["queue"]["save_page"]["waiting"]
        self.assertEqual(waiting, 6)
        self.assertEqual(self.state.sql("SELECT young FROM save_holds"), [(1,)])

    def test_a_tenth_is_kept_for_what_is_younger_than_a_day(self):
        self.begin_saving(*(f"{NEWS}{n}" for n in range(4)), more="save_concurrent = 100")
        self.archive.limit, self.archive.taken = 20, 17
        self.archive.misbehave["cdx"] = "503"
        self.state.once()
        with sqlite3.connect(self.state.dir / "cdtd.db") as db: # two of them are known for long
            db.execute(f"UPDATE articles SET first_seen_at = first_seen_at - {30 * HOUR * 1000000} WHERE id <= 2")
        self.archive.misbehave.clear()
        self.again()
        urls = [save.url for save in self.archive.saves]
        old = [url for url, in self.state.sql("SELECT url FROM saves WHERE known_at < "
                                              f"{int((time.time() - 24 * HOUR) * 1000000)}")]
        self.assertEqual(len(old), 2)
        self.assertEqual((len(urls), set(urls) & set(old)), (2, set()))
        self.assertEqual(self.state.sql("SELECT young FROM save_holds"), [(0,)])

    def test_errors_by_their_class(self):
        answers = {"error:not-found": "failed", "error:bad-gateway": "waiting", "error:too-many-daily-captures": "waiting",
                   "error:no-such-word": "failed"}
        sources = {f"{NEWS}{n}": word for n, word in enumerate(answers)}
        self.begin_saving(*sources, more="save_concurrent = 100")
        self.archive.pending = 0
        self.archive.verdicts = {url: {"status_ext": word, "message": "words of theirs"} for url, word in sources.items()}
        self.state.once()
        self.step()
        for url, word in sources.items():
            save = self.saved(url)
            self.assertEqual(save["state"], answers[word], word)
            self.assertIn("words of theirs", save["error"])
            self.assertIsNotNone(save["next_try_at"])
        self.assertEqual(len(self.archive.saves), 4) # and none of them is hot
        self.state.once()
        self.assertEqual(len(self.archive.saves), 4)

    def test_what_the_form_is_answered(self):
        cases = {"already": lambda *_: (200, {}, json.dumps({"url": "x", "job_id": None, "message": "The same snapshot had "
                                                             "been made 7 hours ago."}).encode()),
                 "said": lambda *_: (200, {}, json.dumps({"status": "error", "status_ext": "error:blocked-url",
                                                          "message": "not this one"}).encode()),
                 "busy": lambda *_: (200, {}, b'{"message":"You have already reached the limit of active sessions."}'),
                 "page": "page", "nothing": "nothing", "cut": "cut", "502": lambda *_: (502, {}, b""), "504": "504"}
        self.begin_saving(*(f"{NEWS}{name}" for name in cases), more="save_concurrent = 100")
        for name, what in cases.items():
            self.archive.misbehave["save", f"bridge-{name}"] = what
        self.state.once()
        states = {name: self.saved(NEWS + name)["state"] for name in cases}
        # What may have been taken is looked for first; a clear no comes again by its class.
        self.assertEqual(states, {"already": "submitted", "said": "failed", "busy": "waiting", "page": "submitted",
                                  "nothing": "submitted", "cut": "submitted", "502": "waiting", "504": "submitted"})
        self.assertEqual(len(self.posts()), len(cases))

    def test_a_429_and_keys_that_nobody_knows(self):
        self.begin_saving(SOURCE, keys=("someone", "elses"))
        done = self.state.once()
        self.assertEqual((len(self.posts()), self.saved()["state"]), (0, "waiting"))
        self.assertIn("access_key_file", self.state.sql("SELECT reason FROM save_holds")[0][0])
        self.assertNotIn("elses", done.stdout + done.stderr)
        for name, key in zip(("access", "secret"), KEYS):
            (self.state.folder / name).write_text(key)
        with sqlite3.connect(self.state.dir / "cdtd.db") as db:
            db.execute("DELETE FROM save_holds")
        self.archive.misbehave["save"] = ["429"]
        self.state.once()
        self.assertEqual((len(self.posts()), self.saved()["state"]), (1, "waiting"))
        self.assertIn("429", self.state.json("status")["paused"][0]["reason"])
        asked = len(self.archive.log)
        self.step()
        self.assertEqual(len(self.archive.log), asked) # the pause
        self.forget_pauses()
        self.step()
        self.assertEqual((len(self.posts()), self.saved()["state"]), (2, "submitted"))

    def test_no_more_at_once_than_allowed_and_so_many_a_minute(self):
        self.begin_saving(*(f"{NEWS}{n}" for n in range(5)), more="save_concurrent = 2", poll="1s")
        self.state.config.write_text(self.state.config.read_text().replace("save_per_minute = 600", "save_per_minute = 60"))
        self.archive.pending = 2
        open_at_once, seen = [], self.archive.submit

        def counting(handler, form):
            open_at_once.append(1 + sum("timestamp" not in job for job in self.archive.jobs.values()))
            return seen(handler, form)

        self.archive.submit = counting
        daemon = self.start()
        self.wait(lambda: len(self.archive.saves) == 5, 90, lambda: str(self.archive.log))
        self.state.stop(daemon)
        self.assertLessEqual(max(open_at_once), 2)
        self.assert_pace("save", 60)
        self.assert_pace("status", 60)

    def test_what_is_gone_is_not_saved(self):
        originals = Originals()
        self.addCleanup(originals.close)
        originals.forward = {"https://web.archive.org": self.archive.web.port, "https://archive.org": self.archive.main.port}
        self.begin_saving(SOURCE, web="https://web.archive.org", main="https://archive.org", http_extra=originals.config(),
                          extra='[watch]\nenabled = true\nconfirm = 1\n')
        originals.pages[SOURCE] = html(notice(VIOLATION))
        self.state.once()
        self.step()
        self.assertEqual(self.posts(), [])

    def test_always_saves_articles_too(self):
        self.begin_saving(SOURCE, save="always", more="save_concurrent = 100")
        self.archive.put(SOURCE, "20261117080000", article(TEXT))
        self.state.once()
        page = self.state.json("articles")["items"][0]["url"]
        self.assertEqual({save.url for save in self.archive.saves}, {SOURCE, page})
        self.step(3)
        self.assertEqual(self.state.sql("SELECT state FROM saves"), [("verified",), ("verified",)])
        self.assertEqual(len(self.archive.saves), 2)
        self.assertEqual(self.state.json("lookup", page)["wayback"]["save"]["state"], "verified")


if __name__ == "__main__":
    unittest.main()
