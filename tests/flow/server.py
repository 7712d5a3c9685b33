#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# A source on a bad day: an HTTPS server on loopback whose fault is chosen by the path, and a small CONNECT proxy.
# For tests only. It ends with the process that started it, and after TIME_LIMIT at the latest.
"""server.py --files DIR --state DIR

Makes a CA and a certificate in the state directory, listens on ports that the system chooses, and writes there:
  ca.pem     the CA that signed the server's certificate       other.pem  a CA that signed nothing
  ports      https=N proxy=N guarded=N hang=N noise=N, one a line;
             guarded is a proxy for user:secret alone, hang accepts and never speaks, noise speaks something that is
             not TLS
  requests   each request line and its headers, as received    proxied    each CONNECT line and its headers
  answers    each answer's status and path
Then it prints "ready" on its standard output and closes it, so that a test can wait without sleeping.

Paths (FILE is in the files directory):
  /ok/FILE  /gzip/FILE  /chunked/FILE       the file, plain, compressed, in chunks
  /close/FILE                               the whole file without any length, ended with the connection
  /status/NNN  /status/NNN/SECONDS          a status with a body; with Retry-After
  /first/N/NNN/SECONDS/FILE                 N times a status, with Retry-After unless SECONDS is 0, then the file
  /news/KIND/FILE                           the file with an ETag or Last-Modified or both (KIND: etag, modified,
                                            both), or 304 to who has it already
  /header/NAME/VALUE/FILE                   the file with one more header, its value in percent encoding
  /endless-status/NNN                       a status whose body does not end
  /redirect/N/FILE                          N redirects, then the file
  /redirect-http  /redirect-file            a redirect to http:, to file:
  /redirect-to/ADDRESS                      a redirect to an address in percent encoding
  /endless-trailers/FILE  /long-header      headers without end behind the file, and a header of a megabyte
  /no-http                                  an answer that is none
  /truncate/N/FILE                          Content-Length of the whole, N bytes sent
  /chunk-cut/FILE  /close-cut/FILE          half of it, then the connection ends (the latter without end of TLS)
  /gzip-truncate/FILE                       compressed, and cut before its Content-Length
  /gzip-damaged/FILE                        compressed, with damage inside
  /encoding/NAME/FILE                       the file, said to be encoded as NAME
  /stall  /stall-body/FILE  /slow/FILE      no answer; half of it and no more; a byte now and then
  /endless  /gzip-bomb                      no end; 4 GiB of zeros in a few MB
  /html  /json                              a 200 that is a login page, an error
  /cut-error/FILE                           half of it, then an error of the server's appended, with status 200
  /reset  /reset-body/FILE                  the connection is reset, before and amid the answer
"""
import argparse
import collections
import email.utils
import gzip
import hashlib
import http.server
import os
import signal
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import threading
import urllib.parse
import zlib

TIME_LIMIT = 300
# Long enough that every time-out under test comes first, short enough that threads end with the test.
STALL = 60


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def make_certificates(state):
    def path(name):
        return os.path.join(state, name)

    for name in ("ca", "other"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=rmd test " + name, "-keyout", path(name + ".key"), "-out", path(name + ".pem"))
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout", path("server.key"), "-out", path("server.csr"))
    with open(path("server.ext"), "w", encoding="ascii") as text:
        text.write("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", path("server.ext"), "-out", path("server.pem"))


class Source(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files = state = None
    wait = threading.Event()
    asked = collections.Counter()

    def log_message(self, *arguments):
        pass

    def log_request(self, code="-", size="-"):
        with open(os.path.join(self.state, "answers"), "a", encoding="utf-8") as log:
            log.write("%d %s\n" % (code, self.path))

    def file(self, name):
        with open(os.path.join(self.files, os.path.basename(name)), "rb") as data:
            return data.read()

    def head(self, status=200, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Type", "text/csv")
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length is None and headers.get("Transfer_Encoding") is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def send(self, body, status=200, **headers):
        self.head(status, len(body), **headers)
        self.wfile.write(body)

    def chunk(self, body):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))

    def drop(self, reset=False):
        """Ends the connection without a word of TLS."""
        self.close_connection = True
        self.wfile.flush()
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
        else:
            raw = socket.socket(fileno=self.connection.detach())
            raw.shutdown(socket.SHUT_RDWR)
            raw.close()

    def do_GET(self):
        with open(os.path.join(self.state, "requests"), "a", encoding="utf-8") as log:
            log.write(self.requestline + "\n" + str(self.headers))
        word, *rest = self.path.lstrip("/").split("/")
        fault = getattr(self, "path_" + word.replace("-", "_"), None)
        try:
            if fault is None:
                self.send(b"no such path\n", 404)
            else:
                fault(*rest)
        except FileNotFoundError:
            self.send(b"no such file\n", 404)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def path_ok(self, name):
        self.send(self.file(name))

    def path_gzip(self, name):
        if "gzip" not in self.headers.get("Accept-Encoding", ""):
            self.send(b"gzip was not asked for\n", 406)
            return
        self.send(gzip.compress(self.file(name)), Content_Encoding="gzip")

    def path_chunked(self, name):
        body = self.file(name)
        self.head(Transfer_Encoding="chunked")
        for i in range(0, len(body), 1000):
            self.chunk(body[i:i + 1000])
        self.wfile.write(b"0\r\n\r\n")

    def path_close(self, name):
        self.head()
        self.wfile.write(self.file(name))

    def path_status(self, status, seconds=None):
        headers = {"Retry_After": seconds} if seconds else {}
        self.send(b"a page that says what went wrong\n", int(status), **headers)

    def path_first(self, count, status, seconds, name):
        self.asked[self.path] += 1
        if self.asked[self.path] <= int(count):
            self.path_status(status, seconds if seconds != "0" else None)
        else:
            self.path_ok(name)

    def path_news(self, kind, name):
        body = self.file(name)
        headers = {}
        if kind in ("etag", "both"):
            headers["ETag"] = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        if kind in ("modified", "both"):
            changed = os.stat(os.path.join(self.files, os.path.basename(name))).st_mtime
            headers["Last_Modified"] = email.utils.formatdate(changed, usegmt=True)
        if "ETag" in headers:
            known = self.headers["If-None-Match"] == headers["ETag"]
        else:
            known = self.headers["If-Modified-Since"] == headers["Last_Modified"]
        if known:
            self.send_response(304)
            self.end_headers()
        else:
            self.send(body, **headers)

    def path_header(self, header, value, name):
        self.send(self.file(name), **{header.replace("-", "_"): urllib.parse.unquote(value, "latin-1")})

    def path_endless_status(self, status):
        self.head(int(status))
        while True:
            self.wfile.write(b"no end of excuses\n" * 1000)

    def path_redirect(self, count, name):
        left = int(count)
        to = "/redirect/%d/%s" % (left - 1, name) if left > 1 else "/ok/" + name
        self.send(b"elsewhere\n", 302, Location=to)

    def path_redirect_http(self):
        self.send(b"elsewhere\n", 302, Location="http://localhost:%d/ok/rmd.csv" % self.server.server_port)

    def path_redirect_file(self):
        self.send(b"elsewhere\n", 302, Location="file:///etc/passwd")

    def path_redirect_to(self, address):
        self.send(b"elsewhere\n", 302, Location=urllib.parse.unquote(address))

    def path_endless_trailers(self, name):
        self.head(Transfer_Encoding="chunked")
        self.chunk(self.file(name))
        self.wfile.write(b"0\r\n")
        while True:
            self.wfile.write(b"X-More: of it\r\n" * 1000)

    def path_long_header(self):
        self.send(b"", X_Long="x" * (1 << 20))

    def path_no_http(self):
        self.wfile.write(b"what you asked for\r\n\r\n")
        self.close_connection = True

    def path_truncate(self, count, name):
        body = self.file(name)
        self.head(length=len(body))
        self.wfile.write(body[:int(count)])
        self.close_connection = True

    def path_chunk_cut(self, name):
        body = self.file(name)
        self.head(Transfer_Encoding="chunked")
        self.chunk(body[:len(body) // 2])
        self.close_connection = True

    def path_close_cut(self, name):
        body = self.file(name)
        self.head()
        self.wfile.write(body[:len(body) // 2])
        self.drop()

    def path_gzip_truncate(self, name):
        body = gzip.compress(self.file(name))
        self.head(length=len(body), Content_Encoding="gzip")
        self.wfile.write(body[:len(body) // 2])
        self.close_connection = True

    def path_gzip_damaged(self, name):
        body = bytearray(gzip.compress(self.file(name)))
        for i in range(len(body) // 2, len(body) // 2 + 16):
            body[i] ^= 0xff
        self.send(bytes(body), Content_Encoding="gzip")

    def path_encoding(self, encoding, name):
        self.send(self.file(name), Content_Encoding=encoding)

    def path_stall(self):
        self.wait.wait(STALL)
        self.close_connection = True

    def path_stall_body(self, name):
        body = self.file(name)
        self.head(length=len(body))
        self.wfile.write(body[:len(body) // 2])
        self.wfile.flush()
        self.wait.wait(STALL)
        self.close_connection = True

    def path_slow(self, name):
        body = self.file(name)
        self.head(length=len(body))
        for i in range(len(body)):
            self.wfile.write(body[i:i + 1])
            if self.wait.wait(0.05):
                break

    def path_endless(self):
        self.head(Transfer_Encoding="chunked")
        while True:
            self.chunk(b"RMD0000001,0000000001,and so on\n" * 2000)

    def path_gzip_bomb(self):
        self.head(Transfer_Encoding="chunked", Content_Encoding="gzip")
        pack = zlib.compressobj(9, zlib.DEFLATED, 31)
        for _ in range(4096):
            if piece := pack.compress(bytes(1 << 20)):
                self.chunk(piece)
        self.chunk(pack.flush())
        self.wfile.write(b"0\r\n\r\n")

    def path_html(self):
        self.send(b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body>Log in</body></html>\n")

    def path_json(self):
        self.send(b'{"error":{"message":"Transaction cancelled: maximum execution time exceeded"},'
                  b'"status":"failure"}\n')

    def path_cut_error(self, name):
        body = self.file(name)
        self.send(body[:len(body) // 2] + b'\n{"error":{"message":"Transaction cancelled"},"status":"failure"}\n')

    def path_reset(self):
        self.drop(reset=True)

    def path_reset_body(self, name):
        body = self.file(name)
        self.head(length=len(body))
        self.wfile.write(body[:len(body) // 2])
        self.drop(reset=True)


class Quiet(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """A client that gives up is what most of the tests are about."""


class SourceServer(Quiet):
    context = None

    def finish_request(self, request, client_address):
        """The handshake is made here, in the connection's thread, so that one that hangs hangs alone."""
        secure = self.context.wrap_socket(request, server_side=True)
        self.server_port = self.server_address[1]
        Source(secure, client_address, self)
        try:
            secure.unwrap()
        except (OSError, ValueError):
            pass


class Proxy(socketserver.StreamRequestHandler):
    state = None
    guarded = False

    def handle(self):
        line = self.rfile.readline().decode("latin-1")
        headers = []
        while (header := self.rfile.readline().decode("latin-1")).strip():
            headers.append(header)
        with open(os.path.join(self.state, "proxied"), "a", encoding="utf-8") as log:
            log.write(line + "".join(headers))
        target = line.split()[1].rsplit(":", 1)
        # dXNlcjpzZWNyZXQ= is user:secret; any other user is refused, and nobody at all where it is guarded.
        user = next((h.split()[-1] for h in headers if h.lower().startswith("proxy-authorization:")), None)
        if user not in ("dXNlcjpzZWNyZXQ=", "dXNlcjpzZWNyZXQ=" if self.guarded else None):
            self.wfile.write(b'HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm="test"\r\n'
                             b"Content-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", int(target[1]))) as onward:
            self.wfile.write(b"HTTP/1.1 200 Go\r\n\r\n")
            back = threading.Thread(target=self.copy, args=(onward, self.connection), daemon=True)
            back.start()
            self.copy(self.connection, onward)
            back.join()

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Guarded(Proxy):
    guarded = True


class Hang(socketserver.BaseRequestHandler):
    def handle(self):
        Source.wait.wait(STALL)


class Noise(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(1024)
        self.request.sendall(b"this is no TLS at all, not even an alert of it\n" * 10)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", required=True)
    parser.add_argument("--state", required=True)
    options = parser.parse_args()
    parent = os.getppid()
    signal.alarm(TIME_LIMIT)
    make_certificates(options.state)
    Source.files, Source.state, Proxy.state = options.files, options.state, options.state
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(options.state, "server.pem"), os.path.join(options.state, "server.key"))
    SourceServer.context = context
    servers = {
        "https": SourceServer(("127.0.0.1", 0), Source),
        "proxy": Quiet(("127.0.0.1", 0), Proxy),
        "guarded": Quiet(("127.0.0.1", 0), Guarded),
        "hang": Quiet(("127.0.0.1", 0), Hang),
        "noise": Quiet(("127.0.0.1", 0), Noise),
    }
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(os.path.join(options.state, "ports"), "w", encoding="ascii") as text:
        text.write("".join("%s=%d\n" % (name, server.server_address[1]) for name, server in servers.items()))
    print("ready", flush=True)
    os.close(sys.stdout.fileno())
    while os.getppid() == parent:
        signal.sigtimedwait([], 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
