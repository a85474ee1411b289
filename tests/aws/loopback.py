"""A small HTTP/1.1 server on 127.0.0.1, on a port that the operating system chooses and the first line of output tells."""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import struct
import sys
from typing import Any

from botocore.awsrequest import HeadersDict

import lifeline
from wire import Answer, Request, as_json


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that a client gave up are daily business; anything else is a bug of ours and goes to the log."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def control(self, request: Request) -> Any:
        """The test's own questions, by path; None where the request is meant for AWS."""
        raise NotImplementedError

    def answer(self, request: Request) -> Answer | None:
        """None when the connection was dealt with otherwise (see `Handler.drop`)."""
        raise NotImplementedError

    def run(self) -> None:
        lifeline.hold()
        print(f"listening on http://127.0.0.1:{self.server_address[1]}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            self.serve_forever()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one piece each; without this every small answer waits 40 ms for the peer's delayed ACK.
    disable_nagle_algorithm = True
    server: Server

    def _any(self) -> None:
        request = Request(self.command, self.path, HeadersDict(self.headers.items()), self._body(), self)
        said = self.server.control(request)
        if said is not None:
            body = json.dumps(as_json(said)).encode()
            self._send(Answer(200, {"Content-Type": "application/json"}, body))
            return
        answer = self.server.answer(request)
        if answer is not None:
            self._send(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _any

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, answer: Answer, length: int | None = None) -> None:
        self.send_response_only(answer.status)
        headers = {"Date": self.date_time_string(), "Content-Length": str(len(answer.body) if length is None else length)}
        headers |= {key: value for key, value in answer.headers.items() if key.lower() not in HOP_BY_HOP}
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def half(self, answer: Answer) -> None:
        """Promises the whole answer, sends half of it, and hangs up."""
        self._send(Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2]), length=max(len(answer.body), 2))
        self.wfile.flush()
        self.drop(reset=False)

    def drop(self, *, reset: bool) -> None:
        """Ends the connection without a further byte; with `reset`, by RST instead of FIN."""
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # The files hold the socket open; only the last close sends the RST.
            self.rfile.close()
            self.wfile.close()
            self.connection.close()
        else:
            self.connection.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        if not self.wfile.closed:
            super().finish()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Every request is in the server's own log; standard error is for what went wrong."""


HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "keep-alive", "server"}
