"""Stand-ins for the sites that articles cite, on loopback: a proxy that answers for them under their real names, over TLS
with certificates of its own authority (`ca_file`)."""
import http.client
import http.server
import pathlib
import ssl
import subprocess
import tempfile
import threading
import typing
import urllib.error
import urllib.parse
import urllib.request

WEIXIN = "https://mp.weixin.qq.com"
HOSTS = ["mp.weixin.qq.com", "weibo.com", "passport.weibo.com", "m.weibo.cn", "douban.com", "www.douban.com", "news.example.org",
         "web.archive.org", "archive.org"]


class Wanted(typing.NamedTuple):
    url: str
    headers: dict


def notice(text, icon="weui-icon-warn weui-icon_msg"):
    """WeChat's interstitial: status 200, and this instead of the article."""
    return (f'<!DOCTYPE html><html><head><title></title></head><body><div class="weui-msg"><div class="weui-msg__icon-area">'
            f'<i class="{icon}"></i></div><div class="weui-msg__text-area"><h2 class="weui-msg__title">{text}</h2></div></div>'
            "</body></html>").encode()


def article(text):
    """An article as WeChat shows it."""
    return (f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>桥</title></head><body>'
            f'<h1 id="activity-name">桥</h1><div id="js_content"><p>{text}</p></div></body></html>').encode()


def page(title, text):
    return f"<!doctype html><html><head><title>{title}</title></head><body><p>{text}</p></body></html>".encode()


def html(body, status=200, **headers):
    return status, {"Content-Type": "text/html; charset=utf-8", **headers}, body


def lead_to(url):
    return 302, {"Location": url}, b""


class Originals:
    """`pages`: by URL without query what is answered: (status, headers, body), or a function of what was wanted."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="cdtd-originals-")
        self.pages, self.asked = {}, []
        self.forward = {} # by origin: the port of a stand-in on loopback that answers for it
        context = self._certify(pathlib.Path(self.folder.name))
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            tunnel = ""

            def do_CONNECT(self):
                self.send_response(200, "Connection established")
                self.end_headers()
                self.tunnel = "https://" + self.path.removesuffix(":443")
                try:
                    self.connection = context.wrap_socket(self.connection, server_side=True)
                except (OSError, ssl.SSLError):
                    self.close_connection = True
                    return
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
                self.close_connection = False

            def finish(self):
                super().finish()
                self.connection.close() # of TLS: the server closes the one beneath it

            def do_GET(self):
                if self.tunnel in site.forward:
                    return self.relay(site.forward[self.tunnel])
                url = self.tunnel + self.path
                site.asked.append(Wanted(url, dict(self.headers)))
                if url.startswith("http://127.0.0.1:"): # the feed's own site
                    return self.pass_on(url)
                answer = site.pages.get(urllib.parse.urldefrag(url)[0].split("?")[0], (404, {}, b"not here"))
                if callable(answer):
                    answer = answer(site.asked[-1])
                if answer is None: # no answer at all
                    self.close_connection = True
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def relay(self, port):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                relayed = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                relayed.request(self.command, self.path, body, dict(self.headers))
                answer = relayed.getresponse()
                body = answer.read()
                relayed.close()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("date", "server"):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def pass_on(self, url):
                site.asked.pop()
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                try:
                    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
                        status, given, body = answer.status, answer.headers, answer.read()
                except urllib.error.HTTPError as error:
                    status, given, body = error.code, error.headers, error.read()
                self.send_response(status)
                for name in ("Content-Type", "ETag"):
                    if given[name]:
                        self.send_header(name, given[name])
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _certify(self, folder):
        """An authority, and one certificate of it for all the names."""
        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

        (folder / "names").write_text("subjectAltName=" + ",".join("DNS:" + host for host in HOSTS))
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=cdtd tests")
        openssl("req", *key, "-keyout", "site.key", "-out", "site.csr", "-subj", "/CN=" + HOSTS[0])
        openssl("x509", "-req", "-in", "site.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
                "-extfile", "names", "-out", "site.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "site.pem", folder / "site.key")
        return context

    def config(self):
        """For [http]."""
        return f'proxy = "http://127.0.0.1:{self.server.server_port}"\nca_file = "{self.folder.name}/ca.pem"\n'

    def count(self, url):
        return sum(wanted.url.split("?")[0] == url for wanted in self.asked)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()
