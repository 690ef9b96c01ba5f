"""Receives the desk's webhooks and takes only what the desk has signed. Put TLS in front of it."""

import base64
import hmac
import os
import time
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
LARGEST = 20_000


def is_from_the_desk(head: Message, body: bytes) -> bool:
    sent_at = head.get("webhook-timestamp", "")
    signed = f"{head.get('webhook-id')}.{sent_at}.".encode() + body
    right = b"v1," + base64.b64encode(hmac.digest(KEY, signed, "sha256"))
    given = head.get("webhook-signature", "").encode().split()
    is_fresh = sent_at.isdecimal() and abs(time.time() - int(sent_at)) < 300
    return is_fresh and any(hmac.compare_digest(right, one) for one in given)


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        body = self.rfile.read(min(int(length), LARGEST)) if length.isdecimal() else b""
        is_ours = is_from_the_desk(self.headers, body)
        if is_ours:
            # A message may come twice: take each webhook-id only once.
            print(self.headers["webhook-id"], body.decode(), flush=True)
        self.send_response(204 if is_ours else 401)
        self.end_headers()


port = int(os.environ.get("PORT", "8080"))
ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
