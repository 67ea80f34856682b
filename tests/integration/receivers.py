"""Who is told, in the tests: a scripted webhook receiver and a scripted mail server, both of them node processes."""
import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/integration"
SECRET = "whsec_c2FtcGxlLXNlY3JldC1mb3ItdGhlLXRlc3RzLTAwMQ=="
OLD_SECRET = "whsec_dGhlLXNlY3JldC1iZWZvcmUtdGhpcy1vbmUtMDAwMQ=="


class Node:
    """`received` gives what came so far, a dictionary each."""

    def __init__(self, script, log, *words):
        self.log = log
        self.process = subprocess.Popen(["node", str(HERE / script), *words], stdout=subprocess.PIPE, text=True,
                                        cwd=ROOT / "tests")
        self.port = int(re.search(r"\d+", self.process.stdout.readline())[0])

    def received(self):
        if not self.log.exists():
            return []
        whole, _, _ = self.log.read_text().rpartition("\n")  # behind it a line that is being written
        return [json.loads(line) for line in whole.splitlines()]

    def close(self):
        self.process.kill()
        self.process.communicate()


class Receiver(Node):
    """Verifies with the npm packages standardwebhooks and svix; `script`: see receiver.mjs."""

    def __init__(self, folder, script=None, secret=SECRET, name="received"):
        log = folder / f"{name}.jsonl"
        super().__init__("receiver.mjs", log, secret, str(log), json.dumps(script or [200]))
        self.url = f"http://127.0.0.1:{self.port}"

    def config(self, events, name="receiver", path="/hook", extra="max_per_hour = 0"):
        return f'''[[webhook]]
name = "{name}"
url = "{self.url}{path}"
secret = "{SECRET}"
events = {json.dumps(events)}
{extra}
'''

    def at(self, path):
        return [r for r in self.received() if r["path"] == path]


class MailServer(Node):
    def __init__(self, folder, **script):
        log = folder / "mails.jsonl"
        super().__init__("smtp.mjs", log, str(log), json.dumps(script))


def certificate(folder, name="localhost"):
    """A key and a certificate that nobody trusts unless told so."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(cert)],
                   check=True, capture_output=True)
    return str(key), str(cert)
