"""Events by mail, to a real SMTP server on loopback (npm: smtp-server), read back with Python's own mail reader."""
import email
import email.policy
import json
import re
import socket
import unittest

from receivers import MailServer, certificate
from support import entry, feed
from test_delivery import ONE_FEED, QUICK, Base


class Mail(Base):
    def server(self, **script):
        server = MailServer(self.state.folder, **script)
        self.addCleanup(server.close)
        return server

    def mailed(self, server, extra="", url=None, to=("desk@paper.example",), trust=None, blocks="", timeout="5s"):
        block = f'''{QUICK}{blocks}
[email]
smtp_url = "{url or f"smtp://localhost:{server.port}"}"
from = "渡口档案 <cdtd@paper.example>"
to = {json.dumps(list(to))}
events = ["article.*", "endpoint.*"]
timeout = "{timeout}"
{extra}
'''
        http = f'ca_file = "{trust}"' if trust else ""
        self.state.write({"paper": self.site.url + "/feed/"}, block, ONE_FEED, http)

    def mails(self, server):
        return [email.message_from_bytes(m["text"].encode("latin1"), policy=email.policy.default) for m in server.received()]

    def test_a_chinese_title_arrives_over_tls_with_login_and_in_a_thread(self):
        key, cert = certificate(self.state.folder)
        password = self.state.folder / "password"
        password.write_text("hunter2-pässwörd\n")
        server = self.server(tls=[key, cert], implicit=True, user="desk@paper.example", password="hunter2-pässwörd")
        self.mailed(server, f'password_file = "{password}"', f"smtps://desk%40paper.example@localhost:{server.port}", trust=cert)
        self.publish(1, "河边日报｜渡船为什么停了，又为什么在第二天的早上七点重新开了（{}）")
        daemon = self.start()
        self.wait(lambda: len(server.received()) == 1)
        self.entries = [entry(self.site.url, 1, "【404文库】河边日报｜渡船为什么停了", "第1篇的正文。")]
        self.site.pages["/feed/"] = feed(self.entries)
        self.poll()
        self.wait(lambda: len(server.received()) >= 2)
        raw = server.received()[0]
        self.assertEqual((raw["from"], raw["to"], raw["user"], raw["secure"]),
                         ("cdtd@paper.example", ["desk@paper.example"], "desk@paper.example", True))
        first, later = self.mails(server)[0], self.mails(server)[-1]
        for mail in (first, later):
            self.assertEqual(mail.defects, [])
            self.assertEqual(mail["From"].addresses[0].display_name, "渡口档案")
            self.assertEqual(mail["List-Id"], "cdtd <cdtd.paper.example>")
            self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(first["Subject"], "New article: 河边日报｜渡船为什么停了，又为什么在第二天的早上七点重新开了（1）")
        self.assertIn("第1篇的正文。", first.get_body(("plain",)).get_content())
        self.assertRegex(first.get_body(("html",)).get_content(), r'<a href="https://[^"]*/chinese/1.html">河边日报')
        self.assertEqual(later["Subject"], "Marked 404: the original is gone: 【404文库】河边日报｜渡船为什么停了")
        self.assertEqual(later["References"], first["Message-ID"])
        self.assertEqual(later["In-Reply-To"], first["Message-ID"])
        delivery = self.deliveries("email")[0]
        self.assertEqual(delivery["attempts"][0]["status"], 250)
        output = self.state.stop(daemon)[2]
        self.assertNotIn("hunter2", output + self.state.run("deliveries", "--json").stdout)

    def test_starttls_is_used_and_without_it_nothing_is_sent(self):
        key, cert = certificate(self.state.folder)
        server = self.server(tls=[key, cert])
        self.mailed(server, trust=cert)
        self.publish(1)
        self.start()
        self.wait(lambda: self.settled("email"))
        self.assertEqual([m["secure"] for m in server.received()], [True])

    def test_a_server_without_tls_gets_nothing_unless_told_so(self):
        server = self.server()
        self.mailed(server)
        self.publish(1)
        self.state.once()
        self.assertEqual(server.received(), [])
        error = self.state.json("deliveries")["items"][0]["attempts"][0]["error"]
        self.assertRegex(error, r"(?i)ssl|tls")
        self.mailed(server, 'tls = "optional"')
        self.start()
        self.wait(lambda: len(server.received()) == 1)
        self.assertFalse(server.received()[0]["secure"])

    def test_a_certificate_that_nobody_trusts_gets_nothing(self):
        server = self.server(tls=certificate(self.state.folder), implicit=True)
        self.mailed(server, url=f"smtps://localhost:{server.port}")
        self.publish(1)
        self.state.once()
        self.assertEqual(server.received(), [])
        self.assertIn("certificate", self.state.json("deliveries")["items"][0]["attempts"][0]["error"])

    def test_later_is_later_and_no_is_no(self):
        server = self.server(replies=[[451, "4.3.0 later"], None])
        self.mailed(server, 'tls = "optional"')
        self.publish(1)
        self.start()
        self.wait(lambda: self.settled("email"))
        delivery = self.deliveries("email")[0]
        self.assertEqual([a["status"] for a in delivery["attempts"]], [451, 250])
        self.assertIn("later", delivery["attempts"][0]["answer"])
        self.assertEqual(len({re.search("X-Cdtd-Event: (.*)", m["text"])[1] for m in server.received()}), 1)

    def test_one_that_is_refused_for_good_fails_at_the_third_attempt(self):
        server = self.server(replies=[[554, "5.7.1 no"]])
        self.mailed(server, 'tls = "optional"')
        self.publish(1)
        self.start()
        self.wait(lambda: self.settled("email"))
        delivery = self.deliveries("email")[0]
        self.assertEqual((delivery["state"], [a["status"] for a in delivery["attempts"]]), ("failed", [554] * 3))

    def test_one_wrong_address_keeps_the_letter_from_nobody_else(self):
        server = self.server(refuse=["nobody@paper.example"])
        self.mailed(server, 'tls = "optional"', to=("Desk <desk@paper.example>", "nobody@paper.example"))
        self.publish(1)
        self.start()
        self.wait(lambda: self.settled("email"))
        self.assertEqual(server.received()[0]["to"], ["desk@paper.example"])
        self.assertEqual(self.mails(server)[0]["To"], "undisclosed-recipients:;")
        attempt = self.deliveries("email")[0]["attempts"][0]
        self.assertIn("nobody of this name", attempt["error"])

    def test_a_server_that_says_nothing_holds_no_end_up(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        self.mailed(None, 'tls = "optional"', url=f"smtp://127.0.0.1:{silent.getsockname()[1]}", timeout="60s")
        self.publish(1)
        daemon = self.start()
        connection, _ = silent.accept()
        with connection:
            took, code, output = self.state.stop(daemon)
        self.assertEqual(code, 0, output)
        self.assertLess(took, 8)
        self.assertEqual(self.state.json("deliveries")["items"][0]["attempts"], [], "nothing was said, so nothing is noted")

    def test_the_operator_is_told_of_an_endpoint_that_was_disabled(self):
        server = self.server()
        self.site.pages["/hook"] = lambda request: (410, {}, b"gone")
        self.mailed(server, 'tls = "optional"', blocks=f'''[[webhook]]
name = "newsroom"
url = "{self.site.url}/hook"
secret = "whsec_c2FtcGxlLXNlY3JldC1mb3ItdGhlLXRlc3RzLTAwMQ=="
''')
        self.publish(1)
        self.start()
        told = self.wait(lambda: [m for m in self.mails(server) if "Endpoint disabled" in m["Subject"]])[0]
        self.assertEqual(told["Subject"], "Endpoint disabled: newsroom")
        self.assertIn("cdtd webhooks enable newsroom", told.get_body(("plain",)).get_content())


if __name__ == "__main__":
    unittest.main(verbosity=2, defaultTest="Mail")
